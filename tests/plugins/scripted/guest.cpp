// SPDX-License-Identifier: Apache-2.0
// An sshd that runs as the user, with the keys of a cloud-init seed.
#include "guest.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <vector>

namespace scripted {
namespace {

namespace fs = std::filesystem;

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

// A port that is free now. Somebody may take it before the server does, which then ends at once.
int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto *raw = reinterpret_cast<sockaddr *>(&address);
    const bool done = ::bind(fd, raw, size) == 0 && ::getsockname(fd, raw, &size) == 0;
    ::close(fd);
    if (!done) throw davit::Error(DAVIT_E_FAILED, "there is no free port");
    return ntohs(address.sin_port);
}

bool connects(int port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool done =
        ::connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    ::close(fd);
    return done;
}

// The JSON value behind `key` in a text that contains JSON somewhere, such as a multipart message.
Json value_behind(const std::string &text, const std::string &key) {
    const auto at = text.find('"' + key + '"');
    const auto begin = at == text.npos ? at : text.find_first_of("\"[", text.find(':', at));
    if (begin == text.npos) {
        throw davit::Error(DAVIT_E_INVALID, "the seed's user-data has no \"" + key + '"');
    }
    const char close = text[begin] == '[' ? ']' : '"';
    auto end = begin + 1;
    while (end < text.size() && text[end] != close) end += text[end] == '\\' ? 2 : 1;
    return Json::parse(text.substr(begin, end + 1 - begin));
}

// Every process that descends from `pid`, which a server's sessions do, in sessions of their own.
std::vector<int> family(int pid) {
    std::vector<int> found{pid};
    for (std::size_t i = 0; i < found.size(); ++i) {
        const std::string tasks = "/proc/" + std::to_string(found[i]) + "/task";
        std::error_code gone;
        for (const auto &task : fs::directory_iterator{tasks, gone}) {
            std::ifstream children{task.path() / "children"};
            for (int child = 0; children >> child;) found.push_back(child);
        }
    }
    return found;
}

}  // namespace

std::string user_name() {
    const passwd *user = ::getpwuid(::geteuid());
    return user != nullptr ? user->pw_name : "root";
}

std::string Guest::identity() const {
    const std::string path = folder_ + "/process.json";
    return fs::exists(path) ? read_file(path) : "";
}

bool Guest::running(davit::Call &call) const {
    const std::string process = identity();
    return !process.empty() && process_.alive(process, call);
}

int Guest::pid() const {
    return Json::parse(identity())["pid"].get<int>();
}

int Guest::port() const {
    return Json::parse(read_file(folder_ + "/port")).get<int>();
}

void Guest::spawn(const Json &argv, davit::Call &call) const {
    process_.spawn(Json{{"argv", argv},
                        {"folder", folder_},
                        {"log", console()},
                        {"identity", folder_ + "/process.json"}}
                       .dump(),
                   call);
}

void Guest::configure(const Json &spec, int port, davit::Call &call) const {
    const Json request{{"argv", {"bsdtar", "-xOf", spec.at("seed"), "user-data"}}};
    const Json result = Json::parse(process_.run(request.dump(), call));
    const std::string seed = result["stdout"].get<std::string>();
    write_file(folder_ + "/host_key", value_behind(seed, "ed25519_private").get<std::string>());
    const Json keys = value_behind(seed, "ssh_authorized_keys");
    write_file(folder_ + "/authorized_keys", keys.at(0).get<std::string>() + "\n");
    write_file(folder_ + "/port", std::to_string(port));
    write_file(folder_ + "/sshd_config", "ListenAddress 127.0.0.1\nPort " + std::to_string(port) +
                                             "\nHostKey " + folder_ + "/host_key" +
                                             "\nAuthorizedKeysFile " + folder_ +
                                             "/authorized_keys"
                                             "\nPidFile none\nUsePAM no\nStrictModes no"
                                             "\nPasswordAuthentication no"
                                             "\nKbdInteractiveAuthentication no"
                                             "\nPermitRootLogin prohibit-password"
                                             "\nMaxSessions 100\nMaxStartups 100"
                                             "\nSubsystem sftp internal-sftp\n");
    // Where a server that runs as root wants to find an empty folder; its package's unit makes it.
    if (::geteuid() == 0) ::mkdir("/run/sshd", 0755);
}

bool Guest::answers(int port, davit::Call &call) const {
    while (running(call)) {
        if (connects(port)) return running(call);
        wait_cancellable(10, call);
    }
    return false;
}

void Guest::serve_ssh(const Json &spec, davit::Call &call) const {
    for (int attempt = 0; attempt < 5; ++attempt) {
        const int port = free_port();
        configure(spec, port, call);
        spawn({"/usr/sbin/sshd", "-D", "-e", "-f", folder_ + "/sshd_config"}, call);
        if (answers(port, call)) return;
    }
    throw davit::Error(DAVIT_E_FAILED, "sshd does not start", "read " + console());
}

void Guest::start(const Json &spec, const Json &machine, davit::Call &call) const {
    {
        std::ofstream console_file{console(), std::ios::app};
        console_file << machine.value("console", std::string{"The scripted guest boots."}) << '\n';
    }
    if (machine.contains("exit_after_ms")) {
        write_file(folder_ + "/port", std::to_string(free_port()));
        const double seconds = machine["exit_after_ms"].get<double>() / 1000;
        return spawn({"sleep", std::to_string(seconds)}, call);
    }
    if (machine.value("silent", false)) {
        write_file(folder_ + "/port", std::to_string(free_port()));
        return spawn({"sleep", "infinity"}, call);
    }
    serve_ssh(spec, call);
}

void Guest::shut_down(const Json &machine, davit::Call &call) const {
    if (!machine.value("stubborn", false)) {
        for (const int process : family(pid())) ::kill(process, SIGTERM);
    }
    process_.wait(identity(), call);
}

void Guest::kill(davit::Call &call) const {
    std::vector<int> sessions = family(pid());
    process_.kill(identity(), call);
    for (const int session : sessions) ::kill(session, SIGKILL);
}

}  // namespace scripted
