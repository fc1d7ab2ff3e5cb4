# SPDX-License-Identifier: Apache-2.0
# find_package(davit-sdk 1.0): the target davit::sdk, davit_add_plugin(), and the schemas' folder.
include(${CMAKE_CURRENT_LIST_DIR}/davit-sdk-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/DavitPlugin.cmake)
get_filename_component(DAVIT_SDK_SCHEMA_DIR ${CMAKE_CURRENT_LIST_DIR}/../../davit/schema ABSOLUTE)
