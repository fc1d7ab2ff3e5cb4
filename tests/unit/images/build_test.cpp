// SPDX-License-Identifier: Apache-2.0
// Building from recipes (recipes/, beside this file).
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "images/source.hpp"
#include "unit/images/fixture.hpp"

namespace davit::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Build : public Images {
 protected:
    void SetUp() override { ::setenv("BUILDS", builds.c_str(), 1); }
    void TearDown() override {
        ::unsetenv("BUILDS");
        ::unsetenv("FINE_KEY");
    }

    host::Image build(const std::string &recipe, const std::string &name = "mine") {
        return host::build_image(recipe, name, store, progress, progress.cancel);
    }

    std::size_t times_built() const {
        std::ifstream lines{builds};
        std::size_t count = 0;
        for (std::string line; std::getline(lines, line);) ++count;
        return count;
    }

    fs::path builds = folder.path() / "builds";
};

TEST_F(Build, ImportsWhatTheRecipeMade) {
    const auto image = build("fine");
    EXPECT_EQ(image.os, "Fine");
    EXPECT_EQ(image.origin, "built: fine");
    EXPECT_EQ(image.cmdline, "root=x");
    EXPECT_TRUE(fs::exists(image.kernel.value()));
    EXPECT_TRUE(fs::exists(image.initrd.value()));
    EXPECT_THAT(image.names, ElementsAre("mine"));
    EXPECT_THAT(unfinished(), IsEmpty());
}

TEST_F(Build, ShowsTheRecipesProgress) {
    build("fine");
    EXPECT_THAT(progress.phases, Contains("making the disk"));
}

TEST_F(Build, UsesAFinishedBuildAgain) {
    const auto first = build("fine");
    const auto second = build("fine", "other");
    EXPECT_EQ(first.hash, second.hash);
    EXPECT_THAT(second.names, UnorderedElementsAre("mine", "other"));
    EXPECT_EQ(times_built(), 1U);
}

TEST_F(Build, BuildsAgainWhatDependsOnSomethingElseNow) {
    const auto first = build("fine");
    ::setenv("FINE_KEY", "two", 1);
    EXPECT_NE(build("fine").hash, first.hash);
    EXPECT_EQ(times_built(), 2U);
}

TEST_F(Build, WaitsForAnotherBuildOfTheSameRecipe) {
    std::vector<std::thread> threads(3);
    for (auto &thread : threads) {
        thread = std::thread([this] {
            RecordedProgress mine;
            host::ImageStore same{store.folder()};
            host::build_image("fine", "mine", same, mine, mine.cancel);
        });
    }
    for (auto &thread : threads) thread.join();
    EXPECT_EQ(times_built(), 1U);
}

TEST_F(Build, SaysWhatTheRecipesAre) {
    for (const std::string name : {"nothing", "", "..", "../recipes/fine"}) {
        const auto error = error_of([&] { build(name); });
        ASSERT_THAT(error, FailsWith("recipe-unknown")) << name;
        EXPECT_THAT(error->hint(), HasSubstr("fine"));
    }
}

TEST_F(Build, ThatFailsShowsTheEndOfItsLogAndKeepsTheLog) {
    const auto error = error_of([&] { build("failing"); });
    ASSERT_THAT(error, FailsWith("build-failed"));
    EXPECT_THAT(error->hint(), HasSubstr("error: the archive is gone"));
    const fs::path log = store.folder() / "logs/failing.log";
    EXPECT_THAT(error->hint(), HasSubstr(log.string()));
    EXPECT_GT(fs::file_size(log), 0U);
    EXPECT_THAT(list(), IsEmpty());
    EXPECT_THAT(unfinished(), IsEmpty());
}

TEST_F(Build, TakesOnlyFilesOfItsOwn) {
    std::ofstream{folder.path() / "secret"} << "secret";
    EXPECT_THAT(error_of([&] { build("straying"); }), FailsWith("build-failed"));
    EXPECT_THAT(list(), IsEmpty());
}

TEST_F(Build, InterruptedLeavesNothing) {
    progress.give_up_at = "waiting for ever";
    EXPECT_THAT(error_of([&] { build("endless"); }), FailsWith("interrupted"));
    EXPECT_THAT(unfinished(), IsEmpty());
}

TEST_F(Build, ThatWasKilledIsClearedAwayByTheNext) {
    const pid_t child = ::fork();
    if (child == 0) {
        class Killed : public RecordedProgress {
            void step(const std::string &phase, std::uint64_t, std::uint64_t) override {
                if (phase == "waiting for ever") ::kill(::getpid(), SIGKILL);
            }
        } dying;
        host::build_image("endless", "mine", store, dying, dying.cancel);
        ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_THAT(list(), IsEmpty());
    build("fine");
    EXPECT_THAT(unfinished(), IsEmpty());
}

}  // namespace
}  // namespace davit::test
