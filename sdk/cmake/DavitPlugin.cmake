# SPDX-License-Identifier: Apache-2.0
# davit_add_plugin(): builds a plugin of davit as the host wants it, in the tree and from an installed SDK.
#
#   davit_add_plugin(NAME MANIFEST plugin.json SOURCES file... [LIBRARIES library...] [DIRECTORY folder])
#
# Makes the target davit-plugin-NAME: the library that the manifest names for this platform and,
# beside it, plugin.json, in <build>/lib/davit/plugins/NAME; installs both into lib/davit/plugins/NAME.
# With DIRECTORY they go to folder/NAME instead and are not installed (for tests).
#
# Sources find the manifest, byte for byte, in the generated header "davit_manifest.h":
# `static const char davit_manifest[]`, for C99 and C++.
#
# The library exports davit_plugin_v1 alone. RTLD_LOCAL keeps a plugin's symbols from others, but not
# the host's from the plugin: without the export list, a plugin that brings its own copy of a library
# which the host has too would silently use the host's. The list also makes GNU's unique symbols local,
# which would be shared between plugins.
include_guard(GLOBAL)

# The keys under "library" that fit this platform, best first.
function(_davit_platform_keys out)
  set(system ${CMAKE_SYSTEM_NAME})
  string(TOLOWER "${system}" system)
  if(system STREQUAL "darwin")
    set(system macos)
  endif()
  string(TOLOWER "${CMAKE_SYSTEM_PROCESSOR}" processor)
  if(processor STREQUAL "amd64")
    set(processor x86_64)
  elseif(processor STREQUAL "arm64")
    set(processor aarch64)
  endif()
  set(${out} ${system}-${processor} ${system} PARENT_SCOPE)
endfunction()

# Member `key` of the manifest, a string that matches `pattern`, in `out`.
function(_davit_manifest_string out json key pattern)
  string(JSON type ERROR_VARIABLE error TYPE "${json}" ${key})
  if(NOT type STREQUAL "STRING")
    message(FATAL_ERROR "${manifest}: \"${key}\" must be a string")
  endif()
  string(JSON value GET "${json}" ${key})
  if(NOT value MATCHES "${pattern}")
    message(FATAL_ERROR "${manifest}: \"${key}\" is \"${value}\", which does not match ${pattern}")
  endif()
  set(${out} "${value}" PARENT_SCOPE)
endfunction()

# Member `key` of the manifest must be an object.
function(_davit_manifest_object json key)
  string(JSON type ERROR_VARIABLE error TYPE "${json}" ${key})
  if(NOT type STREQUAL "OBJECT")
    message(FATAL_ERROR "${manifest}: \"${key}\" must be an object")
  endif()
endfunction()

# Checks what can be checked before anything is built, and sets `out` to the library's file name.
# The schema (plugin-1.json) and the host say more.
function(_davit_check_manifest out manifest)
  file(READ "${manifest}" json)
  string(JSON type ERROR_VARIABLE error TYPE "${json}")
  if(NOT type STREQUAL "OBJECT")
    message(FATAL_ERROR "${manifest} is not a JSON object: ${error}")
  endif()
  string(JSON format ERROR_VARIABLE error GET "${json}" manifest)
  if(NOT format STREQUAL "1")
    message(FATAL_ERROR "${manifest}: \"manifest\" must be 1")
  endif()
  _davit_manifest_string(value "${json}" id "^[a-z0-9-]+(\\.[a-z0-9-]+)+$")
  _davit_manifest_string(value "${json}" name "^[a-z][a-z0-9-]*$")
  _davit_manifest_string(value "${json}" version "^[0-9]")
  _davit_manifest_string(value "${json}" sdk "^(>=)?[0-9]+\\.[0-9]+$")
  _davit_manifest_string(kind "${json}" kind "^(driver|mount)$")
  _davit_manifest_object("${json}" provides)
  string(JSON type ERROR_VARIABLE error TYPE "${json}" provides davit.${kind}/1)
  if(NOT type STREQUAL "OBJECT")
    message(FATAL_ERROR "${manifest}: a ${kind} must have \"davit.${kind}/1\": {} under \"provides\"")
  endif()

  _davit_manifest_object("${json}" library)
  _davit_platform_keys(keys)
  foreach(key IN LISTS keys)
    string(JSON library ERROR_VARIABLE error GET "${json}" library ${key})
    if(error STREQUAL "NOTFOUND")
      break()
    endif()
    set(library)
  endforeach()
  if(NOT "${library}" MATCHES "^[A-Za-z0-9][A-Za-z0-9._-]*$")
    list(JOIN keys "\" or \"" keys)
    message(FATAL_ERROR "${manifest}: \"library\" needs \"${keys}\", a file name without a folder")
  endif()
  set(${out} "${library}" PARENT_SCOPE)
