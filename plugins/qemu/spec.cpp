// SPDX-License-Identifier: Apache-2.0
// Reads a machine's spec, and refuses what QEMU would only refuse later or misread.
#include "spec.hpp"

#include <algorithm>
#include <davit/cxx/plugin.hpp>
#include <string_view>

namespace davit::qemu {

namespace {

using support::number_in;
using support::object_in;
using support::text_in;

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
const char *const what = "machine spec";

Error invalid(const std::string &why) {
    return Error(DAVIT_E_INVALID, std::string(what) + ": " + why);
}

// Whether `text` is `shape` with a lower-case hexadecimal digit for each x.
bool has_shape(std::string_view text, std::string_view shape) {
    constexpr std::string_view digits = "0123456789abcdef";
    return std::equal(text.begin(), text.end(), shape.begin(), shape.end(), [&](char c, char s) {
        return s == 'x' ? digits.find(c) != digits.npos : c == s;
    });
}

std::string absolute_path(const Json &object, const char *key) {
    auto path = text_in(object, key, what);
    if (path.empty() || path.front() != '/') {
        throw invalid('"' + std::string(key) + "\" is not an absolute path");
    }
    return path;
}

std::string text_or_empty(const Json &object, const char *key) {
    return object.contains(key) ? text_in(object, key, what) : std::string{};
}

DirectBoot parse_boot(const Json &boot) {
    DirectBoot direct;
    direct.kernel = absolute_path(boot, "kernel");
    if (boot.contains("initrd")) direct.initrd = absolute_path(boot, "initrd");
    direct.cmdline = text_or_empty(boot, "cmdline");
    return direct;
}

Image parse_image(const Json &image) {
    Image result{absolute_path(image, "path"), text_in(image, "format", what)};
    if (result.format != "qcow2" && result.format != "raw") {
        throw invalid("the image's format \"" + result.format + "\" is neither qcow2 nor raw");
    }
    return result;
}

std::string parse_nics(const Json &document) {
    const auto nics = document.find("nics");
    if (nics == document.end() || !nics->is_array() || nics->empty()) {
        throw invalid("\"nics\" names no network card");
    }
    if (nics->size() > 1) {
        throw Error(DAVIT_E_UNSUPPORTED, "this driver gives a machine one network card, not " +
                                             std::to_string(nics->size()));
    }
    const Json &nic = nics->front();
    auto mac = text_in(nic, "mac", what);
    if (!has_shape(mac, "xx:xx:xx:xx:xx:xx"))
        throw invalid("\"" + mac + "\" is no hardware address");
    if (const auto mode = text_or_empty(nic, "mode"); !mode.empty() && mode != "default") {
        throw Error(DAVIT_E_UNSUPPORTED, "this driver has no network mode \"" + mode + '"');
    }
    return mac;
}

std::string parse_id(const Json &document) {
    auto id = text_in(document, "id", what);
    if (!has_shape(id, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")) throw invalid("\"id\" is no UUID");
    return id;
}

}  // namespace

MachineSpec parse_spec(const Json &document) {
    MachineSpec spec;
    spec.name = text_in(document, "name", what);
    if (spec.name.empty()) throw invalid("\"name\" is empty");
    spec.id = parse_id(document);
    spec.arch = text_in(document, "arch", what);
    spec.cpus = number_in(document, "cpus", what);
    if (spec.cpus < 1 || spec.cpus > 255) throw invalid("\"cpus\" is not between 1 and 255");
    spec.memory = number_in(document, "memory", what);
    if (spec.memory < mebibyte) throw invalid("\"memory\" is less than 1 MiB");
    const Json &disk = object_in(document, "disk", what);
    spec.disk_size = number_in(disk, "size", what);
    spec.image = parse_image(object_in(disk, "image", what));
    if (document.contains("boot")) spec.boot = parse_boot(object_in(document, "boot", what));
    if (document.contains("seed")) spec.seed = absolute_path(document, "seed");
    spec.mac = parse_nics(document);
    return spec;
}

}  // namespace davit::qemu
