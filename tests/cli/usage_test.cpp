// SPDX-License-Identifier: Apache-2.0
// Tests of wrong command lines: what is said, and that nothing is done.
#include <gtest/gtest.h>

#include "support/davit.hpp"

namespace davit::test {
namespace {

struct WrongLine {
    std::vector<std::string> words;
    std::string said;
};

void PrintTo(const WrongLine &line, std::ostream *out) {
    for (const auto &word : line.words) *out << word << ' ';
}

class WrongCommandLine : public ::testing::TestWithParam<WrongLine> {};

TEST_P(WrongCommandLine, IsToldAndDoesNothing) {
    const Davit davit;
    const Outcome outcome = davit.run(GetParam().words);
    EXPECT_EQ(outcome.status, 1) << outcome.errors;
    EXPECT_EQ(outcome.output, "");
    EXPECT_NE(outcome.errors.find(GetParam().said), std::string::npos) << outcome.errors;
    EXPECT_FALSE(std::filesystem::exists(davit.home() / "scopes"));
}

INSTANTIATE_TEST_SUITE_P(
    Usage, WrongCommandLine,
    ::testing::Values(
        WrongLine{{"frobnicate"}, "unknown command \"frobnicate\""},
        WrongLine{{"--frobnicate"}, "--frobnicate"},
        WrongLine{{"list", "--frobnicate"}, "--frobnicate"},
        WrongLine{{"list", "name"}, "list takes no names"},
        WrongLine{{"list", "--format", "xml"}, "invalid format \"xml\""},
        WrongLine{{"list", "--format"}, "--format"},
        WrongLine{{"launch", "a", "b"}, "launch takes one image"},
        WrongLine{{"launch", "--cpus", "0"}, "--cpus needs a whole number"},
        WrongLine{{"launch", "--cpus", "two"}, "--cpus needs a whole number"},
        WrongLine{{"launch", "--memory", "lots"}, "\"lots\" is no size for --memory"},
        WrongLine{{"launch", "--memory", "1.5"}, "is no size"},
        WrongLine{{"launch", "--memory", "100M"}, "at least 512M"},
        WrongLine{{"launch", "--memory", "99999999999G"}, "is no size"},
        WrongLine{{"launch", "--disk", "-5G"}, "is no size"},
        WrongLine{{"launch", "--timeout", "0"}, "--timeout needs a positive whole number"},
        WrongLine{{"launch", "--timeout", "1h"}, "--timeout needs a positive whole number"},
        WrongLine{{"launch", "--name", "9lives"}, "invalid instance name \"9lives\""},
        WrongLine{{"launch", "--name", "ends-"}, "invalid instance name"},
        WrongLine{{"launch", "--name", "a/b"}, "invalid instance name"},
        WrongLine{{"launch", "--name", ".."}, "invalid instance name"},
        WrongLine{{"launch", "--name", ""}, "invalid instance name"},
        WrongLine{{"launch", "--cloud-init", "/no/such/file"}, "does not exist"},
        WrongLine{{"stop", "--all", "name"}, "cannot name instances together with --all"},
        WrongLine{{"stop", "--time", "soon", "name"}, "--time needs"},
        WrongLine{{"stop", "--time", "1", "--force", "name"}, "use one of"},
        WrongLine{{"delete"}, "a name or --all is required"},
        WrongLine{{"delete", "--abandon", "name"}, "--abandon goes with --purge"},
        WrongLine{{"recover"}, "a name or --all is required"},
        WrongLine{{"purge", "name"}, "purge takes no names"},
        WrongLine{{"exec", "name"}, "exec needs an instance and a command"},
        WrongLine{{"shell", "a", "b"}, "shell takes one instance"},
        WrongLine{{"image"}, "image needs a verb"},
        WrongLine{{"image", "melt"}, "unknown verb \"melt\""},
        WrongLine{{"image", "import"}, "image import needs one file"},
        WrongLine{{"image", "build"}, "image build needs one recipe"},
        WrongLine{{"image", "remove"}, "image remove needs a name"},
        WrongLine{{"help", "frobnicate"}, "unknown command"},
        WrongLine{{"completion", "tcsh"}, "needs the name of a shell"}));

TEST(Usage, WithoutACommandIsTheOverview) {
    const Davit davit;
    const Outcome outcome = davit.run({});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.errors.find("Usage: davit"), std::string::npos);
}

TEST(Usage, EveryCommandHasHelp) {
    const Davit davit;
    const Outcome overview = davit.run({"help"});
    ASSERT_EQ(overview.status, 0);
    for (const char *command : {"launch", "list", "info", "shell", "exec", "start", "stop",
                                "restart", "delete", "recover", "purge", "image", "drivers",
                                "capabilities", "plugin", "completion", "version", "help"}) {
        EXPECT_NE(overview.output.find("\n  " + std::string{command} + " "), std::string::npos)
            << command;
        const Outcome help = davit.run({command, "--help"});
        EXPECT_EQ(help.status, 0) << command;
        EXPECT_TRUE(help.output.starts_with("Usage: davit " + std::string{command})) << command;
        EXPECT_EQ(davit.run({"help", command}).output, help.output) << command;
    }
}

TEST(Usage, NamesOfInstancesThatAreNotThereAreErrors) {
    const Davit davit;
    for (const char *command : {"start", "stop", "restart", "delete", "recover", "info", "shell"}) {
        const Outcome outcome = davit.run({command, "nobody"});
        EXPECT_EQ(outcome.status, 2) << command;
        EXPECT_NE(outcome.errors.find("instance \"nobody\" does not exist"), std::string::npos)
            << command;
        EXPECT_NE(outcome.errors.find("[instance-not-found]"), std::string::npos) << command;
    }
}

TEST(Usage, CompletionKnowsCommandsOptionsAndFormats) {
    const Davit davit;
    EXPECT_EQ(davit.run({"__complete", "--", "reco"}).output, "recover\n");
    EXPECT_EQ(davit.run({"__complete", "--", "list", "--for"}).output, "--format\n");
    EXPECT_EQ(davit.run({"__complete", "--", "list", "--format", "y"}).output, "yaml\n");
    for (const char *shell : {"bash", "zsh", "fish"}) {
        EXPECT_NE(davit.run({"completion", shell}).output.find("__complete"), std::string::npos);
    }
}

TEST(Usage, AHomeThatOthersCanEnterIsRefused) {
    const Davit davit;
    std::filesystem::create_directories(davit.home());
    std::filesystem::permissions(davit.home(), std::filesystem::perms{0755});
    const Outcome outcome = davit.run({"list"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.errors.find("[unsafe-folder]"), std::string::npos) << outcome.errors;
}

TEST(Usage, ClosedStandardDescriptorsDoNoHarm) {
    const Davit davit;
    const host::Cancel nobody;
    const std::string program = Davit::program().string();
    for (const char *closed : {"<&-", ">&-", "2>&-", "<&- >&- 2>&-"}) {
        const host::Program line{{"sh", "-c", program + " list " + closed},
                                 {{"DAVIT_HOME", davit.home().string()}},
                                 {},
                                 ""};
        EXPECT_EQ(host::run_program(line, host::Deadline::after(patience), nobody).status, 0)
            << closed;
    }
}

TEST(Usage, AnAnswerThatCannotBeWrittenIsAnError) {
    const Davit davit;
    const host::Cancel nobody;
    host::Program program{
        {"sh", "-c", Davit::program().string() + " help > /dev/full"}, {}, {}, ""};
    const auto result = host::run_program(program, host::Deadline::after(patience), nobody);
    EXPECT_EQ(result.status, 2);
    EXPECT_NE(result.errors.find("[disk-full]"), std::string::npos) << result.errors;
}

}  // namespace
}  // namespace davit::test
