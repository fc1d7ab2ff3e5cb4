// SPDX-License-Identifier: Apache-2.0
// Runs qemu-img and says what its failures mean.
#include "qemu_img.hpp"

#include <cerrno>
#include <system_error>

namespace davit::support {

namespace {

// qemu-img tells its errors in words only. It runs with LC_ALL=C, so these are strerror's.
bool says(const std::string &errors, int number) {
    return errors.find(std::generic_category().message(number)) != std::string::npos;
}

std::string first_line(const std::string &text) {
    return text.substr(0, text.find('\n'));
}

}  // namespace

ToolResult QemuImg::run(std::vector<std::string> arguments, const std::filesystem::path &folder,
                        Call &call) const {
    arguments.insert(arguments.begin(), "qemu-img");
    try {
        return run_tool(process_, arguments, folder, call);
    } catch (const Error &error) {
        if (error.status() != DAVIT_E_UNAVAILABLE) throw;
        throw Error(DAVIT_E_UNAVAILABLE, "qemu-img is not installed",
                    "install it (in Debian: apt install qemu-utils)");
    }
}

std::string QemuImg::version(Call &call) const {
    return first_line(run({"--version"}, {}, call).output);
}

std::uint64_t QemuImg::virtual_size(const std::string &image, const std::string &format,
                                    Call &call) const {
    const ToolResult result =
        run({"info", "--output=json", "--force-share", "-f", format, image}, {}, call);
    if (result.status != 0) {
        throw Error(DAVIT_E_INVALID,
                    "cannot use the image " + image + ": " + first_line(result.errors));
    }
    const std::string what = "qemu-img info of " + image;
    const Json info = json_in(result.output, what);
    if (info.contains("backing-filename")) {
        throw Error(DAVIT_E_INVALID, "the image " + image + " is laid over another file, " +
                                         text_in(info, "backing-filename", what));
    }
    const Json::json_pointer data_file{"/format-specific/data/data-file"};
    if (info.contains(data_file)) {
        throw Error(DAVIT_E_INVALID, "the image " + image + " keeps its data in another file");
    }
    return number_in(info, "virtual-size", what);
}

void QemuImg::create_overlay(const Overlay &overlay, Call &call) const {
    const ToolResult result = run({"create", "-q", "-f", "qcow2", "-b", overlay.image, "-F",
                                   overlay.format, overlay.name, std::to_string(overlay.size)},
                                  overlay.folder, call);
    if (result.status == 0) return;
    const std::string message =
        "cannot make a disk in " + overlay.folder.string() + ": " + first_line(result.errors);
    if (says(result.errors, ENOSPC) || says(result.errors, EDQUOT)) {
        throw Error(DAVIT_E_NO_SPACE, message, "free some space on that disk, then try again");
    }
    throw Error(DAVIT_E_FAILED, message);
}

}  // namespace davit::support
