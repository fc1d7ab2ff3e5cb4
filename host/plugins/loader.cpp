// SPDX-License-Identifier: Apache-2.0
// Boost.DLL with its traps avoided: an absolute path, every symbol bound at once, never unloaded.
#define BOOST_DLL_USE_STD_FS
#include "plugins/loader.hpp"

#include <boost/dll/runtime_symbol_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <cstring>
#include <map>
#include <mutex>

#include "plugins/border.hpp"
#include "plugins/header.hpp"
#include "plugins/trust.hpp"
#include "plugins/verify.hpp"

namespace davit::host {
namespace {

namespace dll = boost::dll;
namespace fs = std::filesystem;

// 1. Beside the manifest, and trusted.
fs::path find_library(const Manifest &manifest) {
    const fs::path folder = trusted_folder(manifest.folder);
    const fs::path named = folder / manifest.library;
    std::error_code failed;
    if (fs::status(named, failed).type() == fs::file_type::not_found) {
        throw broken_plugin(manifest, "plugin-library-missing",
                            "its library " + named.string() + " does not exist");
    }
    fs::path library = trusted_file(named);
    if (library.parent_path() != folder) {
        throw broken_plugin(
            manifest, "plugin-library-outside",
            "its library is a link that leads out of its folder, to " + library.string());
    }
    return library;
}

// What the system's loader said, without what Boost.DLL says around it.
std::string loader_message(const std::string &what) {
    constexpr std::string_view before = "(dlerror system message: ";
    const auto begin = what.find(before);
    const auto end = what.rfind("): ");
    if (begin == std::string::npos || end == std::string::npos || end < begin) {
        return valid_utf8(what);
    }
    return valid_utf8(what.substr(begin + before.size(), end - begin - before.size()));
}

// 3. dlopen(3) is not safe beside itself everywhere, and static constructors may not be either.
dll::shared_library &map_library(const Manifest &manifest, const fs::path &library) {
    static std::mutex one_at_a_time;
    const std::lock_guard lock{one_at_a_time};
    try {
        // Leaked on purpose: threads, thread-local destructors and exception objects of a plugin
        // may outlive everything that the host knows of, so its code stays where it is.
        auto mapped = std::make_unique<dll::shared_library>();
        mapped->load(library, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
        return *mapped.release();
    } catch (const std::exception &error) {
        throw broken_plugin(manifest, "plugin-load-failed",
                            "its library cannot be loaded: " + loader_message(error.what()),
                            "install what is named as missing, or the plugin again");
    }
}

// 4. dlsym(3) also searches what a library depends on: an entry found there is not the plugin's.
davit_entry find_entry(const Manifest &manifest, dll::shared_library &mapped,
                       const fs::path &library) {
    if (!mapped.has(DAVIT_ENTRY_SYMBOL)) {
        throw broken_plugin(manifest, "plugin-entry-missing",
                            "its library has no symbol " DAVIT_ENTRY_SYMBOL,
                            "install a build of the plugin that is made for SDK 1");
    }
    auto &entry = mapped.get<const davit_plugin *()>(DAVIT_ENTRY_SYMBOL);
    std::error_code failed;
    const fs::path origin = dll::symbol_location_ptr(&entry, failed);
    if (failed || !fs::equivalent(origin, library, failed) || failed) {
        throw broken_plugin(
            manifest, "plugin-entry-elsewhere",
            "its symbol " DAVIT_ENTRY_SYMBOL " lies in another library, " + origin.string());
    }
    return &entry;
}

// Every plugin that this process has started, by library. It must outlive whoever holds a Plugin &.
struct Loaded {
    std::mutex mutex;
    std::map<fs::path, std::unique_ptr<Plugin>> plugins;
};

Loaded &loaded() {
    static Loaded *const everything = new Loaded;  // never destroyed: see map_library()
    return *everything;
}

}  // namespace

const davit_plugin &map_plugin(const Manifest &manifest) {
    const fs::path library = find_library(manifest);
    require_fitting_library(library);
    dll::shared_library &mapped = map_library(manifest, library);
    const davit_plugin &plugin = call_entry(manifest, find_entry(manifest, mapped, library));
    verify_capabilities(manifest, plugin);
    return plugin;
}

void Plugin::start(const CallOptions &call) {
    try {
        call_plugin(manifest_, call,
                    [&](const auto &options) { tables_.start(*services_.host(), options); });
    } catch (const Error &error) {
        if (error.code() == ExitCode::interrupted) throw;
        throw Error{"plugin-start-failed",
                    "the plugin " + manifest_.name + " cannot start: " + error.message(),
                    error.hint(), error.code()};
    }
}

Plugin &load_plugin(const Manifest &manifest, const CallOptions &call) {
    Loaded &all = loaded();
    const std::lock_guard lock{all.mutex};
    const auto known = all.plugins.find(manifest.library_path());
    if (known != all.plugins.end()) return *known->second;
    auto plugin = std::make_unique<Plugin>(manifest, map_plugin(manifest));
    plugin->start(call);
    return *all.plugins.emplace(manifest.library_path(), std::move(plugin)).first->second;
}

void stop_plugins() noexcept {
    Loaded &all = loaded();
    const std::lock_guard lock{all.mutex};
    for (auto &[library, plugin] : all.plugins) plugin->stop();
    all.plugins.clear();
}

}  // namespace davit::host
