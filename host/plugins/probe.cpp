// SPDX-License-Identifier: Apache-2.0
// Asking drivers whether they work here, from a safe distance: a child process for each.
#include <davit/base.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/files.hpp"
#include "plugins/driver.hpp"

namespace davit::host {
namespace {

constexpr std::size_t largest_reply = JsonLimits{}.bytes + 4096;

// What runs between fork(2) and exec(3): nothing but system calls. Standard output is the driver's
// to chatter on and goes nowhere; its errors do too, unless somebody is debugging.
[[noreturn]] void become_probe(int reply, int null, bool debugging, const char *folder,
                               pid_t parent) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    ::dup2(null, STDIN_FILENO);
    ::dup2(null, STDOUT_FILENO);
    if (!debugging) ::dup2(null, STDERR_FILENO);
    // dup2() of a descriptor onto itself would keep it closed on exec.
    if (reply == probe_reply_fd) {
        ::fcntl(reply, F_SETFD, 0);
    } else {
        ::dup2(reply, probe_reply_fd);
    }
    ::execl("/proc/self/exe", "davit", "__probe", folder, static_cast<char *>(nullptr));
    ::_exit(127);
}

// One driver being asked. Its process group does not outlive this object.
class Probe {
 public:
    explicit Probe(const Manifest &manifest) : manifest_(manifest) { begin(); }
    Probe(Probe &&other) noexcept
        : manifest_(other.manifest_),
          pid_(std::exchange(other.pid_, -1)),
          reply_(std::move(other.reply_)),
          process_(std::move(other.process_)),
          text_(std::move(other.text_)) {}
    Probe(const Probe &) = delete;
    Probe &operator=(const Probe &) = delete;
    ~Probe() { end(); }

    bool over() const { return pid_ < 0; }
    int reply_fd() const { return reply_.get(); }
    int process_fd() const { return process_.get(); }

    // Takes what there is to read. What is too much is read too, so that nobody blocks, and
    // dropped.
    void read_reply() {
        std::array<char, 16384> buffer{};
        while (reply_.open()) {
            const ssize_t got = ::read(reply_.get(), buffer.data(), buffer.size());
            if (got < 0 && errno == EINTR) continue;
            if (got < 0 && errno == EAGAIN) return;
            if (got <= 0) return reply_.reset();
            if (text_.size() <= largest_reply)
                text_.append(buffer.data(), static_cast<std::size_t>(got));
        }
    }

    // The process has ended: what it said, or how it ended instead.
    ProbeResult result() {
        read_reply();
        const int status = end();
        try {
            if (WIFSIGNALED(status)) throw crashed(WTERMSIG(status));
            if (WEXITSTATUS(status) != 0 || text_.empty()) throw exited(WEXITSTATUS(status));
            return parse();
        } catch (const Error &error) {
            return {&manifest_, Json::object(), error};
        }
    }

    ProbeResult timed_out(Milliseconds deadline) {
        end();
        const auto tenths = (deadline.count() + 99) / 100;
        const std::string seconds =
            std::to_string(tenths / 10) + (tenths % 10 ? "." + std::to_string(tenths % 10) : "");
        return {&manifest_, Json::object(),
                Error{"probe-timeout",
                      "the driver " + manifest_.name + " did not answer within " + seconds + " s",
                      "try again; if it goes on, tell whoever made the driver", ExitCode::timeout}};
    }

 private:
    void begin() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error(errno, "make a pipe");
        reply_.reset(ends[0]);
        const Fd theirs{ends[1]};
        ::fcntl(reply_.get(), F_SETFL, O_NONBLOCK);
        const Fd null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
        if (!null.open()) throw system_error(errno, "open /dev/null");
        const std::string folder = manifest_.folder.string();
        const bool debugging = ::secure_getenv("DAVIT_DEBUG") != nullptr;
        const pid_t self = ::getpid();
        pid_ = ::fork();
        if (pid_ < 0) throw system_error(errno, "start a process");
        if (pid_ == 0) become_probe(theirs.get(), null.get(), debugging, folder.c_str(), self);
        ::setpgid(pid_, pid_);  // here too, so that the group exists whoever comes first
        process_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
        if (!process_.open()) throw system_error(errno, "watch a process");
    }

    // Kills the whole group, reaps the process, returns its status. The process is reaped last:
    // until then neither its id nor its group's can be anybody else's.
    int end() noexcept {
        if (pid_ < 0) return 0;
        siginfo_t info{};
        const bool ended =
            ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
            info.si_pid == pid_;
        ::kill(-pid_, SIGKILL);
        if (!ended) ::kill(pid_, SIGKILL);
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return status;
    }

