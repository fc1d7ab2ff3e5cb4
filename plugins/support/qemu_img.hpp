// SPDX-License-Identifier: Apache-2.0
// Disk images, by way of qemu-img.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "process.hpp"

namespace davit::support {

class QemuImg {
 public:
    explicit QemuImg(const Process &process) : process_(process) {}

    // The first line that `qemu-img --version` prints. DAVIT_E_UNAVAILABLE if it is not installed.
    std::string version(Call &call) const;

    // The size of the disk that a guest sees in an image. DAVIT_E_INVALID for a file that is no
    // image of that format, and for an image that draws on other files: whoever made it would
    // decide which of the user's files the guest can read.
    std::uint64_t virtual_size(const std::string &image, const std::string &format,
                               Call &call) const;

    struct Overlay {
        std::filesystem::path folder;  // where it is made
        std::string name;              // its file name there
        std::string image;             // what it is laid over; a relative path starts at `folder`
        std::string format;            // of the image
        std::uint64_t size = 0;        // bytes
    };
    // Makes a qcow2 image that holds what differs from another one. DAVIT_E_NO_SPACE on a full
    // disk.
    void create_overlay(const Overlay &overlay, Call &call) const;

 private:
    ToolResult run(std::vector<std::string> arguments, const std::filesystem::path &folder,
                   Call &call) const;

    const Process &process_;
};

}  // namespace davit::support
