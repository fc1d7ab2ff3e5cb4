// SPDX-License-Identifier: Apache-2.0
// The files of a machine's directory. QEMU runs inside it and gets the bare names, so that no path
// is too long for a socket or needs quoting.
#pragma once

namespace davit::qemu::layout {

inline constexpr const char *machine = "machine.json";        // what was created; written last
inline constexpr const char *disk = "disk.qcow2";             // what differs from the image
inline constexpr const char *process = "process.json";        // identity of the running QEMU
inline constexpr const char *run = "run.json";                // facts of that run
inline constexpr const char *monitor = "qmp.sock";            // where QEMU takes commands
inline constexpr const char *console = "console.log";         // what the guest printed in this run
inline constexpr const char *last_console = "console.log.1";  // and in the one before
inline constexpr const char *log = "qemu.log";                // what QEMU itself printed

}  // namespace davit::qemu::layout
