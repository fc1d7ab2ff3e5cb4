// SPDX-License-Identifier: Apache-2.0
// kill -9 in the middle of an import: what it leaves, and who clears it away.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "images/incoming.hpp"
#include "unit/images/fixture.hpp"

namespace davit::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Kills its own process at a step.
class KilledAt : public RecordedProgress {
 public:
    explicit KilledAt(std::string phase) : phase_(std::move(phase)) {}
    void step(const std::string &phase, std::uint64_t, std::uint64_t) override {
        if (phase == phase_) ::kill(::getpid(), SIGKILL);
    }

 private:
    std::string phase_;
};

class Crash : public Images {
 protected:
    void import_and_be_killed(const fs::path &disk, const std::string &phase) {
        const pid_t child = ::fork();
        if (child == 0) {
            KilledAt dying{phase};
            store.import(disk, "mine", {}, dying, dying.cancel);
            ::_exit(0);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << "it was not killed at: " << phase;
    }
};

TEST_F(Crash, LeavesNoImageAndNoName) {
    for (const std::string phase : {"copying the image", "verifying the image"}) {
        import_and_be_killed(raw_disk("a.img", "x"), phase);
        EXPECT_THAT(list(), IsEmpty()) << phase;
        EXPECT_FALSE(store.has("mine")) << phase;
        EXPECT_THAT(warnings(), IsEmpty()) << phase;
        EXPECT_THAT(unfinished(), SizeIs(2)) << phase;  // the folder and its lock, at most once
    }
}

TEST_F(Crash, IsClearedAwayByTheNextImport) {
    import_and_be_killed(raw_disk("a.img", "x"), "verifying the image");
    import(raw_disk("b.img"), "yours");
    EXPECT_THAT(unfinished(), IsEmpty());
    EXPECT_THAT(list(), SizeIs(1));
}

TEST_F(Crash, OfOthersDoesNotTouchWhatIsAtWork) {
    const host::Incoming at_work{store.folder()};
    std::ofstream{at_work.path() / "half"} << "half";
    import(raw_disk("a.img"), "mine");
    EXPECT_TRUE(fs::exists(at_work.path() / "half"));
}

TEST_F(Crash, BeforeTheLockWasTakenIsClearedAwayToo) {
    import(raw_disk("a.img"), "mine");
    fs::create_directory(store.folder() / "incoming/0123");
    std::ofstream lock{store.folder() / "incoming/4567.lock"};
    store.remove("mine");
    EXPECT_THAT(unfinished(), IsEmpty());
}

}  // namespace
}  // namespace davit::test
