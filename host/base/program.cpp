// SPDX-License-Identifier: Apache-2.0
// Running programs: fork(2), exec(3), and the pipes to a tool that is run to its end.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/error.hpp"
#include "base/process.hpp"

namespace davit::host {
namespace {

constexpr std::size_t output_cap = std::size_t{16} << 20;

struct Pipe {
    Fd read;
    Fd write;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error(errno, "make a pipe");
    return {Fd{ends[0]}, Fd{ends[1]}};
}

// argv and environment as exec wants them. Made before fork: the child may not allocate.
class ExecVectors {
 public:
    explicit ExecVectors(const Program &program) {
        const auto path = find_program(program.argv.at(0));
        if (!path) {
            throw Error{"program-missing",
                        "the program \"" + program.argv[0] + "\" is not installed",
                        "install the package that contains it", ExitCode::unavailable};
        }
        path_ = path->string();
        arguments_ = program.argv;
        for (char **entry = environ; *entry; ++entry) {
            const std::string_view text{*entry};
            if (!program.environment.contains(std::string{text.substr(0, text.find('='))})) {
                variables_.emplace_back(text);
            }
        }
        for (const auto &[key, value] : program.environment) {
            std::string variable = key;
            variable.append("=").append(value);
            variables_.push_back(std::move(variable));
        }
        for (auto &text : arguments_) argv_.push_back(text.data());
        for (auto &text : variables_) envp_.push_back(text.data());
        argv_.push_back(nullptr);
        envp_.push_back(nullptr);
    }

    const char *path() const { return path_.c_str(); }
    char *const *argv() const { return argv_.data(); }
    char *const *envp() const { return envp_.data(); }

 private:
    std::string path_;
    std::vector<std::string> arguments_;
    std::vector<std::string> variables_;
    std::vector<char *> argv_;
    std::vector<char *> envp_;
};

// Signals a program starts with: none blocked, none ignored. Async-signal-safe.
void reset_signals() {
    struct sigaction plain {};
    plain.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &plain, nullptr);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// The rest of a child: tells the parent through `failure` why exec did not happen. [no allocation]
[[noreturn]] void enter_program(const ExecVectors &vectors, const char *folder, int failure) {
    if (*folder == '\0' || ::chdir(folder) == 0) {
        ::execve(vectors.path(), vectors.argv(), vectors.envp());
    }
    const int why = errno;
    [[maybe_unused]] const auto written = ::write(failure, &why, sizeof why);
    ::_exit(127);
}

// Waits for the child to exec: 0 when it did, else its errno.
int exec_failure(const Fd &from_child) {
    int why = 0;
    ssize_t got = 0;
    do {
        got = ::read(from_child.get(), &why, sizeof why);
    } while (got < 0 && errno == EINTR);
    return got == static_cast<ssize_t>(sizeof why) ? why : 0;
}

// A running child and its process group, ended with its owner.
class Child {
 public:
    Child(const Program &program, const ExecVectors &vectors, int in, int out, int err) {
        const Pipe failure = make_pipe();
        const pid_t parent = ::getpid();
        pid_ = ::fork();
        if (pid_ < 0) throw system_error(errno, "start " + program.argv[0]);
        if (pid_ == 0) {
            ::setpgid(0, 0);
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (::getppid() != parent) ::_exit(127);
            reset_signals();
            ::dup2(in, STDIN_FILENO);
            ::dup2(out, STDOUT_FILENO);
            ::dup2(err, STDERR_FILENO);
            enter_program(vectors, program.folder.c_str(), failure.write.get());
        }
        ::setpgid(pid_, pid_);
        pidfd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
        const_cast<Pipe &>(failure).write.reset();
        if (const int why = exec_failure(failure.read)) {
            reap();
            throw system_error(why, "start " + program.argv[0]);
        }
    }
    ~Child() {
        if (pid_ > 0) {
            ::kill(-pid_, SIGKILL);
            reap();
        }
    }
    Child(const Child &) = delete;
    Child &operator=(const Child &) = delete;

    int pidfd() const { return pidfd_.get(); }
    // Ends what the program left behind in its group, and tells how it ended.
    int finish() {
        ::kill(-pid_, SIGKILL);
        return reap();
    }

 private:
    int reap() {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return status;
    }

