// SPDX-License-Identifier: Apache-2.0
// The identity of processes: proc(5) and pidfd_open(2).
#include "base/process.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "base/error.hpp"

namespace davit::host {
namespace {

struct Stat {
    char state = '?';
    std::uint64_t start = 0;
};

// Reads state and start time, fields 3 and 22. The second field is a name in parentheses that may
// itself hold blanks and parentheses, so fields are counted from the last ')'.
std::optional<Stat> read_stat(int pid) {
    std::optional<std::string> text;
    try {
        text = read_file("/proc/" + std::to_string(pid) + "/stat", 4096);
    } catch (const Error &) {
        // ESRCH: the process ended between open and read, which is what "gone" means here.
        if (::kill(pid, 0) != 0 && errno == ESRCH) return std::nullopt;
        throw;
    }
    if (!text) return std::nullopt;
    std::size_t at = text->rfind(')');
    if (at == std::string::npos || at + 2 >= text->size()) return std::nullopt;
    Stat stat;
    stat.state = (*text)[at + 2];
    for (int field = 2; field < 22 && at != std::string::npos; ++field)
        at = text->find(' ', at + 1);
    if (at == std::string::npos) return std::nullopt;
    std::from_chars(text->data() + at + 1, text->data() + text->size(), stat.start);
    return stat;
}

std::string boot_id() {
    auto text = read_file("/proc/sys/kernel/random/boot_id", 128);
    if (!text) throw Error{"system", "cannot read this computer's boot id from /proc"};
    while (!text->empty() && text->back() == '\n') text->pop_back();
    return *text;
}

// A descriptor of the process, or nothing if it is gone. The identity is compared after the
// descriptor is held: from then on the pid cannot be recycled under us.
Fd open_process(const ProcessIdentity &process) {
    Fd fd{static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0))};
    if (!fd.open()) {
        if (errno == ESRCH || errno == EINVAL) return {};
        throw system_error(errno, "watch process " + std::to_string(process.pid));
    }
    if (!alive(process)) return {};
    return fd;
}

}  // namespace

ProcessIdentity ProcessIdentity::self() {
    const auto stat = read_stat(::getpid());
    if (!stat) throw Error{"system", "cannot read /proc/self/stat"};
    return {::getpid(), stat->start, boot_id()};
}

ProcessIdentity ProcessIdentity::from_json(const Json &document) {
    const std::string what = "process identity";
    ProcessIdentity process;
    const auto pid = member<std::int64_t>(document, "pid", what);
    if (pid <= 0 || pid > INT32_MAX) throw Error{"bad-json", what + ": \"pid\" is out of range"};
    process.pid = static_cast<int>(pid);
    process.start = member<std::uint64_t>(document, "start", what);
    process.boot = member<std::string>(document, "boot", what);
    return process;
}

Json ProcessIdentity::to_json() const {
    return {{"pid", pid}, {"start", start}, {"boot", boot}};
}

bool alive(const ProcessIdentity &process) {
    if (process.pid <= 0 || process.boot != boot_id()) return false;
    const auto stat = read_stat(process.pid);
    return stat && stat->start == process.start && stat->state != 'Z' && stat->state != 'X';
}

bool wait_gone(const ProcessIdentity &process, Deadline deadline, const Cancel &cancel) {
    const Fd fd = open_process(process);
    if (!fd.open()) return true;
    return wait_for(fd.get(), POLLIN, deadline, cancel) != 0;
}

bool signal_process(const ProcessIdentity &process, int signal) {
    const Fd fd = open_process(process);
    if (!fd.open()) return false;
    if (::syscall(SYS_pidfd_send_signal, fd.get(), signal, nullptr, 0) == 0) return true;
    if (errno == ESRCH) return false;
    throw system_error(errno, "signal process " + std::to_string(process.pid));
}

}  // namespace davit::host
