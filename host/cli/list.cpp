// SPDX-License-Identifier: Apache-2.0
// davit list
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/targets.hpp"
#include "instances/current_driver.hpp"

namespace davit::host {
namespace {

struct Listed {
    const StoredInstance &instance;
    Observation seen;
};

void describe(po::options_description &options) {
    describe_format(options);
    options.add_options()("all", "the instances of every driver, not only of the current one");
}

std::vector<std::string> addresses(const Observation &seen) {
    std::vector<std::string> list;
    if (!seen.machine.is_object()) return list;  // its driver was not asked
    for (const Json &address :
         member_or<Json>(seen.machine, "addresses", Json::array(), "the answer")) {
        if (address.is_string()) list.push_back(address.get<std::string>());
    }
    return list;
}

std::string image_name(const StoredInstance &instance) {
    if (!instance.record) return "";
    const ImageReference &image = instance.record->image;
    return image.os.empty() ? image.name : image.os + ' ' + image.release;
}

Json json_row(const Listed &row) {
    return {{"name", row.instance.name},
            {"state", state_name(row.seen.state)},
            {"reason", row.seen.reason},
            {"ipv4", addresses(row.seen)},
            {"release", image_name(row.instance)},
            {"driver", row.instance.record ? row.instance.record->driver : ""}};
}

std::vector<std::string> table_row(const Listed &row) {
    const auto ips = addresses(row.seen);
    std::string state = state_name(row.seen.state);
    if (!row.seen.reason.empty()) state += " (" + row.seen.reason + ")";
    const std::string image = image_name(row.instance);
    return {row.instance.name, state, ips.empty() ? "--" : fmt::format("{}", fmt::join(ips, "\n")),
            image.empty() ? "Not Available" : image,
            row.instance.record ? row.instance.record->driver : "--"};
}

std::vector<std::string> csv_row(const Listed &row) {
    const auto ips = addresses(row.seen);
    return {row.instance.name,
            state_name(row.seen.state),
            ips.empty() ? "" : ips[0],
            image_name(row.instance),
            fmt::format("{}", fmt::join(ips, ",")),
            row.instance.record ? row.instance.record->driver : ""};
}

int run(Services &services, const Arguments &arguments) {
    if (!arguments.words.empty()) {
        throw usage_error("list takes no names",
                          "for one instance: davit info " + arguments.words[0]);
    }
    const Format format = format_of(arguments);
    std::vector<std::string> wanted;
    if (arguments.has("all")) {
        wanted = scopes(services.home());
    } else {
        wanted = {current_driver(services).scope};
    }
    Json document{{"list", Json::array()}};
    Table table{{"Name", "State", "IPv4", "Image", "Driver"}, {}, "No instances found."};
    Table csv{{"Name", "State", "IPv4", "Release", "AllIPv4", "Driver"}, {}, ""};
    for (const auto &scope : wanted) {
        const InstanceStore store = instances_of(services, scope);
        for (const auto &instance : store.list()) {
            const Listed row{instance, observe(services, store, instance)};
            switch (format) {
                case Format::table:
                    table.rows.push_back(table_row(row));
                    break;
                case Format::csv:
                    csv.rows.push_back(csv_row(row));
                    break;
                case Format::json:
                case Format::yaml:
                    document["list"].push_back(json_row(row));
                    break;
            }
        }
    }
    services.progress().done();
    fmt::print("{}", render(format, document, table, csv));
    return 0;
}

}  // namespace

Command list_command() {
    return {"list", {"ls"}, "", "List instances", describe, run};
}

}  // namespace davit::host
