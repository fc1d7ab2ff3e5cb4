// SPDX-License-Identifier: Apache-2.0
// davit image build | import | list | remove
#include <fmt/format.h>

#include "base/files.hpp"
#include "cli/commands.hpp"
#include "images/source.hpp"

namespace davit::host {
namespace {

void describe(po::options_description &options) {
    describe_format(options);
    options.add_options()("name,n", po::value<std::string>()->value_name("NAME"),
                          "build, import: what to call the image")(
        "kernel", po::value<std::string>()->value_name("FILE"),
        "import: a kernel to boot the image with, without firmware")(
        "initrd", po::value<std::string>()->value_name("FILE"), "import: the kernel's initrd")(
        "cmdline", po::value<std::string>()->default_value("")->value_name("TEXT"),
        "import: the kernel's command line");
}

Json json_of(const Image &image) {
    return {{"names", image.names},         {"hash", image.hash},
            {"format", image.format},       {"virtual_size", image.virtual_size},
            {"file_size", image.file_size}, {"os", image.os},
            {"release", image.release},     {"origin", image.origin},
            {"created", image.created},     {"boots_without_firmware", image.kernel.has_value()},
            {"cmdline", image.cmdline}};
}

int list_images(Services &services, const Arguments &arguments) {
    Json document{{"images", Json::array()}};
    Table table{{"Name", "OS", "Size", "Disk", "Created", "Hash"},
                {},
                "No images found. Build one: davit image build debian"};
    Table csv{{"Name", "OS", "Release", "File size", "Virtual size", "Created", "Hash"}, {}, ""};
    std::vector<std::string> warnings;
    for (const Image &image : services.images().list(warnings)) {
        const std::string names = fmt::format("{}", fmt::join(image.names, ", "));
        document["images"].push_back(json_of(image));
        table.rows.push_back({names, image.os + ' ' + image.release, human_size(image.file_size),
                              human_size(image.virtual_size), image.created,
                              image.hash.substr(0, 12)});
        csv.rows.push_back({names, image.os, image.release, std::to_string(image.file_size),
                            std::to_string(image.virtual_size), image.created, image.hash});
    }
    for (const auto &warning : warnings) services.progress().note("warning: " + warning);
    fmt::print("{}", render(format_of(arguments), document, table, csv));
    return 0;
}

std::optional<fs::path> file_option(const Arguments &arguments, const std::string &option) {
    if (!arguments.has(option)) return std::nullopt;
    return fs::absolute(arguments.get<std::string>(option));
}

int import_image(Services &services, const Arguments &arguments) {
    if (arguments.words.size() != 2) throw usage_error("image import needs one file");
    const fs::path file = fs::absolute(arguments.words[1]);
    const std::string name =
        arguments.has("name") ? arguments.get<std::string>("name") : file.stem().string();
    ImageFacts facts;
    facts.origin = "file://" + file.string();
    facts.kernel = file_option(arguments, "kernel");
    facts.initrd = file_option(arguments, "initrd");
    facts.cmdline = arguments.get<std::string>("cmdline");
    if (facts.kernel.has_value() != facts.initrd.has_value()) {
        throw usage_error("--kernel and --initrd go together");
    }
    const Image image =
        services.images().import(file, name, facts, services.progress(), services.cancel());
    services.progress().done();
    fmt::print("Imported: {} ({})\n", name, image.hash.substr(0, 12));
    return 0;
}

int build(Services &services, const Arguments &arguments) {
    if (arguments.words.size() != 2) {
        throw usage_error("image build needs one recipe", "try: davit image build debian");
    }
    const std::string &recipe = arguments.words[1];
    const std::string name = arguments.has("name") ? arguments.get<std::string>("name") : recipe;
    ImageStore store = services.images();
    const Image image = build_image(recipe, name, store, services.progress(), services.cancel());
    services.progress().done();
    fmt::print("Built: {} ({})\n", name, image.hash.substr(0, 12));
    return 0;
}

int remove_images(Services &services, const Arguments &arguments) {
    if (arguments.words.size() < 2) throw usage_error("image remove needs a name");
    ImageStore store = services.images();
    for (std::size_t i = 1; i < arguments.words.size(); ++i) {
        if (!store.has(arguments.words[i])) {
            throw Error{"image-not-found", "there is no image \"" + arguments.words[i] + "\"",
                        "\"davit image list\" shows the images there are"};
        }
    }
    for (std::size_t i = 1; i < arguments.words.size(); ++i) store.remove(arguments.words[i]);
    return 0;
}

int run(Services &services, const Arguments &arguments) {
    const std::string verb = arguments.words.empty() ? "" : arguments.words[0];
    if (verb == "build") return build(services, arguments);
    if (verb == "import") return import_image(services, arguments);
    if (verb == "list" || verb == "ls") return list_images(services, arguments);
    if (verb == "remove" || verb == "rm") return remove_images(services, arguments);
    throw usage_error(verb.empty() ? "image needs a verb" : "unknown verb \"" + verb + "\"",
                      "image build RECIPE, image import FILE, image list, image remove NAME");
}

}  // namespace

Command image_command() {
    return {"image",
            {},
            "build <recipe> | import <file> | list | remove <name> ...",
            "Build, import, list and remove images",
            describe,
            run};
}

}  // namespace davit::host
