// SPDX-License-Identifier: Apache-2.0
// The table of architectures.
#include "architecture.hpp"

namespace davit::qemu {

const Architecture &architecture(const std::string &name) {
    // graphics=off makes the PC's firmware print to the serial console: without it, a disk that
    // does not boot is a machine that says nothing. A guest is not to suspend itself (S3, S4):
    // nothing would wake it.
    static const std::vector<Architecture> known{
        {"x86_64",
         "qemu-system-x86_64",
         "qemu-system-x86",
         "q35,graphics=off,sata=off,smbus=off,usb=off,vmport=off",
         {"ICH9-LPC.disable_s3=1", "ICH9-LPC.disable_s4=1"},
         {}},
        {"aarch64",
         "qemu-system-aarch64",
         "qemu-system-arm",
         "virt",
         {},
         {"/usr/share/qemu-efi-aarch64/QEMU_EFI.fd", "/usr/share/AAVMF/AAVMF_CODE.fd",
          "/usr/share/edk2/aarch64/QEMU_EFI.fd"}},
    };
    for (const Architecture &one : known) {
        if (one.name == name) return one;
    }
    throw Error(DAVIT_E_UNSUPPORTED,
                "this driver runs no machines of architecture \"" + name + '"');
}

Error missing_emulator(const Architecture &arch) {
    return Error(DAVIT_E_UNAVAILABLE, arch.program + " is not installed",
                 "install it (in Debian: apt install " + arch.package + ")");
}

}  // namespace davit::qemu
