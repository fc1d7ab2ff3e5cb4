// SPDX-License-Identifier: Apache-2.0
// davit drivers
#include <davit/driver.h>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/probing.hpp"
#include "instances/current_driver.hpp"
#include "plugins/capabilities.hpp"

namespace davit::host {
namespace {

struct Row {
    const ProbeResult &probe;
    bool is_default;

    const Manifest &manifest() const { return *probe.manifest; }
};

// The driver that is used if none is named; "" if there is none.
std::string default_driver(Services &services) {
    try {
        return current_driver(services).name;
    } catch (const Error &error) {
        if (error.id() != "driver-none") throw;
        return "";
    }
}

std::vector<std::string> capability_names(const Manifest &manifest) {
    std::vector<std::string> names;
    for (const auto &[id, parameters] : manifest.provides) {
        if (id != DAVIT_DRIVER) names.push_back(short_name(id));
    }
    return names;
}

std::vector<std::string> notes(const ProbeResult &probe) {
    return probe.reply.value("notes", std::vector<std::string>{});
}

// "yes (Example 7.2)" and the notes, or "no: " with the reason, and what to do.
std::string availability(const ProbeResult &probe) {
    std::vector<std::string> lines;
    if (probe.available()) {
        lines.push_back("yes (" + probe.reply.value("version", "") + ")");
        for (const auto &note : notes(probe)) lines.push_back(note);
        const Json missing = unavailable(probe);
        for (const auto &[id, why] : missing.items()) {
            lines.push_back("no " + short_name(id) + ": " + reason_and_hint(why));
        }
    } else {
        lines.push_back("no: " + probe.error->message());
        if (!probe.error->hint().empty()) lines.push_back(probe.error->hint());
    }
    return fmt::format("{}", fmt::join(lines, "\n"));
}

std::vector<std::string> table_row(const Row &row) {
    return {row.manifest().name, row.manifest().version, row.is_default ? "yes" : "",
            fmt::format("{}", fmt::join(capability_names(row.manifest()), "\n")),
            availability(row.probe)};
}

std::vector<std::string> csv_row(const Row &row) {
    const auto &error = row.probe.error;
    return {row.manifest().name,
            row.manifest().version,
            row.probe.available() ? "yes" : "no",
            row.probe.reply.value("version", ""),
            error ? error->message() : "",
            error ? error->hint() : "",
            row.is_default ? "yes" : "no",
            fmt::format("{}", fmt::join(capability_names(row.manifest()), ","))};
}

Json json_row(const Row &row) {
    const auto &error = row.probe.error;
    return {
        {"name", row.manifest().name},
        {"version", row.manifest().version},
        {"id", row.manifest().id},
        {"scope", row.manifest().scope},
        {"default", row.is_default},
        {"available", row.probe.available()},
        {"hypervisor", row.probe.reply.value("version", "")},
        {"notes", notes(row.probe)},
        {"unavailable", unavailable(row.probe)},
        {"error",
         error ? Json{{"id", error->id()}, {"message", error->message()}, {"hint", error->hint()}}
               : Json{}},
        {"capabilities", row.manifest().provides}};
}

int run(Services &services, const Arguments &arguments) {
    if (!arguments.words.empty()) {
        throw usage_error("drivers takes no names",
                          "for one driver: davit --driver " + arguments.words[0] + " drivers");
    }
    const Format format = format_of(arguments);
    const std::string usual = default_driver(services);
    const auto probes = probe_all(services, chosen_drivers(services, services.driver_option()));
    Json document{{"drivers", Json::array()}};
    Table table{{"Name", "Version", "Default", "Capabilities", "Works here"},
                {},
                "No drivers are installed. See where davit looks for them: davit plugin list"};
    Table csv{
        {"Name", "Version", "Available", "Hypervisor", "Reason", "Hint", "Default", "Capabilities"},
        {},
        ""};
    for (const auto &probe : probes) {
        const Row row{probe, probe.manifest->name == usual};
        document["drivers"].push_back(json_row(row));
        table.rows.push_back(table_row(row));
        csv.rows.push_back(csv_row(row));
    }
    services.progress().done();
    fmt::print("{}", render(format, document, table, csv));
    return 0;
}

}  // namespace

Command drivers_command() {
    return {"drivers", {}, "", "List drivers, and whether they work here", describe_format, run};
}

}  // namespace davit::host