endfunction()

# Writes the header that holds the manifest: one character constant a byte, because a string
# literal of this length is more than C99 promises, and a number above 127 does not fit a char in C++.
function(_davit_embed_manifest manifest header)
  file(READ "${manifest}" bytes HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  string(REGEX REPLACE "('[^,]*','[^,]*','[^,]*','[^,]*','[^,]*','[^,]*','[^,]*','[^,]*',)" "\\1\n    "
    bytes "${bytes}")
  file(CONFIGURE OUTPUT "${header}" @ONLY CONTENT "// Generated from plugin.json, byte for byte.
#ifndef DAVIT_MANIFEST_H
#define DAVIT_MANIFEST_H
#ifdef __cplusplus
constexpr
#endif
static const char davit_manifest[] = {
    ${bytes}'\\0'};
#endif
")
endfunction()

function(_davit_harden target)
  set_target_properties(${target} PROPERTIES
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON
    SKIP_BUILD_RPATH ON BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "" INSTALL_RPATH_USE_LINK_PATH OFF)
  if(APPLE)
    set(exports ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.exp)
    target_link_options(${target} PRIVATE LINKER:-exported_symbols_list,${exports})
  elseif(UNIX)
    set(exports ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
    target_link_options(${target} PRIVATE LINKER:--version-script=${exports}
      LINKER:--exclude-libs,ALL LINKER:-z,noexecstack LINKER:-z,relro LINKER:-z,now)
    # clang leaves the sanitizers' symbols to the program.
    if(NOT (DAVIT_SANITIZE AND CMAKE_CXX_COMPILER_ID MATCHES "Clang"))
      target_link_options(${target} PRIVATE LINKER:-z,defs)
    endif()
  endif()
  if(exports)
    set_target_properties(${target} PROPERTIES LINK_DEPENDS ${exports})
  endif()
endfunction()

function(davit_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "MANIFEST;DIRECTORY" "SOURCES;LIBRARIES")
  if(NOT arg_MANIFEST OR NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "davit_add_plugin(NAME MANIFEST plugin.json SOURCES file... "
      "[LIBRARIES library...] [DIRECTORY folder])")
  endif()
  get_filename_component(manifest "${arg_MANIFEST}" ABSOLUTE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${manifest}")
  _davit_check_manifest(library "${manifest}")

  set(place lib/davit/plugins/${name})
  set(folder ${CMAKE_BINARY_DIR}/${place})
  if(arg_DIRECTORY)
    get_filename_component(folder "${arg_DIRECTORY}/${name}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
  endif()
  # The host loads nothing that others could have written, whatever the umask is here.
  set(protect ${CMAKE_COMMAND} -E true)
  if(UNIX)
    set(protect chmod go-w)
  endif()
  add_custom_command(OUTPUT "${folder}/plugin.json"
    COMMAND ${CMAKE_COMMAND} -E copy "${manifest}" "${folder}/plugin.json"
    COMMAND ${protect} "${folder}" "${folder}/plugin.json"
    DEPENDS "${manifest}" COMMENT "Copying the manifest of plugin ${name}" VERBATIM)

  set(target davit-plugin-${name})
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${target}.manifest)
  _davit_embed_manifest("${manifest}" "${generated}/davit_manifest.h")

  add_library(${target} MODULE ${arg_SOURCES} "${folder}/plugin.json")
  set_target_properties(${target} PROPERTIES PREFIX "" SUFFIX "" OUTPUT_NAME "${library}"
    LIBRARY_OUTPUT_DIRECTORY "$<1:${folder}>")
  target_include_directories(${target} PRIVATE "${generated}")
  target_link_libraries(${target} PRIVATE davit::sdk ${arg_LIBRARIES})
  if(CMAKE_CXX_COMPILER_LOADED)
    target_compile_features(${target} PRIVATE cxx_std_17)
  endif()
  _davit_harden(${target})
  add_custom_command(TARGET ${target} POST_BUILD COMMAND ${protect} "$<TARGET_FILE:${target}>" VERBATIM)

  if(NOT arg_DIRECTORY)
    install(DIRECTORY DESTINATION ${place}
      DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
      WORLD_READ WORLD_EXECUTE)
    install(TARGETS ${target} LIBRARY DESTINATION ${place})
    install(FILES "${manifest}" DESTINATION ${place} RENAME plugin.json)
  endif()
endfunction()