    Error crashed(int signal) const {
        const char *name = ::sigabbrev_np(signal);
        return {"probe-crashed",
                "the driver " + manifest_.name + " crashed (" +
                    (name ? "SIG" + std::string{name} : "signal " + std::to_string(signal)) +
                    ") while being asked",
                "run it with DAVIT_DEBUG=1 to see what it says; tell whoever made the driver"};
    }
    Error exited(int status) const {
        return {"probe-exited",
                "the driver " + manifest_.name + " ended its process (exit status " +
                    std::to_string(status) + ") while being asked",
                "tell whoever made the driver"};
    }

    // {"reply": {...}} or {"error": {"id", "message", "hint", "code"}}, from probe_child().
    ProbeResult parse() const {
        try {
            const Json answer =
                json_in(text_, "the reply", {largest_reply, JsonLimits{}.depth + 1});
            if (!answer.contains("error")) {
                return {&manifest_, member<Json>(answer, "reply", "the reply"), std::nullopt};
            }
            const Json error = member<Json>(answer, "error", "the reply");
            const auto text = [&](const char *key) {
                return member<std::string>(error, key, "the reply");
            };
            const auto code = member<std::int64_t>(error, "code", "the reply");
            return {&manifest_, Json::object(),
                    Error{text("id"), text("message"), text("hint"), static_cast<ExitCode>(code)}};
        } catch (const Error &error) {
            throw Error{
                "probe-bad-reply",
                "the driver " + manifest_.name + " gave no proper answer: " + error.message(),
                "tell whoever made the driver"};
        }
    }

    const Manifest &manifest_;
    pid_t pid_ = -1;
    Fd reply_;
    Fd process_;
    std::string text_;
};

// Waits for something to happen to any of the probes. False: the deadline passed.
bool await_any(const std::vector<Probe> &probes, Deadline deadline, const Cancel &cancel) {
    std::vector<pollfd> watched{{cancel.fd(), POLLIN, 0}};
    for (const auto &probe : probes) {
        if (probe.over()) continue;
        watched.push_back({probe.process_fd(), POLLIN, 0});
        watched.push_back({probe.reply_fd(), POLLIN, 0});  // -1 once closed, which poll(2) skips
    }
    const int ready =
        ::poll(watched.data(), watched.size(), deadline.poll_timeout(std::chrono::hours{1}));
    if (ready < 0 && errno != EINTR) throw system_error(errno, "wait for the drivers");
    cancel.check();
    return !deadline.expired();
}

bool has_ended(const Probe &probe) {
    pollfd watched{probe.process_fd(), POLLIN, 0};
    return ::poll(&watched, 1, 0) > 0;
}

class NoProgress : public Progress {
 public:
    void step(const std::string &, std::uint64_t, std::uint64_t) override {}
    void note(const std::string &) override {}
    void done() override {}
};

Json answer_of(const std::filesystem::path &folder) {
    try {
        const Cancel nobody;
        NoProgress unseen;
        Driver &driver = load_driver(read_manifest(folder), unseen, nobody);
        return {{"reply", driver.probe({Deadline::never(), nobody, unseen})}};
    } catch (const Error &error) {
        return {{"error",
                 {{"id", error.id()},
                  {"message", error.message()},
                  {"hint", error.hint()},
                  {"code", static_cast<int>(error.code())}}}};
    }
}

}  // namespace

std::vector<ProbeResult> probe_drivers(const std::vector<const Manifest *> &drivers,
                                       Milliseconds deadline, const Cancel &cancel) {
    const Deadline until = Deadline::after(deadline);
    std::vector<Probe> probes;
    probes.reserve(drivers.size());
    for (const Manifest *driver : drivers) probes.emplace_back(*driver);
    std::vector<ProbeResult> results(drivers.size());
    std::size_t open = probes.size();
    while (open > 0) {
        const bool in_time = await_any(probes, until, cancel);
        for (std::size_t i = 0; i < probes.size(); ++i) {
            Probe &probe = probes[i];
            if (probe.over()) continue;
            probe.read_reply();
            if (has_ended(probe)) {
                results[i] = probe.result();
                --open;
            } else if (!in_time) {
                results[i] = probe.timed_out(deadline);
                --open;
            }
        }
    }
    return results;
}

int probe_child(const std::filesystem::path &folder) {
    Fd reply{probe_reply_fd};
    ::fcntl(reply.get(), F_SETFD, FD_CLOEXEC);  // not for the programs that the driver runs
    const std::string text = json_out(answer_of(folder));
    stop_plugins();
    std::size_t sent = 0;
    while (sent < text.size()) {
        const ssize_t written = ::write(reply.get(), text.data() + sent, text.size() - sent);
        if (written < 0 && errno != EINTR) return 1;
        if (written > 0) sent += static_cast<std::size_t>(written);
    }
    return 0;
}

}  // namespace davit::host
