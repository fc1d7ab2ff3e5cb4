// SPDX-License-Identifier: Apache-2.0
// The strict reader of plugin.json: every fault has an id, and nothing is guessed.
#include "plugins/manifest.hpp"

#include <davit/base.h>
#include <davit/driver.h>
#include <davit/mount.h>
#include <sys/utsname.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/files.hpp"
#include "plugins/names.hpp"
#include "plugins/trust.hpp"

namespace davit::host {
namespace {

// One plugin.json being read; every error names the file.
class Reader {
 public:
    explicit Reader(const fs::path &file) : file_(file.string()) {}

    Error fault(const std::string &id, const std::string &what,
                const std::string &hint = "tell whoever made the plugin") const {
        return {id, file_ + ": " + what, hint};
    }

    Json parse(const std::string &bytes) const {
        try {
            Json document = json_in(bytes, file_, manifest_limits);
            if (!document.is_object()) throw fault("manifest-wrong-type", "must be an object");
            return document;
        } catch (const Error &error) {
            if (error.id() != "bad-json") throw;
            throw Error{"manifest-bad-json", error.message(), "tell whoever made the plugin"};
        }
    }

    const Json &required(const Json &object, const std::string &key) const {
        const auto found = object.find(key);
        if (found == object.end()) throw fault("manifest-missing-key", quoted(key) + " is missing");
        return *found;
    }
    // NULL: not there.
    const Json *optional(const Json &object, const std::string &key) const {
        const auto found = object.find(key);
        return found == object.end() ? nullptr : &*found;
    }

    std::string text(const Json &value, const std::string &key) const {
        if (!value.is_string()) throw wrong_type(key, "a string");
        return value.get<std::string>();
    }
    std::uint64_t number(const Json &value, const std::string &key) const {
        if (!value.is_number_unsigned()) throw wrong_type(key, "an integer");
        return value.get<std::uint64_t>();
    }
    const Json &object(const Json &value, const std::string &key) const {
        if (!value.is_object()) throw wrong_type(key, "an object");
        return value;
    }
    const Json &array(const Json &value, const std::string &key) const {
        if (!value.is_array()) throw wrong_type(key, "an array");
        return value;
    }

    static std::string quoted(const std::string &text) {
        return '"' + valid_utf8(std::string_view{text}.substr(0, 200)) + '"';
    }

 private:
    Error wrong_type(const std::string &key, const std::string &type) const {
        return fault("manifest-wrong-type", quoted(key) + " must be " + type);
    }