    pid_t pid_ = -1;
    Fd pidfd_;
};

// Feeds a child's input and collects its outputs, without blocking on any of them.
class Exchange {
 public:
    Exchange(Pipe in, Pipe out, Pipe err, std::string_view input, const LineCallback &on_line)
        : in_(std::move(in.write)),
          out_(std::move(out.read)),
          err_(std::move(err.read)),
          input_(input),
          on_line_(on_line) {
        for (const Fd *fd : {&in_, &out_, &err_}) {
            ::fcntl(fd->get(), F_SETFL, ::fcntl(fd->get(), F_GETFL) | O_NONBLOCK);
        }
        if (input_.empty()) in_.reset();
    }

    // Until the child has ended and its pipes are drained. Throws at the deadline.
    void run(const Child &child, const std::string &name, Deadline deadline, const Cancel &cancel) {
        bool ended = false;
        while (out_.open() || err_.open() || !ended) {
            cancel.check();
            if (deadline.expired()) {
                throw Error{"timeout", name + " did not end in time and was stopped", "",
                            ExitCode::timeout};
            }
            // A negative descriptor is one that poll(2) passes over.
            std::array<pollfd, 5> watched{{{in_.get(), POLLOUT, 0},
                                           {out_.get(), POLLIN, 0},
                                           {err_.get(), POLLIN, 0},
                                           {ended ? -1 : child.pidfd(), POLLIN, 0},
                                           {cancel.fd(), POLLIN, 0}}};
            const int timeout = ended                ? 0
                                : deadline.bounded() ? deadline.poll_timeout(std::chrono::hours{1})
                                                     : -1;
            const int ready = ::poll(watched.data(), watched.size(), timeout);
            if (ready < 0 && errno != EINTR) throw system_error(errno, "wait for " + name);
            if (ready <= 0) {
                // The program is gone and its pipes are empty: whoever still holds their other end
                // is a leftover of it, and is not waited for.
                if (ended) return;
                continue;
            }
            if (watched[0].revents != 0) feed();
            if (watched[1].revents != 0) collect(out_, result.output);
            if (watched[2].revents != 0) collect(err_, result.errors);
            if (watched[3].revents != 0) ended = true;
        }
    }

    ProgramResult result;

 private:
    void feed() {
        const ssize_t sent = ::write(in_.get(), input_.data(), input_.size());
        if (sent > 0) input_.remove_prefix(static_cast<std::size_t>(sent));
        // EPIPE: the program does not want the rest, which is its right.
        if (input_.empty() || (sent < 0 && errno != EAGAIN && errno != EINTR)) in_.reset();
    }

    void collect(Fd &fd, std::string &into) {
        std::array<char, 65536> buffer;
        const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got <= 0) {
            fd.reset();
            return;
        }
        const std::string_view bytes{buffer.data(), static_cast<std::size_t>(got)};
        if (&fd == &err_ && on_line_) tell_lines(bytes);
        const std::size_t room = output_cap - into.size();
        if (bytes.size() > room) result.cut = true;
        into += bytes.substr(0, room);
    }

    void tell_lines(std::string_view bytes) {
        line_ += bytes;
        std::size_t end = 0;
        while ((end = line_.find('\n')) != std::string::npos) {
            on_line_(std::string_view{line_}.substr(0, end));
            line_.erase(0, end + 1);
        }
        if (line_.size() > 65536) line_.clear();
    }

    Fd in_, out_, err_;
    std::string_view input_;
    const LineCallback &on_line_;
    std::string line_;
};

// Writing to a program that ended must be an error here, not this process's death.
class IgnorePipeSignal {
 public:
    IgnorePipeSignal() {
        struct sigaction ignore {};
        ignore.sa_handler = SIG_IGN;
        ::sigaction(SIGPIPE, &ignore, &before_);
    }
    ~IgnorePipeSignal() { ::sigaction(SIGPIPE, &before_, nullptr); }
    IgnorePipeSignal(const IgnorePipeSignal &) = delete;
    IgnorePipeSignal &operator=(const IgnorePipeSignal &) = delete;

