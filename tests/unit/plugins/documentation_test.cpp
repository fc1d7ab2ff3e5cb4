// SPDX-License-Identifier: Apache-2.0
// docs/plugin-errors.md lists the ids of errors that there are in host/plugins, and no others.
#include <gmock/gmock.h>

#include <regex>
#include <set>

#include "support.hpp"

namespace davit::host {
namespace {

void collect(const fs::path &file, const std::regex &pattern, std::set<std::string> &ids) {
    const std::string text = read_file(file, 1 << 20).value();
    for (std::sregex_iterator at{text.begin(), text.end(), pattern}, end; at != end; ++at) {
        ids.insert((*at)[1]);
    }
}

std::set<std::string> thrown() {
    const std::regex literal{R"re("((?:manifest|plugin|probe|driver|mount)-[a-z-]+)")re"};
    std::set<std::string> ids;
    for (const auto &entry : fs::directory_iterator{fs::path{DAVIT_SOURCE} / "host/plugins"}) {
        if (entry.path().extension() == ".cpp") collect(entry.path(), literal, ids);
    }
    return ids;
}

std::set<std::string> documented() {
    std::set<std::string> ids;
    collect(fs::path{DAVIT_SOURCE} / "docs/plugin-errors.md", std::regex{R"(\| `([a-z-]+)` \|)"},
            ids);
    return ids;
}

TEST(PluginErrors, AreAllDocumentedAndNoOthers) {
    EXPECT_EQ(documented(), thrown());
}

}  // namespace
}  // namespace davit::host