    std::string file_;
};

void check_format(const Reader &read, const Json &document) {
    const auto major = read.number(read.required(document, "manifest"), "manifest");
    if (major == 1) return;
    throw read.fault("manifest-version",
                     "is of manifest version " + std::to_string(major) + ", this davit reads 1",
                     "install a newer davit, or an older build of the plugin");
}

struct SdkVersion {
    unsigned major = 0;
    unsigned minor = 0;
};

// "MAJOR.MINOR", digits only, no sign, no leading zero, nothing behind it.
std::optional<SdkVersion> parse_sdk(std::string_view text) {
    const auto part = [](std::string_view digits) -> std::optional<unsigned> {
        unsigned value = 0;
        const auto [end, failed] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        const bool whole = failed == std::errc{} && end == digits.data() + digits.size();
        if (!whole || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
        return value;
    };
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto major = part(text.substr(0, dot));
    const auto minor = part(text.substr(dot + 1));
    if (!major || !minor) return std::nullopt;
    return SdkVersion{*major, *minor};
}

// "1.3" was built with SDK 1.3 and loads into any host of SDK 1; ">=1.3" cannot do without 1.3.
void check_sdk(const Reader &read, const Json &document) {
    const std::string text = read.text(read.required(document, "sdk"), "sdk");
    const bool at_least = text.starts_with(">=");
    const auto wanted = parse_sdk(std::string_view{text}.substr(at_least ? 2 : 0));
    if (!wanted) {
        throw read.fault("manifest-sdk", "\"sdk\" must be like \"1.0\" or \">=1.3\", and is " +
                                             Reader::quoted(text));
    }
    const std::string ours =
        std::to_string(DAVIT_SDK_MAJOR) + "." + std::to_string(DAVIT_SDK_MINOR);
    const std::string needs = std::to_string(wanted->major) + "." + std::to_string(wanted->minor);
    const std::string message = "the plugin needs SDK " + needs + ", this davit has " + ours;
    if (wanted->major != DAVIT_SDK_MAJOR) {
        throw read.fault("manifest-sdk-major", message,
                         "install the build of the plugin that is made for SDK " + ours);
    }
    if (at_least && wanted->minor > DAVIT_SDK_MINOR) {
        throw read.fault("manifest-sdk-minor", message, "install a newer davit");
    }
}

// A string member that must obey a rule of names.hpp.
std::string ruled(const Reader &read, const Json &value, const std::string &key,
                  bool (*rule)(std::string_view), const std::string &id, const std::string &says) {
    std::string text = read.text(value, key);
    if (rule(text)) return text;
    throw read.fault(id,
                     Reader::quoted(key) + " must be " + says + ", and is " + Reader::quoted(text));
}

PluginKind read_kind(const Reader &read, const Json &document) {
    const std::string kind = read.text(read.required(document, "kind"), "kind");
    if (kind == "driver") return PluginKind::driver;
    if (kind == "mount") return PluginKind::mount;
    throw read.fault("manifest-kind",
                     "\"kind\" must be \"driver\" or \"mount\", and is " + Reader::quoted(kind));
}

std::string read_library(const Reader &read, const Json &document) {
    const Json &libraries = read.object(read.required(document, "library"), "library");
    for (const auto &[platform, value] : libraries.items()) {
        ruled(read, value, "library." + platform, is_bare_file_name, "manifest-library-path",
              "the bare name of a file beside plugin.json");
    }
    for (const auto &key : platform_keys()) {
        if (const Json *name = read.optional(libraries, key)) return name->get<std::string>();
    }
    std::string there;
    for (const auto &[platform, value] : libraries.items()) {
        there += (there.empty() ? "" : ", ") + Reader::quoted(platform);
    }
    throw read.fault("manifest-no-library",
                     "has no library for " + platform_keys().front() + ", only for " +
                         (there.empty() ? "nothing" : there),
                     "install the build of the plugin for this platform");
}

std::map<std::string, Json> read_capabilities(const Reader &read, const Json &value,
                                              const std::string &key) {
    std::map<std::string, Json> capabilities;
    for (const auto &[id, parameters] : read.object(value, key).items()) {
        if (!is_capability_id(id)) {
            throw read.fault("manifest-capability-id",
                             "under \"" + key + "\", " + Reader::quoted(id) +
                                 " must be a dotted name and a revision, such as "
                                 "\"davit.driver/1\" or \"com.example.gpu/1\"");
        }
        const std::string path = std::string{key}.append(".").append(id);
        capabilities.emplace(id, read.object(parameters, path));
    }
    return capabilities;
}

int read_rank(const Reader &read, const Json &value, const std::string &key) {
    const auto rank = read.number(value, key);
    if (rank >= 1 && rank <= 1000) return static_cast<int>(rank);
    throw read.fault("manifest-rank", Reader::quoted(key) + " must be from 1 to 1000");
}

std::string read_scope(const Reader &read, const Json &value, const std::string &key) {
    return ruled(read, value, key, is_plugin_name, "manifest-scope",
                 "1 to 63 lower-case letters, digits and hyphens, beginning with a letter");
}

void read_driver(const Reader &read, const Json &document, Manifest &manifest) {
    const Json *scope = read.optional(document, "scope");
    manifest.scope = scope ? read_scope(read, *scope, "scope") : manifest.name;
    if (const Json *adopts = read.optional(document, "adopts")) {
        for (const auto &from : read.array(*adopts, "adopts")) {
            manifest.adopts.push_back(read_scope(read, from, "adopts[]"));
        }
    }
    if (const Json *ranks = read.optional(document, "default_for")) {
        for (const auto &[platform, value] : read.object(*ranks, "default_for").items()) {
            const int rank = read_rank(read, value, "default_for." + platform);
            if (platform == platform_keys().back()) manifest.rank = rank;
        }
    }
}

void read_mount(const Reader &read, const Json &document, Manifest &manifest) {
    if (const Json *needs = read.optional(document, "needs")) {
        manifest.needs = read_capabilities(read, *needs, "needs");
    }
    if (const Json *rank = read.optional(document, "rank")) {
        manifest.rank = read_rank(read, *rank, "rank");
    }
}

}  // namespace

std::vector<std::string> platform_keys() {
    utsname system{};
    ::uname(&system);
    return {"linux-" + std::string{system.machine}, "linux"};
}

Manifest parse_manifest(const fs::path &folder, std::string bytes) {
    const Reader read{folder / "plugin.json"};
    const Json document = read.parse(bytes);
    check_format(read, document);
    check_sdk(read, document);

    Manifest manifest;
    manifest.folder = folder;
    manifest.bytes = std::move(bytes);
    manifest.id = ruled(read, read.required(document, "id"), "id", is_plugin_id, "manifest-id",
                        "a reversed domain name in lower case, such as \"org.example.thing\"");
    manifest.name =
        ruled(read, read.required(document, "name"), "name", is_plugin_name, "manifest-name",
              "1 to 63 lower-case letters, digits and hyphens, beginning with a letter");
    manifest.kind = read_kind(read, document);
    manifest.version = ruled(read, read.required(document, "version"), "version", is_version,
                             "manifest-plugin-version",
                             "1 to 64 letters, digits and any of . + - ~, beginning with a digit");
    manifest.library = read_library(read, document);
    manifest.provides = read_capabilities(read, read.required(document, "provides"), "provides");
    const bool driver = manifest.kind == PluginKind::driver;
    if (const char *base = driver ? DAVIT_DRIVER : DAVIT_MOUNT; !manifest.provides_id(base)) {
        throw read.fault("manifest-provides", "\"provides\" lacks " + Reader::quoted(base) +
                                                  ", which makes it a " +
                                                  (driver ? "driver" : "mount"));
    }
    driver ? read_driver(read, document, manifest) : read_mount(read, document, manifest);
    return manifest;
}

Manifest read_manifest(const fs::path &folder) {
    const fs::path place = trusted_folder(folder);
    const fs::path file = place / "plugin.json";
    std::error_code failed;
    if (fs::symlink_status(file, failed).type() == fs::file_type::not_found) {
        throw Error{"manifest-missing", "there is no plugin.json in " + place.string(),
                    "name the folder that holds plugin.json and the library"};
    }
    trusted_file(file);
    try {
        auto bytes = read_file(file, manifest_limits.bytes);
        if (!bytes) throw system_error(ENOENT, "read " + file.string());
        return parse_manifest(place, std::move(*bytes));
    } catch (const Error &error) {
        if (error.id() != "file-too-large") throw;
        throw Error{"manifest-too-large", error.message(), "tell whoever made the plugin"};
    }
}

}  // namespace davit::host
