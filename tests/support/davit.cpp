// SPDX-License-Identifier: Apache-2.0
// The program under test, found beside the test program.
#include "support/davit.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/module.hpp"

namespace davit::test {
namespace {

const host::Cancel nobody;

}  // namespace

Davit::Davit(std::vector<std::string> global)
    : environment{{"LC_ALL", "C.UTF-8"}},
      home_(folder_.path() / "home"),
      global_(std::move(global)) {}

Davit::~Davit() {
    try {
        if (std::filesystem::exists(home_ / "scopes")) run({"delete", "--all", "--purge"});
    } catch (const std::exception &error) {
        ADD_FAILURE() << "cleaning up " << home_ << ": " << error.what();
    }
}

std::filesystem::path Davit::program() {
    return host::installation_prefix() / "bin/davit";
}

host::Program Davit::line(const std::vector<std::string> &words, const std::string &input) const {
    host::Program program;
    program.argv = {Davit::program().string()};
    program.argv.insert(program.argv.end(), global_.begin(), global_.end());
    program.argv.insert(program.argv.end(), words.begin(), words.end());
    program.environment = environment;
    program.environment["DAVIT_HOME"] = home_.string();
    program.input = input;
    return program;
}

Outcome Davit::run(const std::vector<std::string> &words, const std::string &input) const {
    const auto result =
        host::run_program(line(words, input), host::Deadline::after(patience), nobody);
    return {result.status, result.output, result.errors};
}

host::ProcessIdentity Davit::start(const std::vector<std::string> &words) const {
    return host::spawn_program(line(words, ""), folder() / "log", folder() / "started.json");
}

}  // namespace davit::test
