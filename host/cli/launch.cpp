// SPDX-License-Identifier: Apache-2.0
// davit launch
#include <fmt/format.h>

#include <charconv>
#include <iostream>
#include <iterator>

#include "base/files.hpp"
#include "cli/commands.hpp"
#include "cli/size.hpp"
#include "cli/targets.hpp"

namespace davit::host {
namespace {

constexpr std::size_t user_data_cap = std::size_t{1} << 20;

void describe(po::options_description &options) {
    options.add_options()("name,n", po::value<std::string>()->value_name("NAME"),
                          "the instance's name; one is made up if it is left out")(
        "cpus,c", po::value<std::string>()->default_value("1")->value_name("COUNT"),
        "how many CPUs, at least 1")(
        "memory,m", po::value<std::string>()->default_value("1G")->value_name("SIZE"),
        "how much memory, at least 512M")("disk,d", po::value<std::string>()->value_name("SIZE"),
                                          "how much disk; by default 5G, or the image's size")(
        "cloud-init", po::value<std::string>()->value_name("FILE"),
        "a cloud-init document for the guest; \"-\" is standard input");
    describe_timeout(options);
}

std::uint64_t parse_count(const std::string &text) {
    std::uint64_t count = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failed != std::errc{} || end != text.data() + text.size() || count < 1 || count > 1024) {
        throw usage_error("--cpus needs a whole number of at least 1, not \"" + text + "\"");
    }
    return count;
}

std::string read_user_data(const std::string &name) {
    std::string text;
    if (name == "-") {
        text.assign(std::istreambuf_iterator<char>{std::cin}, {});
        if (text.size() > user_data_cap) throw usage_error("the cloud-init document is too large");
    } else {
        auto read = read_file(name, user_data_cap);
        if (!read) throw usage_error("the cloud-init document \"" + name + "\" does not exist");
        text = std::move(*read);
    }
    if (text.empty()) throw usage_error("the cloud-init document \"" + name + "\" is empty");
    return text;
}

int run(Services &services, const Arguments &arguments) {
    if (arguments.words.size() > 1) throw usage_error("launch takes one image");
    LaunchRequest request;
    if (!arguments.words.empty()) request.image = arguments.words[0];
    if (arguments.has("name")) request.name = arguments.get<std::string>("name");
    request.cpus = parse_count(arguments.get<std::string>("cpus"));
    request.memory = parse_size(arguments.get<std::string>("memory"), "--memory");
    if (arguments.has("disk")) {
        request.disk = parse_size(arguments.get<std::string>("disk"), "--disk");
    }
    if (arguments.has("cloud-init")) {
        request.user_data = read_user_data(arguments.get<std::string>("cloud-init"));
    }
    request.timeout = timeout_of(arguments);
    const std::string name = launch(services, request);
    fmt::print("Launched: {}\n", name);
    return 0;
}

}  // namespace

Command launch_command() {
    return {"launch", {}, "[<image> | file://<path>]", "Make and start an instance", describe, run};
}

}  // namespace davit::host
