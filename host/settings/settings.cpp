// SPDX-License-Identifier: Apache-2.0
// Settings on disk.
#include "settings/settings.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"

namespace davit::host {
namespace {

constexpr std::size_t settings_cap = std::size_t{1} << 20;

fs::path settings_file(const fs::path &home) {
    return home / "settings.json";
}

Json read_settings(const fs::path &home) {
    const fs::path file = settings_file(home);
    try {
        const auto text = read_file(file, settings_cap);
        if (!text) return Json::object();
        Json document = json_in(*text, file.string());
        for (const auto &[key, value] : document.items())
            member<std::string>(document, key.c_str(), file.string());
        return document;
    } catch (const Error &error) {
        throw Error{"settings-unreadable", error.message(),
                    "nothing was changed; repair the file, or move it away"};
    }
}

}  // namespace

std::optional<std::string> read_setting(const fs::path &home, const std::string &key) {
    const Json settings = read_settings(home);
    const auto found = settings.find(key);
    if (found == settings.end()) return std::nullopt;
    return found->get<std::string>();
}

void write_setting(const fs::path &home, const std::string &key, const std::string &value,
                   const Cancel &cancel) {
    const FileLock lock = FileLock::acquire(home / "settings.lock",
                                            Deadline::after(std::chrono::seconds{30}), cancel);
    Json settings = read_settings(home);
    settings[key] = value;
    write_file(settings_file(home), json_out(settings, 2) + "\n");
}

}  // namespace davit::host
