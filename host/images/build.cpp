// SPDX-License-Identifier: Apache-2.0
// Building images: a recipe is a folder with a program that makes a disk in a folder it is given.
#include <algorithm>
#include <charconv>
#include <deque>
#include <fstream>

#include "base/files.hpp"
#include "base/module.hpp"
#include "base/process.hpp"
#include "images/digest.hpp"
#include "images/incoming.hpp"
#include "images/record.hpp"
#include "images/source.hpp"

namespace davit::host {
namespace {

constexpr std::chrono::minutes build_patience{120};
constexpr std::size_t tail_lines = 12;

std::vector<std::string> known_recipes(const fs::path &recipes) {
    std::vector<std::string> names;
    std::error_code failed;
    for (const auto &entry : fs::directory_iterator{recipes, failed}) {
        if (fs::exists(entry.path() / "build")) names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
}

// The folder of a recipe. It is resolved: the build tree links to the sources.
fs::path find_recipe(const std::string &name) {
    const fs::path recipes = installation_prefix() / "share/davit/recipes";
    const auto known = known_recipes(recipes);
    if (std::find(known.begin(), known.end(), name) != known.end()) {
        return fs::canonical(recipes / name);
    }
    std::string names;
    for (const auto &each : known) names += (names.empty() ? "" : ", ") + each;
    throw Error{
        "recipe-unknown", "there is no recipe \"" + name + "\"",
        names.empty() ? "install davit again: it has lost its recipes" : "there is: " + names,
        ExitCode::usage};
}

// What decides the result: the recipe's files, and what it says that it depends on besides.
std::string key_of(const fs::path &recipe, const Cancel &cancel) {
    const auto answer = run_program({{(recipe / "build").string(), "--key"}, {}, {}, {}},
                                    Deadline::after(std::chrono::minutes{1}), cancel);
    if (answer.status != 0) {
        throw Error{"build-failed", "the recipe cannot be used on this computer",
                    valid_utf8(answer.errors), ExitCode::unavailable};
    }
    const auto digest = sha256();
    digest->add(sha256_of_tree(recipe, cancel));
    digest->add(answer.output);
    return digest->hex();
}

// What a recipe says while it builds: "@progress DONE TOTAL PHASE" is a step, all else goes to the
// log.
class Narrator {
 public:
    Narrator(const fs::path &log, Progress &progress)
        : log_(log, std::ios::trunc), progress_(progress) {}

    void hear(std::string_view line) {
        log_ << line << std::endl;
        if (line.starts_with("@progress ")) {
            step(line.substr(sizeof "@progress"));
            return;
        }
        tail_.emplace_back(valid_utf8(line));
        if (tail_.size() > tail_lines) tail_.pop_front();
    }

    std::string tail() const {
        std::string text;
        for (const auto &line : tail_) text += "  " + line + "\n";
        return text;
    }

 private:
    void step(std::string_view text) {
        const auto number = [&] {
            std::uint64_t value = 0;
            const auto [end, failed] =
                std::from_chars(text.data(), text.data() + text.size(), value);
            text.remove_prefix(static_cast<std::size_t>(end - text.data()));
            if (text.starts_with(' ')) text.remove_prefix(1);
            return failed == std::errc{} ? value : 0;
        };
        const std::uint64_t done = number();
        const std::uint64_t total = number();
        progress_.step(valid_utf8(text), std::min(done, total), total);
    }

    std::ofstream log_;
    Progress &progress_;
    std::deque<std::string> tail_;
};

void run_recipe(const fs::path &recipe, const fs::path &work, const fs::path &log,
                Progress &progress, const Cancel &cancel) {
    Narrator narrator{log, progress};
    const auto result = run_program({{(recipe / "build").string(), work.string()}, {}, work, {}},
                                    Deadline::after(build_patience), cancel,
                                    [&](std::string_view line) { narrator.hear(line); });
    if (result.status == 0) return;
    throw Error{
        "build-failed", "building the image \"" + recipe.filename().string() + "\" failed",
        "the end of what was said:\n" + narrator.tail() + "all of it is in " + log.string()};
}

FileLock wait_for_turn(const fs::path &file, Progress &progress, const Cancel &cancel) {
    if (auto lock = FileLock::try_acquire(file)) return std::move(*lock);
    progress.step("waiting for another build of " + file.stem().string(), 0, 0);
    return FileLock::acquire(file, Deadline::after(build_patience), cancel);
}

// A file that the recipe's result names; it must be the folder's own.
fs::path result_file(const Json &result, const char *key, const fs::path &work) {
    const fs::path name = member<std::string>(result, key, "the recipe's image.json");
    if (name != name.filename() || !fs::is_regular_file(fs::symlink_status(work / name))) {
        throw Error{"build-failed",
                    "the recipe's image.json names no file of its own as " + std::string{key}};
    }
    return work / name;
}

}  // namespace

Image build_image(const std::string &recipe_name, const std::string &name, ImageStore &store,
                  Progress &progress, const Cancel &cancel) {
    const fs::path recipe = find_recipe(recipe_name);
    ImageFacts facts;
    facts.origin = "built: " + recipe_name;
    facts.key = key_of(recipe, cancel);
    make_private_folder(store.folder());
    make_private_folder(store.folder() / "logs");
    const FileLock lock =
        wait_for_turn(store.folder() / "logs" / (recipe_name + ".lock"), progress, cancel);
    if (auto built = store.find_origin(facts.origin, facts.key)) {
        return store.name(*built, name, cancel);
    }
    const Incoming work{store.folder()};
    run_recipe(recipe, work.path(), store.folder() / "logs" / (recipe_name + ".log"), progress,
               cancel);
    const auto text = read_file(work.path() / "image.json", std::size_t{64} << 10);
    if (!text) throw Error{"build-failed", "the recipe left no image.json"};
    const Json result = json_in(*text, "the recipe's image.json");
    facts.os = member<std::string>(result, "os", "the recipe's image.json");
    facts.release = member<std::string>(result, "release", "the recipe's image.json");
    if (result.contains("kernel")) {
        facts.kernel = result_file(result, "kernel", work.path());
        facts.initrd = result_file(result, "initrd", work.path());
        facts.cmdline = member<std::string>(result, "cmdline", "the recipe's image.json");
    }
    return store.import(result_file(result, "disk", work.path()), name, facts, progress, cancel,
                        Take::move);
}

}  // namespace davit::host
