// SPDX-License-Identifier: Apache-2.0
// Builds the command line. Block devices and cards are given as JSON, which needs no escaping.
#include "command_line.hpp"

#include <unistd.h>

#include <davit/cxx/plugin.hpp>

#include "architecture.hpp"
#include "layout.hpp"

namespace davit::qemu {

namespace {

using Arguments = std::vector<std::string>;

void add(Arguments &to, const Arguments &more) {
    to.insert(to.end(), more.begin(), more.end());
}

void add_json(Arguments &to, const char *option, const Json &value) {
    add(to, {option, support::json_out(value)});
}

// A value inside an option of QEMU's own syntax, where commas separate.
std::string quoted(const std::string &value) {
    std::string result;
    for (const char c : value) result += c == ',' ? ",," : std::string(1, c);
    return result;
}

Arguments processor(const MachineSpec &spec, Accelerator accelerator) {
    // A large translation buffer: when it is full, QEMU throws away all that it has translated.
    const bool kvm = accelerator == Accelerator::kvm;
    return {"-accel", kvm ? "kvm" : "tcg,thread=multi,tb-size=512",
            "-cpu",   kvm ? "host" : "max",
            "-smp",   std::to_string(spec.cpus),
            "-m",     "size=" + std::to_string(spec.memory >> 10) + 'K'};
}

Arguments boot(const MachineSpec &spec, const std::string &firmware) {
    Arguments result;
    if (!firmware.empty()) add(result, {"-bios", firmware});
    if (!spec.boot) return result;
    add(result, {"-kernel", spec.boot->kernel});
    if (!spec.boot->initrd.empty()) add(result, {"-initrd", spec.boot->initrd});
    add(result, {"-append", spec.boot->cmdline});
    return result;
}

Arguments disks(const MachineSpec &spec) {
    Arguments result;
    add_json(result, "-blockdev",
             {{"driver", "qcow2"},
              {"node-name", "disk"},
              {"discard", "unmap"},
              {"detect-zeroes", "unmap"},
              {"file", {{"driver", "file"}, {"filename", layout::disk}, {"discard", "unmap"}}}});
    // A guest whose writes find this computer's disk full is paused, not broken.
    add_json(result, "-device",
             {{"driver", "virtio-blk-pci"},
              {"drive", "disk"},
              {"bootindex", 1},  // 0 is QEMU's own, for a kernel that it loads itself
              {"werror", "enospc"},
              {"rerror", "report"}});
    if (spec.seed.empty()) return result;
    // Not a CD drive: every guest that finds its disk finds this, and not every one drives AHCI.
    add_json(result, "-blockdev",
             {{"driver", "raw"},
              {"node-name", "seed"},
              {"read-only", true},
              {"file", {{"driver", "file"}, {"filename", spec.seed}, {"read-only", true}}}});
    add_json(result, "-device", {{"driver", "virtio-blk-pci"}, {"drive", "seed"}});
    return result;
}

Arguments network(const MachineSpec &spec) {
    // Port 0: QEMU takes a free one, so that nobody can take it in between.
    Arguments result{"-netdev", "user,id=net0,hostfwd=tcp:127.0.0.1:0-:22"};
    add_json(
        result, "-device",
        {{"driver", "virtio-net-pci"}, {"netdev", "net0"}, {"mac", spec.mac}, {"romfile", ""}});
    return result;
}

}  // namespace

std::vector<std::string> command_line(const MachineSpec &spec, Accelerator accelerator,
                                      const std::string &firmware) {
    const Architecture &arch = architecture(spec.arch);
    Arguments result{arch.program, "-no-user-config", "-nodefaults", "-display", "none"};
    add(result, {"-name", quoted(spec.name), "-uuid", spec.id, "-machine", arch.machine});
    for (const std::string &global : arch.globals) add(result, {"-global", global});
    add(result, processor(spec, accelerator));
    add(result, boot(spec, firmware));
    add(result, disks(spec));
    add(result, network(spec));
    add(result, {"-device", "virtio-rng-pci"});
    add(result, {"-chardev", std::string("file,id=console,path=") + layout::console});
    add(result, {"-serial", "chardev:console"});
    add(result,
        {"-chardev", std::string("socket,id=monitor,server=on,wait=off,path=") + layout::monitor});
    add(result, {"-mon", "chardev=monitor,mode=control"});
    add(result,
        {"-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"});
    return result;
}

std::string find_firmware(const MachineSpec &spec) {
    const Architecture &arch = architecture(spec.arch);
    if (spec.boot || arch.firmware.empty()) return {};
    for (const std::string &file : arch.firmware) {
        if (access(file.c_str(), R_OK) == 0) return file;
    }
    throw Error(DAVIT_E_UNAVAILABLE,
                "the firmware for machines of " + arch.name + " is not installed",
                "install it (in Debian: apt install qemu-efi-" + arch.name + ")");
}

}  // namespace davit::qemu
