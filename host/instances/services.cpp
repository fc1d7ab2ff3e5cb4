// SPDX-License-Identifier: Apache-2.0
// Services, each made when it is first asked for.
#include "instances/services.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

#include "base/files.hpp"

namespace davit::host {

const fs::path &Services::home() {
    if (!home_checked_) {
        make_private_folder(options_.home);
        home_checked_ = true;
    }
    return options_.home;
}

const PluginRegistry &Services::plugins() {
    if (!plugins_) {
        plugins_ = PluginRegistry::scan(plugin_search_path(options_.plugin_dirs));
        for (const auto &skipped : plugins_->skipped()) {
            if (skipped.error.id() == "plugin-shadowed") continue;
            progress_.note("warning: the plugin in " + skipped.folder.string() +
                           " is not used: " + skipped.error.message());
        }
    }
    return *plugins_;
}

ImageStore Services::images() {
    const char *given = std::getenv("DAVIT_IMAGES");
    return ImageStore{given && *given ? fs::absolute(given) : home() / "images"};
}

fs::path default_home() {
    if (const char *given = std::getenv("DAVIT_HOME"); given && *given) return fs::absolute(given);
    if (const char *data = std::getenv("XDG_DATA_HOME"); data && *data) {
        return fs::absolute(data) / "davit";
    }
    const char *home = std::getenv("HOME");
    if (!home || !*home) {
        const passwd *user = ::getpwuid(::getuid());
        home = user ? user->pw_dir : nullptr;
    }
    if (!home || !*home) {
        throw Error{"no-home", "the user has no home directory",
                    "name a folder for davit's data in DAVIT_HOME"};
    }
    return fs::path{home} / ".local/share/davit";
}

}  // namespace davit::host
