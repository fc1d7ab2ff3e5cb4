// SPDX-License-Identifier: Apache-2.0
// davit_host: who the host is, where a plugin's log lines go, which services there are.
#include "plugins/services.hpp"

#include <davit/host/process.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <ctime>

#include "base/files.hpp"
#include "base/json.hpp"

namespace davit::host {
namespace {

constexpr off_t largest_log = off_t{1} << 20;
constexpr std::size_t longest_line = 4096;

void on_log(const davit_host *host, int32_t level, const char *message) noexcept {
    write_plugin_log(*static_cast<const std::string *>(host->ctx), level, message);
}

const void *on_get(const davit_host *, const char *id) noexcept {
    if (id && std::strcmp(id, DAVIT_HOST_PROCESS) == 0) return process_service();
    return nullptr;
}

fs::path data_folder() {
    const auto value = [](const char *name) {
        const char *text = ::secure_getenv(name);
        return fs::path{text ? text : ""};
    };
    if (fs::path own = value("DAVIT_HOME"); own.is_absolute()) return own;
    if (fs::path data = value("XDG_DATA_HOME"); data.is_absolute()) return data / "davit";
    if (fs::path home = value("HOME"); home.is_absolute()) return home / ".local/share/davit";
    throw Error{"no-home", "neither DAVIT_HOME nor HOME names a folder"};
}

const char *level_name(int32_t level) {
    switch (level) {
        case DAVIT_LOG_DEBUG:
            return "debug";
        case DAVIT_LOG_INFO:
            return "info";
        case DAVIT_LOG_WARNING:
            return "warning";
        default:
            return "error";
    }
}

// "2026-01-31T12:00:00Z [4711] plugin warning: message", whatever the message holds.
std::string log_line(const std::string &plugin, int32_t level, const char *message) {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char when[32];
    std::strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc);
    std::string text = valid_utf8(std::string_view{message ? message : ""}.substr(0, longest_line));
    for (char &c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    return std::string{when} + " [" + std::to_string(::getpid()) + "] " + plugin + " " +
           level_name(level) + ": " + text + "\n";
}

// One write(2) to a file opened for appending, so that lines of several commands do not mix.
void append_line(const std::string &line) {
    const fs::path home = data_folder();
    make_private_folder(home);
    make_private_folder(home / "logs");
    const fs::path log = home / "logs/plugins.log";
    const Fd fd{::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!fd.open()) return;
    [[maybe_unused]] const auto written = ::write(fd.get(), line.data(), line.size());
    struct stat status {};
    if (::fstat(fd.get(), &status) == 0 && status.st_size > largest_log) {
        fs::rename(log, home / "logs/plugins.log.1");
    }
}

}  // namespace

HostServices::HostServices(std::string plugin)
    : plugin_(std::move(plugin)),
      host_{sizeof(davit_host), &plugin_, DAVIT_SDK_MAJOR, DAVIT_SDK_MINOR, "davit",
            DAVIT_VERSION,      on_log,   on_get} {}

void write_plugin_log(const std::string &plugin, int32_t level, const char *message) noexcept {
    try {
        const bool debugging = ::secure_getenv("DAVIT_DEBUG") != nullptr;
        if (level <= DAVIT_LOG_DEBUG && !debugging) return;
        const std::string line = log_line(plugin, level, message);
        if (debugging) {
            [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
        }
        append_line(line);
    } catch (...) {  // NOLINT(bugprone-empty-catch): a log that cannot be written stops nothing
    }
}

}  // namespace davit::host
