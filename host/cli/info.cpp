// SPDX-License-Identifier: Apache-2.0
// davit info
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/targets.hpp"
#include "guest/usage.hpp"

namespace davit::host {
namespace {

constexpr std::chrono::seconds usage_patience{60};

struct Told {
    StoredInstance instance;
    Observation seen;
    std::optional<GuestUsage> usage;
    std::string usage_error;
};

void describe(po::options_description &options) {
    describe_format(options);
    options.add_options()("no-runtime-information", "do not ask the guest");
}

Told ask(Services &services, const InstanceStore &store, const std::string &name, bool ask_guest) {
    Told told{*store.find(name), {}, std::nullopt, ""};
    told.seen = observe(services, store, told.instance);
    const bool running =
        told.seen.state == State::running || told.seen.state == State::delayed_stop;
    if (!ask_guest || !running) return told;
    try {
        const auto session = connect_guest(services, told.instance);
        told.usage = guest_usage(*session, Deadline::after(usage_patience), services.cancel());
    } catch (const Error &error) {
        // The guest's silence is told; what the host knows is still worth showing.
        if (error.code() == ExitCode::interrupted) throw;
        told.usage_error = error.message();
    }
    return told;
}

Json json_of(const Told &told) {
    Json info{{"state", state_name(told.seen.state)}, {"reason", told.seen.reason}};
    if (!told.instance.record) return info;
    const Record &record = *told.instance.record;
    info.update({{"driver", record.driver},
                 {"created", record.created},
                 {"cpu_count", record.cpus},
                 {"memory_size", record.memory},
                 {"disk_size", record.disk},
                 {"image_hash", record.image.hash},
                 {"image_release", record.image.release},
                 {"release", told.usage ? told.usage->release : ""},
                 {"ipv4", Json::array()},
                 {"mounts", Json::object()},
                 {"snapshot_count", 0}});
    if (told.seen.machine.is_object()) {
        info["ipv4"] = member_or<Json>(told.seen.machine, "addresses", Json::array(), "the answer");
        info["ssh"] = member_or<Json>(told.seen.machine, "ssh", nullptr, "the answer");
        info["console"] = member_or<Json>(told.seen.machine, "console", nullptr, "the answer");
    }
    if (told.usage) {
        info["load"] = told.usage->load;
        info["disks"] = {
            {"root", {{"used", told.usage->disk_used}, {"total", told.usage->disk_total}}}};
        info["memory"] = {{"used", told.usage->memory_used}, {"total", told.usage->memory_total}};
    }
    return info;
}

std::string table_of(const Told &told) {
    std::string text;
    const auto line = [&](const char *key, const std::string &value) {
        text += fmt::format("{:<16}{}\n", std::string{key} + ":", printable(value));
    };
    const auto with_reason = [&] {
        const std::string state = state_name(told.seen.state);
        return told.seen.reason.empty() ? state : state + " (" + told.seen.reason + ")";
    };
    line("Name", told.instance.name);
    line("State", with_reason());
    if (!told.seen.hint.empty()) line("Hint", told.seen.hint);
    if (!told.instance.record) return text;
    const Record &record = *told.instance.record;
    line("Driver", record.driver);
    line("Created", record.created);
    line("Release", told.usage ? told.usage->release : "--");
    line("Image", record.image.name);
    line("Image hash", record.image.hash.substr(0, 12));
    line("CPU(s)", std::to_string(record.cpus));
    if (told.usage) {
        line("Load", fmt::format("{:.2f} {:.2f} {:.2f}", told.usage->load[0], told.usage->load[1],
                                 told.usage->load[2]));
        line("Disk usage",
             human_size(told.usage->disk_used) + " out of " + human_size(told.usage->disk_total));
        line("Memory usage", human_size(told.usage->memory_used) + " out of " +
                                 human_size(told.usage->memory_total));
    } else {
        if (!told.usage_error.empty()) line("Guest", told.usage_error);
        line("Disk size", human_size(record.disk));
        line("Memory size", human_size(record.memory));
    }
    if (told.seen.machine.is_object()) {
        const Json ssh = member_or<Json>(told.seen.machine, "ssh", nullptr, "the answer");
        if (ssh.is_object()) {
            line("SSH", ssh.value("host", "") + ":" + std::to_string(ssh.value("port", 0)));
        }
        const auto console = member_or<std::string>(told.seen.machine, "console", "", "the answer");
        if (!console.empty()) line("Console", console);
    }
    return text;
}

std::vector<std::string> csv_row(const Told &told) {
    const Record record = told.instance.record.value_or(Record{});
    const auto number = [&](auto value) {
        return told.usage ? std::to_string(value) : std::string{};
    };
    const GuestUsage usage = told.usage.value_or(GuestUsage{});
    return {told.instance.name,
            state_name(told.seen.state),
            record.driver,
            usage.release,
            record.image.hash,
            record.image.release,
            told.usage
                ? fmt::format("{:.2f} {:.2f} {:.2f}", usage.load[0], usage.load[1], usage.load[2])
                : "",
            number(usage.disk_used),
            number(usage.disk_total),
            number(usage.memory_used),
            number(usage.memory_total),
            std::to_string(record.cpus)};
}

int run(Services &services, const Arguments &arguments) {
    const Format format = format_of(arguments);
    const InstanceStore store = current_store(services);
    std::vector<std::string> names = arguments.words;
    if (names.empty()) {
        for (const auto &instance : store.list()) names.push_back(instance.name);
    }
    require_present(services, store, names);
    Json document{{"errors", Json::array()}, {"info", Json::object()}};
    Table csv{{"Name", "State", "Driver", "Release", "Image hash", "Image release", "Load",
               "Disk usage", "Disk total", "Memory usage", "Memory total", "CPU(s)"},
              {},
              ""};
    std::string text;
    for (const auto &name : names) {
        const Told told = ask(services, store, name, !arguments.has("no-runtime-information"));
        document["info"][name] = json_of(told);
        csv.rows.push_back(csv_row(told));
        text += (text.empty() ? "" : "\n") + table_of(told);
    }
    services.progress().done();
    if (text.empty()) text = "No instances found.\n";
    fmt::print("{}", format == Format::table ? text : render(format, document, {}, csv));
    return 0;
}

}  // namespace

Command info_command() {
    return {"info", {}, "[<name> ...]", "Show what is known of instances", describe, run};
}

}  // namespace davit::host
