// SPDX-License-Identifier: Apache-2.0
// One command in the guest, a value a line.
#include "guest/usage.hpp"

#include <sstream>

namespace davit::host {
namespace {

constexpr const char *script = R"(
cut -d' ' -f1-3 /proc/loadavg
df -P -B1 / | awk 'NR==2 {print $3, $2}'
awk '/^MemTotal:/ {t=$2} /^MemAvailable:/ {a=$2} END {printf "%d %d\n", (t-a)*1024, t*1024}' /proc/meminfo
. /etc/os-release && echo "$PRETTY_NAME"
)";

}  // namespace

GuestUsage guest_usage(GuestSession &session, Deadline deadline, const Cancel &cancel) {
    const GuestResult result = session.run(
        GuestCommand{{"env", "LC_ALL=C", "sh", "-c", script}, {}, {}}, "", deadline, cancel);
    std::istringstream lines{result.output};
    GuestUsage usage;
    lines >> usage.load[0] >> usage.load[1] >> usage.load[2] >> usage.disk_used >>
        usage.disk_total >> usage.memory_used >> usage.memory_total;
    if (!lines) {
        throw Error{"guest-answer",
                    "the guest's answer about its load makes no sense: " + result.errors};
    }
    lines >> std::ws;
    std::getline(lines, usage.release);
    return usage;
}

}  // namespace davit::host
