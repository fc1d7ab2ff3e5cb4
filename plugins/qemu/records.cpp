// SPDX-License-Identifier: Apache-2.0
// Reads and writes the JSON documents of a machine's directory.
#include "records.hpp"

#include "layout.hpp"
#include "support/files.hpp"

namespace davit::qemu {

namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t format = 1;

// DAVIT_E_INVALID is for what the caller asks; a bad record is a failure of ours.
[[noreturn]] void raise_unreadable(const Error &error) {
    throw Error(error.status() == DAVIT_E_INVALID ? DAVIT_E_FAILED : error.status(), error.what(),
                error.hint());
}

std::optional<Json> read_document(const fs::path &path) try {
    const auto bytes = support::read_file(path);
    if (!bytes) return std::nullopt;
    Json document = support::json_in(*bytes, path.string());
    if (!document.is_object()) throw Error(DAVIT_E_FAILED, path.string() + " is not an object");
    return document;
} catch (const Error &error) {
    raise_unreadable(error);
}

void check_format(const Json &document, const fs::path &path) {
    if (support::number_in(document, "format", path.string()) == format) return;
    throw Error(DAVIT_E_UNSUPPORTED, path.string() + " was written by a newer build of this driver",
                "update this driver");
}

void write_document(const fs::path &path, const Json &document) {
    support::write_file(path, support::json_out(document, 2) + '\n');
}

}  // namespace

void write_machine(const fs::path &folder, const Json &spec) {
    write_document(folder / layout::machine, {{"format", format}, {"spec", spec}});
}

MachineSpec read_machine(const fs::path &folder) try {
    const fs::path path = folder / layout::machine;
    const auto document = read_document(path);
    if (!document) throw Error(DAVIT_E_NOT_FOUND, "there is no machine in " + folder.string());
    check_format(*document, path);
    return parse_spec(support::object_in(*document, "spec", path.string()));
} catch (const Error &error) {
    raise_unreadable(error);
}

void write_run(const fs::path &folder, const Run &run) {
    write_document(folder / layout::run, {{"format", format},
                                          {"process", run.process},
                                          {"ssh_port", run.ssh_port},
                                          {"accelerator", name_of(run.accelerator)}});
}

std::optional<Run> read_run(const fs::path &folder, const Json &process) try {
    const fs::path path = folder / layout::run;
    const auto document = read_document(path);
    if (!document) return std::nullopt;
    check_format(*document, path);
    Run run;
    run.process = support::object_in(*document, "process", path.string());
    if (run.process != process) return std::nullopt;
    run.ssh_port =
        static_cast<std::uint16_t>(support::number_in(*document, "ssh_port", path.string()));
    const bool kvm = support::text_in(*document, "accelerator", path.string()) == "kvm";
    run.accelerator = kvm ? Accelerator::kvm : Accelerator::tcg;
    return run;
} catch (const Error &error) {
    raise_unreadable(error);
}

std::optional<Json> read_process(const fs::path &folder) {
    return read_document(folder / layout::process);
}

void forget_run(const fs::path &folder) {
    support::remove_file(folder / layout::monitor);
    support::remove_file(folder / layout::run);
    support::remove_file(folder / layout::process);
}

}  // namespace davit::qemu
