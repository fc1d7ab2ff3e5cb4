// SPDX-License-Identifier: Apache-2.0
// davit plugin list
#include <fmt/format.h>

#include "cli/commands.hpp"

namespace davit::host {
namespace {

void describe(po::options_description &options) {
    describe_format(options);
    options.add_options()("all", "also those that are not used, and why");
}

const char *kind_name(const Manifest &plugin) {
    return plugin.kind == PluginKind::driver ? "driver" : "mount";
}

struct Listing {
    Json document{{"plugins", Json::array()}};
    Table table{{"Name", "Kind", "Version", "Folder"}, {}, "No plugins found."};
    Table csv{{"Name", "Kind", "Version", "Id", "Folder", "ErrorId", "Error"}, {}, ""};

    void add(const Manifest &plugin) {
        const std::string folder = plugin.folder.string();
        document["plugins"].push_back({{"name", plugin.name},
                                       {"kind", kind_name(plugin)},
                                       {"version", plugin.version},
                                       {"id", plugin.id},
                                       {"folder", folder},
                                       {"provides", plugin.provides},
                                       {"needs", plugin.needs}});
        table.rows.push_back({plugin.name, kind_name(plugin), plugin.version, folder});
        csv.rows.push_back(
            {plugin.name, kind_name(plugin), plugin.version, plugin.id, folder, "", ""});
    }

    void add(const SkippedPlugin &skipped) {
        const Error &error = skipped.error;
        document["skipped"].push_back(
            {{"name", skipped.name},
             {"folder", skipped.folder.string()},
             {"error",
              {{"id", error.id()}, {"message", error.message()}, {"hint", error.hint()}}}});
        table.rows.push_back({skipped.name, "not used", "", error.message() + "\n" + error.hint()});
        csv.rows.push_back(
            {skipped.name, "", "", "", skipped.folder.string(), error.id(), error.message()});
    }
};

int run(Services &services, const Arguments &arguments) {
    if (arguments.words != std::vector<std::string>{"list"}) {
        throw usage_error("plugin needs one word, which is \"list\"", "try: davit plugin list");
    }
    const Format format = format_of(arguments);
    const PluginRegistry &plugins = services.plugins();
    Listing listing;
    for (const Manifest *plugin : plugins.drivers()) listing.add(*plugin);
    for (const Manifest *plugin : plugins.mounts()) listing.add(*plugin);
    if (arguments.has("all")) {
        listing.document["skipped"] = Json::array();
        for (const auto &skipped : plugins.skipped()) listing.add(skipped);
    }
    services.progress().done();
    fmt::print("{}", render(format, listing.document, listing.table, listing.csv));
    return 0;
}

}  // namespace

Command plugin_command() {
    return {"plugin", {}, "list", "List plugins, of drivers and mounts", describe, run};
}

}  // namespace davit::host
