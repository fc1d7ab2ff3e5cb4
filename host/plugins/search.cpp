// SPDX-License-Identifier: Apache-2.0
// The order in which folders are searched for plugins.
#include <algorithm>
#include <cstdlib>

#include "base/module.hpp"
#include "plugins/registry.hpp"
#include "plugins/trust.hpp"

namespace davit::host {
namespace {

namespace fs = std::filesystem;

constexpr const char *below_prefix = "lib/davit/plugins";

// The path's folders in order; one that is reached a second time is dropped.
class SearchPath {
 public:
    void add(const fs::path &folder, const std::string &origin) {
        std::error_code ignored;  // a path that cannot be resolved is compared as it was written
        fs::path whole = fs::absolute(folder, ignored);
        if (const fs::path real = fs::weakly_canonical(whole, ignored); !ignored) whole = real;
        const bool there =
            std::any_of(folders_.begin(), folders_.end(),
                        [&](const PluginFolder &known) { return known.path == whole; });
        if (!there) folders_.push_back({whole, origin});
    }

    void add_list(const std::string &list, const std::string &origin) {
        std::size_t begin = 0;
        while (begin <= list.size()) {
            const std::size_t end = std::min(list.find(':', begin), list.size());
            if (end > begin) add(list.substr(begin, end - begin), origin);
            begin = end + 1;
        }
    }

    std::vector<PluginFolder> take() { return std::move(folders_); }

 private:
    std::vector<PluginFolder> folders_;
};

// The user's folder, as the XDG base directory specification has it: relative values are ignored.
fs::path user_folder(const std::map<std::string, std::string> &environment) {
    const auto value = [&](const char *name) {
        const auto found = environment.find(name);
        const fs::path path = found == environment.end() ? fs::path{} : fs::path{found->second};
        return path.is_absolute() ? path : fs::path{};
    };
    if (const fs::path data = value("XDG_DATA_HOME"); !data.empty()) return data / "davit/plugins";
    if (const fs::path home = value("HOME"); !home.empty())
        return home / ".local/share/davit/plugins";
    return {};
}

}  // namespace

SearchContext SearchContext::of_this_process() {
    SearchContext context;
    context.elevated = davit::host::elevated();
    context.prefix = installation_prefix();
    for (const char *name : {"DAVIT_PLUGIN_PATH", "XDG_DATA_HOME", "HOME"}) {
        if (const char *value = ::secure_getenv(name)) context.environment.emplace(name, value);
    }
    return context;
}

std::vector<PluginFolder> plugin_search_path(const std::vector<fs::path> &given,
                                             const SearchContext &context) {
    if (context.elevated && !given.empty()) {
        throw Error{
            "plugin-dir-elevated",
            "--plugin-dir is not allowed while davit runs with more rights than you have",
            "run davit without them, or install the plugin into /usr/local/lib/davit/plugins",
            ExitCode::usage};
    }
    SearchPath path;
    for (const auto &folder : given) path.add(folder, "--plugin-dir");
    if (!context.elevated) {
        const auto list = context.environment.find("DAVIT_PLUGIN_PATH");
        if (list != context.environment.end()) path.add_list(list->second, "DAVIT_PLUGIN_PATH");
        const fs::path user = user_folder(context.environment);
        if (!user.empty()) path.add(user, "user");
    }
    path.add("/usr/local/lib/davit/plugins", "system");
    path.add("/usr/lib/davit/plugins", "system");
    path.add(context.prefix / below_prefix, "bundled");
    return path.take();
}

}  // namespace davit::host
