// SPDX-License-Identifier: Apache-2.0
// davit capabilities
#include "plugins/capabilities.hpp"

#include <fmt/format.h>

#include <map>

#include "cli/commands.hpp"
#include "cli/probing.hpp"

namespace davit::host {
namespace {

void describe(po::options_description &options) {
    describe_format(options);
    options.add_options()("driver", po::value<std::string>()->value_name("NAME"),
                          "only what this driver can do")(
        "here", "also ask the drivers what of it works on this computer");
}

std::string value_text(const Json &value) {
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_array()) return json_out(value);
    std::vector<std::string> items;
    for (const auto &item : value) items.push_back(value_text(item));
    return fmt::format("{}", fmt::join(items, ", "));
}

// "yes", or the parameters, a line each; "no" where the driver has not the capability.
std::string cell_text(const Json &parameters) {
    if (parameters.is_null()) return "no";
    std::vector<std::string> lines;
    for (const auto &[key, value] : parameters.items()) {
        lines.push_back(key + ": " + value_text(value));
    }
    return lines.empty() ? "yes" : fmt::format("{}", fmt::join(lines, "\n"));
}

// By driver's name: {"available": bool, "reason", "hint", "capabilities": {id: why}}
using Availability = std::map<std::string, Json>;

Availability ask(Services &services, const std::vector<const Manifest *> &drivers) {
    Availability here;
    for (const auto &probe : probe_all(services, drivers)) {
        here[probe.manifest->name] = {{"available", probe.available()},
                                      {"reason", probe.error ? probe.error->message() : ""},
                                      {"hint", probe.error ? probe.error->hint() : ""},
                                      {"capabilities", unavailable(probe)}};
    }
    return here;
}

// What follows a cell where the drivers were asked: why it is not so here.
std::string restriction(const Availability &here, const std::string &driver,
                        const std::string &id) {
    const auto found = here.find(driver);
    if (found == here.end()) return "";
    const Json &asked = found->second;
    if (!asked["available"].get<bool>()) return "\nnot here: " + asked["reason"].get<std::string>();
    const Json why = asked["capabilities"].value(id, Json{});
    if (why.is_null()) return "";
    if (!why.contains("parameters")) return "\nnot here: " + reason_and_hint(why);
    std::string restricted;
    for (const auto &[key, value] : why["parameters"].items()) {
        restricted += "\nnot here: " + key + " " + value_text(value);
    }
    return restricted + ": " + reason_and_hint(why);
}

Table matrix_table(const Json &matrix, const Availability &here) {
    Table table{{"Capability"}, {}, ""};
    for (const auto &driver : matrix["drivers"]) table.header.push_back(driver);
    for (const auto &row : matrix["capabilities"]) {
        const std::string id = row["id"];
        std::vector<std::string> cells{short_name(id)};
        for (const auto &driver : matrix["drivers"]) {
            const Json &parameters = row["drivers"][driver.get<std::string>()];
            cells.push_back(cell_text(parameters) +
                            (parameters.is_null() ? "" : restriction(here, driver, id)));
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

// A line for each capability of each driver, so that columns do not depend on what is installed.
Table matrix_csv(const Json &matrix, const Availability &here) {
    Table csv{{"Capability", "Driver", "Provided", "Parameters", "NotHere"}, {}, ""};
    for (const auto &row : matrix["capabilities"]) {
        for (const auto &[driver, parameters] : row["drivers"].items()) {
            const bool provided = !parameters.is_null();
            std::string not_here = provided ? restriction(here, driver, row["id"]) : "";
            if (!not_here.empty()) not_here.erase(0, 1);  // the line feed
            csv.rows.push_back({row["id"], driver, provided ? "yes" : "no",
                                provided ? json_out(parameters) : "", not_here});
        }
    }
    return csv;
}

int run(Services &services, const Arguments &arguments) {
    if (!arguments.words.empty()) {
        throw usage_error("capabilities takes no names",
                          "for one driver: davit capabilities --driver " + arguments.words[0]);
    }
    const Format format = format_of(arguments);
    auto name = services.driver_option();
    if (arguments.has("driver")) name = arguments.get<std::string>("driver");
    const auto drivers = chosen_drivers(services, name);
    Json matrix = capability_matrix(drivers);
    Availability here;
    if (arguments.has("here")) {
        here = ask(services, drivers);
        matrix["here"] = here;
    }
    services.progress().done();
    if (drivers.empty() && format == Format::table) {
        fmt::print("No drivers are installed.\n");
        return 0;
    }
    fmt::print("{}", render(format, matrix, matrix_table(matrix, here), matrix_csv(matrix, here)));
    return 0;
}

}  // namespace

Command capabilities_command() {
    return {"capabilities", {}, "", "Show what each driver can do", describe, run};
}

}  // namespace davit::host