 private:
    struct sigaction before_ {};
};

// Writes the caller's own identity to `path`, durably, by system calls alone: it runs between fork
// and exec. `boot` is the boot id. Returns an errno value.
int record_identity(const char *temporary, const char *path, int folder, const char *boot) {
    std::array<char, 1024> stat{};
    const int source = ::open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    const ssize_t got = source < 0 ? -1 : ::read(source, stat.data(), stat.size() - 1);
    if (got <= 0) return errno;
    ::close(source);
    const char *field = std::strrchr(stat.data(), ')');
    for (int i = 2; field && i < 22; ++i) field = std::strchr(field + 1, ' ');
    if (!field) return EINVAL;
    std::array<char, 32> start{};
    for (std::size_t i = 0; i + 1 < start.size() && field[i + 1] >= '0' && field[i + 1] <= '9';
         ++i) {
        start[i] = field[i + 1];
    }
    std::array<char, 256> document{};
    char *to = document.data();
    const auto append = [&](const char *text) { to = ::stpcpy(to, text); };
    std::array<char, 16> digits{};
    char *digit = digits.data() + digits.size() - 1;
    for (pid_t pid = ::getpid(); pid > 0; pid /= 10) *--digit = static_cast<char>('0' + pid % 10);
    append("{\"pid\":");
    append(digit);
    append(",\"start\":");
    append(start.data());
    append(",\"boot\":\"");
    append(boot);
    append("\"}\n");
    const auto size = to - document.data();
    const int file = ::open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    if (::write(file, document.data(), static_cast<std::size_t>(size)) != size) {
        return errno != 0 ? errno : ENOSPC;
    }
    if (::fsync(file) != 0 || ::rename(temporary, path) != 0 || ::fsync(folder) != 0) return errno;
    ::close(file);
    return 0;
}

}  // namespace

std::optional<fs::path> find_program(const std::string &name) {
    if (name.empty()) return std::nullopt;
    if (name.find('/') != std::string::npos) {
        if (::access(name.c_str(), X_OK) == 0) return name;
        return std::nullopt;
    }
    const char *path = std::getenv("PATH");
    std::string folders = path ? path : "/usr/local/bin:/usr/bin:/bin";
    folders += ":/usr/local/sbin:/usr/sbin:/sbin";  // often missing for an ordinary user
    for (std::size_t at = 0; at <= folders.size();) {
        const std::size_t end = std::min(folders.find(':', at), folders.size());
        const fs::path candidate = fs::path{folders.substr(at, end - at)} / name;
        std::error_code failed;
        if (candidate.is_absolute() && fs::is_regular_file(candidate, failed) &&
            ::access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
        at = end + 1;
    }
    return std::nullopt;
}

ProgramResult run_program(const Program &program, Deadline deadline, const Cancel &cancel,
                          const LineCallback &on_line) {
    const ExecVectors vectors{program};
    const IgnorePipeSignal ignore;
    Pipe in = make_pipe(), out = make_pipe(), err = make_pipe();
    Child child{program, vectors, in.read.get(), out.write.get(), err.write.get()};
    in.read.reset();
    out.write.reset();
    err.write.reset();
    Exchange exchange{std::move(in), std::move(out), std::move(err), program.input, on_line};
    exchange.run(child, program.argv[0], deadline, cancel);
    const int status = child.finish();
    ProgramResult result = std::move(exchange.result);
    result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    result.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return result;
}

ProcessIdentity spawn_program(const Program &program, const fs::path &log,
                              const fs::path &identity_file) {
    const ExecVectors vectors{program};
    const Fd input{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    const Fd output{::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
    if (!output.open()) throw system_error(errno, "open \"" + log.string() + "\"");
    const Fd folder{
        ::open(identity_file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!folder.open())
        throw system_error(errno, "open the folder of \"" + identity_file.string() + "\"");
    const std::string temporary = identity_file.string() + ".new";
    const std::string boot = ProcessIdentity::self().boot;
    Pipe failure = make_pipe();
    // The child's child is the program: reparented at once, it never becomes a zombie of ours.
    const pid_t child = ::fork();
    if (child < 0) throw system_error(errno, "start " + program.argv[0]);
    if (child == 0) {
        ::setsid();
        const pid_t grandchild = ::fork();
        if (grandchild != 0) ::_exit(grandchild < 0 ? 1 : 0);
        reset_signals();
        const int why =
            record_identity(temporary.c_str(), identity_file.c_str(), folder.get(), boot.c_str());
        if (why != 0) {
            [[maybe_unused]] const auto written = ::write(failure.write.get(), &why, sizeof why);
            ::_exit(127);
        }
        ::dup2(input.get(), STDIN_FILENO);
        ::dup2(output.get(), STDOUT_FILENO);
        ::dup2(output.get(), STDERR_FILENO);
        enter_program(vectors, program.folder.c_str(), failure.write.get());
    }
    failure.write.reset();
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    if (const int why = exec_failure(failure.read)) {
        std::error_code ignored;
        fs::remove(identity_file, ignored);
        throw system_error(why, "start " + program.argv[0]);
    }
    const auto text = read_file(identity_file, 4096);
    if (!text)
        throw Error{"system", "cannot start " + program.argv[0] + ": no process could be made"};
    return ProcessIdentity::from_json(json_in(*text, identity_file.string()));
}

}  // namespace davit::host
