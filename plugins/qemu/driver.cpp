// SPDX-License-Identifier: Apache-2.0
// Probes, creates and opens.
#include "driver.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "accelerator.hpp"
#include "architecture.hpp"
#include "davit_manifest.h"
#include "layout.hpp"
#include "records.hpp"
#include "support/files.hpp"
#include "support/qemu_img.hpp"

namespace davit::qemu {

namespace fs = std::filesystem;

namespace {

// The first QEMU whose options this driver speaks: it reads -device as JSON.
constexpr std::array<int, 2> oldest{6, 2};

void require_version(const std::string &version) {
    std::array<int, 2> found{};
    const int read = std::sscanf(version.c_str(), "%d.%d", &found[0], &found[1]);
    if (read == 2 && found >= oldest) return;
    throw Error(DAVIT_E_UNAVAILABLE, "QEMU " + version + " is too old: this driver needs 6.2",
                "install a newer QEMU");
}

void require_empty(const fs::path &dir) {
    std::error_code error;
    const bool empty = fs::is_directory(dir, error) && fs::is_empty(dir, error);
    if (error) throw support::system_error(error.value(), "cannot use " + dir.string());
    if (!empty) throw Error(DAVIT_E_INVALID, dir.string() + " is not an empty folder");
}

// Inside the folder that holds `dir`, images are named from there, so that it can be moved.
std::string backing_name(const std::string &image, const fs::path &dir) {
    const fs::path relative = fs::path(image).lexically_relative(dir.parent_path());
    const bool inside = !relative.empty() && *relative.begin() != "..";
    return inside ? (".." / relative).string() : image;
}

// The size of the new disk, which is never smaller than what the image holds.
std::uint64_t disk_size(const MachineSpec &spec, std::uint64_t image_size) {
    if (spec.disk_size == 0) return image_size;
    if (spec.disk_size >= image_size) return spec.disk_size;
    throw Error(DAVIT_E_INVALID,
                "a disk of " + std::to_string(spec.disk_size) +
                    " bytes is too small for the image, which has " + std::to_string(image_size),
                "ask for a disk at least as large as the image");
}

void sync_file(const fs::path &path) {
    const support::Fd fd{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
    if (!fd || fsync(fd.get()) != 0) {
        throw support::system_error(errno, "cannot write " + path.string());
    }
}

}  // namespace

std::string QemuDriver::emulator_version(Call &call) const {
    const Architecture &arch = architecture(own_architecture());
    support::ToolResult result;
    try {
        result = support::run_tool(process_, {arch.program, "--version"}, {}, call);
    } catch (const Error &error) {
        if (error.status() != DAVIT_E_UNAVAILABLE) throw;
        throw missing_emulator(arch);
    }
    // QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)
    const std::string before = "version ";
    const auto at = result.output.find(before);
    if (result.status != 0 || at == std::string::npos) {
        throw Error(DAVIT_E_UNAVAILABLE, arch.program + " does not run: " + result.errors,
                    "reinstall it (in Debian: apt install --reinstall " + arch.package + ")");
    }
    const auto begin = at + before.size();
    return result.output.substr(begin, result.output.find_first_of(" \n", begin) - begin);
}

std::string QemuDriver::probe(Call &call) {
    const std::string version = emulator_version(call);
    require_version(version);
    support::QemuImg{process_}.version(call);
    const Acceleration choice = choose_acceleration(acceleration_facts(own_architecture()));
    const bool kvm = choice.accelerator == Accelerator::kvm;
    const std::string how = kvm ? "KVM" : "none (TCG emulates the processor)";
    return support::json_out({{"version", "QEMU " + version},
                              {"notes", {"acceleration: " + how + ", because " + choice.reason}},
                              {"unavailable", Json::object()}});
}

void QemuDriver::create(const std::string &dir, const std::string &spec_text, Call &call) {
    const Json document = support::json_in(spec_text, "machine spec");
    const MachineSpec spec = parse_spec(document);
    architecture(spec.arch);
    require_empty(dir);
    const support::QemuImg qemu_img{process_};
    const fs::path folder = dir;
    try {
        call.progress("making the disk");
        const auto image_size = qemu_img.virtual_size(spec.image.path, spec.image.format, call);
        qemu_img.create_overlay({folder, layout::disk, backing_name(spec.image.path, folder),
                                 spec.image.format, disk_size(spec, image_size)},
                                call);
        sync_file(folder / layout::disk);
        call.progress();
        write_machine(folder, document);
    } catch (...) {
        support::remove_file(folder / layout::machine);
        support::remove_file(folder / layout::disk);
        throw;
    }
}

std::unique_ptr<QemuMachine> QemuDriver::open(const std::string &dir, Call &) {
    // Its contents are read when they are needed: a record that is damaged must not keep a machine
    // from being inspected, stopped and removed.
    if (!fs::exists(fs::path(dir) / layout::machine)) {
        throw Error(DAVIT_E_NOT_FOUND, "there is no machine in " + dir);
    }
    return std::make_unique<QemuMachine>(dir, process_);
}

}  // namespace davit::qemu

DAVIT_PLUGIN(davit::qemu::QemuDriver, davit_manifest)
