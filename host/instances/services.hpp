// SPDX-License-Identifier: Apache-2.0
// What every command works with: where things are kept, which plugins there are, and who waits.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/wait.hpp"
#include "images/store.hpp"
#include "output/progress.hpp"
#include "plugins/driver.hpp"
#include "plugins/registry.hpp"

namespace davit::host {

class Services {
 public:
    struct Options {
        std::filesystem::path home;                      // $DAVIT_HOME
        std::vector<std::filesystem::path> plugin_dirs;  // --plugin-dir
        std::optional<std::string> driver;               // --driver
    };

    Services(Options options, Progress &progress, const Cancel &cancel)
        : options_(std::move(options)), progress_(progress), cancel_(cancel) {}
    // The same, for work that is interrupted by something else.
    Services(const Services &other, const Cancel &cancel)
        : options_(other.options_), progress_(other.progress_), cancel_(cancel) {}

    Progress &progress() const { return progress_; }
    const Cancel &cancel() const { return cancel_; }

    // The user's own folder, made if need be; nobody else can enter it.
    const std::filesystem::path &home();
    const std::optional<std::string> &driver_option() const { return options_.driver; }

    // Every plugin, from manifests. Read once.
    const PluginRegistry &plugins();
    ImageStore images();

 private:
    Options options_;
    Progress &progress_;
    const Cancel &cancel_;
    bool home_checked_ = false;
    std::optional<PluginRegistry> plugins_;
};

// $DAVIT_HOME, else $XDG_DATA_HOME/davit, else ~/.local/share/davit.
std::filesystem::path default_home();

}  // namespace davit::host
