// SPDX-License-Identifier: Apache-2.0
// A small inetd: it listens before it is known to anybody, so that no port is ever lost to another
// process, and starts `sshd -i` for each connection.
#include "support/ssh_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "base/files.hpp"

namespace davit::test {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const char *what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void write_text(const fs::path &path, const std::string &text) {
    const host::Fd fd{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (!fd.open() || ::write(fd.get(), text.data(), text.size()) != ssize_t(text.size())) {
        fail("write a file of the SSH server");
    }
}

std::vector<pid_t> children(pid_t parent) {
    const std::string process = "/proc/" + std::to_string(parent);
    std::ifstream list{process + "/task/" + std::to_string(parent) + "/children"};
    std::vector<pid_t> found;
    for (pid_t child = 0; list >> child;) found.push_back(child);
    return found;
}

void signal_descendants(pid_t parent, int signal) {
    for (const pid_t child : children(parent)) {
        signal_descendants(child, signal);
        ::kill(child, signal);
    }
}

// Root's sshd wants /run/sshd and writes down logins in /run and /var/log: in places of its own.
void hide_system_folders() {
    if (::geteuid() != 0) return;
    const bool own = ::unshare(CLONE_NEWNS) == 0 &&
                     ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                     ::mount("none", "/run", "tmpfs", 0, "mode=755") == 0 &&
                     ::mount("none", "/var/log", "tmpfs", 0, "mode=755") == 0;
    ::mkdir("/run/sshd", 0755);
    // sshd complains on every terminal where this is missing.
    if (own) ::close(::open("/var/log/lastlog", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
}

[[noreturn]] void serve(int connection, const std::string &configuration, const std::string &log) {
    ::dup2(connection, STDIN_FILENO);
    ::dup2(connection, STDOUT_FILENO);
    const int log_file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ::dup2(log_file, STDERR_FILENO);
    ::signal(SIGTERM, SIG_DFL);
    ::execl("/usr/sbin/sshd", "/usr/sbin/sshd", "-i", "-e", "-f", configuration.c_str(), nullptr);
    ::_exit(127);
}

volatile sig_atomic_t asked_to_end = 0;

[[noreturn]] void listen_for_ever(int listener, const std::string &configuration,
                                  const std::string &log) {
    // What a command left running becomes a child of this process, and ends with it.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    hide_system_folders();
    struct sigaction action {};
    action.sa_handler = [](int) { asked_to_end = 1; };
    sigset_t ending, before;
    ::sigemptyset(&ending);
    ::sigaddset(&ending, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &ending, &before);
    ::sigaction(SIGTERM, &action, nullptr);
    const auto reap = [] {
        while (::waitpid(-1, nullptr, WNOHANG) > 0) {
        }
    };
    while (asked_to_end == 0) {
        pollfd entry{listener, POLLIN, 0};
        const timespec second{1, 0};
        if (::ppoll(&entry, 1, &second, &before) == 1) {
            const int connection = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (connection >= 0 && ::fork() == 0) {
                ::sigprocmask(SIG_SETMASK, &before, nullptr);
                serve(connection, configuration, log);
            }
            if (connection >= 0) ::close(connection);
        }
        reap();
    }
    // Each round ends a generation; orphans come here as children.
    do {
        signal_descendants(::getpid(), SIGKILL);
    } while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR);
    ::_exit(0);
}

}  // namespace

std::string user_name() {
    const passwd *entry = ::getpwuid(::geteuid());
    if (!entry) fail("find out who runs this test");
    return entry->pw_name;
}

std::string no_terminals() {
    if (::geteuid() == 0) return {};
    const host::Fd terminal{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    struct stat status {};
    const group *tty = ::getgrnam("tty");
    if (!terminal.open() || ::stat(::ptsname(terminal.get()), &status) != 0) {
        return "this computer has no pseudo-terminals";
    }
    if (!tty || status.st_gid != tty->gr_gid) {
        return "/dev/pts is mounted without gid=tty, and only root's sshd can mend that";
    }
    return {};
}

SshServer::SshServer(const std::string &configuration) {
    const host::KeyPair host_key = host::guest_module().make_key("host");
    const host::KeyPair user_key = host::guest_module().make_key("user");
    write_text(folder() / "host_key", host_key.private_key);
    write_text(folder() / "user_key", user_key.private_key);
    write_text(folder() / "authorized_keys", user_key.public_key + "\n");
    write_configuration(configuration);
    address_ = {"127.0.0.1", 0, user_name(), folder() / "user_key", host_key.public_key};
    listen_in_child();
}

void SshServer::write_configuration(const std::string &more) {
    std::ostringstream text;
    text << more << "\nHostKey " << (folder() / "host_key").string() << "\nAuthorizedKeysFile "
         << (folder() / "authorized_keys").string()
         << "\nUsePAM no\nStrictModes no\nPermitRootLogin yes\nPidFile none\nUseDNS no\n"
            "PrintMotd no\nPrintLastLog no\nPermitUserRC no\nLogLevel VERBOSE\n"
            // Not the outermost shell: bash leaves ~/.bashrc alone.
            "SetEnv SHLVL=2\n";
    write_text(folder() / "sshd_config", text.str());
}

void SshServer::listen_in_child() {
    const host::Fd listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in local{};
    local.sin_family = AF_INET;
    local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof local;
    auto *const name = reinterpret_cast<sockaddr *>(&local);
    if (::bind(listener.get(), name, size) != 0 || ::listen(listener.get(), 16) != 0 ||
        ::getsockname(listener.get(), name, &size) != 0) {
        fail("listen on a loopback port");
    }
    address_.port = ntohs(local.sin_port);
    const std::string configuration = folder() / "sshd_config";
    const std::string log = folder() / "log";
    const pid_t parent = ::getpid();
    listener_ = ::fork();
    if (listener_ < 0) fail("fork");
    if (listener_ > 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);
    listen_for_ever(listener.get(), configuration, log);
}

SshServer::~SshServer() {
    ::kill(listener_, SIGTERM);
    while (::waitpid(listener_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

std::string SshServer::log() const {
    std::ifstream file{folder() / "log"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void SshServer::signal_connections(int signal) const {
    signal_descendants(listener_, signal);
}

}  // namespace davit::test
