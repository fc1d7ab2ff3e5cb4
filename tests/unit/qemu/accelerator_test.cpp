// SPDX-License-Identifier: Apache-2.0
// The choice of the accelerator, its inputs as values, and the check of KVM on this computer.
#include "qemu/accelerator.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "qemu/kvm_check.hpp"
#include "support/files.hpp"

namespace davit::qemu::test {
namespace {

AccelerationFacts capable() {
    return {"", "x86_64", "x86_64", true, std::nullopt};
}

TEST(Acceleration, IsKvmWhereFlagsAndCheckAgree) {
    EXPECT_EQ(choose_acceleration(capable()).accelerator, Accelerator::kvm);
}

TEST(Acceleration, IsTcgWithoutTheProcessorsFlagsThoughTheDeviceWorks) {
    AccelerationFacts facts = capable();
    facts.cpu_virtualises = false;
    const Acceleration choice = choose_acceleration(facts);
    EXPECT_EQ(choice.accelerator, Accelerator::tcg);
    EXPECT_EQ(choice.reason, "the processor shows neither vmx nor svm");
}

TEST(Acceleration, IsTcgWithTheReasonWhyKvmDoesNotWork) {
    AccelerationFacts facts = capable();
    facts.kvm_fault = "a virtual processor of KVM hangs";
    const Acceleration choice = choose_acceleration(facts);
    EXPECT_EQ(choice.accelerator, Accelerator::tcg);
    EXPECT_EQ(choice.reason, "a virtual processor of KVM hangs");
}

TEST(Acceleration, IsTcgForAGuestOfAnotherArchitecture) {
    AccelerationFacts facts = capable();
    facts.guest_arch = "aarch64";
    const Acceleration choice = choose_acceleration(facts);
    EXPECT_EQ(choice.accelerator, Accelerator::tcg);
    EXPECT_EQ(choice.reason, "the guest is aarch64 and this computer is x86_64");
}

TEST(Acceleration, FollowsTheUsersWishForTcg) {
    AccelerationFacts facts = capable();
    facts.wish = "tcg";
    EXPECT_EQ(choose_acceleration(facts).accelerator, Accelerator::tcg);
}

TEST(Acceleration, FollowsTheUsersWishForKvmAgainstTheFlags) {
    AccelerationFacts facts = capable();
    facts.wish = "kvm";
    facts.cpu_virtualises = false;
    EXPECT_EQ(choose_acceleration(facts).accelerator, Accelerator::kvm);
}

TEST(Acceleration, SaysThatAWishForKvmCannotBeMet) {
    AccelerationFacts facts = capable();
    facts.wish = "kvm";
    facts.kvm_fault = "there is no /dev/kvm";
    try {
        choose_acceleration(facts);
        FAIL() << "KVM out of nothing";
    } catch (const Error &error) {
        EXPECT_EQ(error.status(), DAVIT_E_UNAVAILABLE);
        EXPECT_STREQ(error.what(), "DAVIT_QEMU_ACCEL asks for KVM, but there is no /dev/kvm");
        EXPECT_FALSE(error.hint().empty());
    }
}

TEST(Acceleration, RefusesAWishItDoesNotKnow) {
    AccelerationFacts facts = capable();
    facts.wish = "warp";
    EXPECT_THROW(choose_acceleration(facts), Error);
}

TEST(Acceleration, ReadsTheProcessorsFlagsAsWholeWords) {
    EXPECT_TRUE(shows_virtualisation("model\t: x\nflags\t\t: fpu vmx ssse3\n"));
    EXPECT_TRUE(shows_virtualisation("flags\t\t: fpu svm\n"));
    EXPECT_FALSE(shows_virtualisation("flags\t\t: fpu vmx_like svm_lock\n"));
    EXPECT_FALSE(shows_virtualisation("vmx flags\t\t: vnmi ept\nflags\t\t: fpu\n"));
    EXPECT_FALSE(shows_virtualisation(""));
}

TEST(KvmCheck, SaysThatThereIsNoDevice) {
    EXPECT_EQ(kvm_fault("/nowhere/kvm"), "there is no /nowhere/kvm (is the kvm module loaded?)");
}

TEST(KvmCheck, SaysThatADeviceIsNotKvm) {
    EXPECT_EQ(kvm_fault("/dev/null"), "KVM does not speak version 12 of its interface");
}

TEST(KvmCheck, NamesTheGroupWhereOpeningIsForbidden) {
    if (geteuid() == 0) GTEST_SKIP() << "nothing is forbidden to root";
    const auto fault = kvm_fault("/proc/1/mem");
    ASSERT_TRUE(fault);
    EXPECT_NE(fault->find("add yourself to the group kvm"), std::string::npos) << *fault;
}

#if defined(__x86_64__)
class KvmCode : public testing::Test {
 protected:
    void SetUp() override {
        if (access("/dev/kvm", R_OK | W_OK) != 0) GTEST_SKIP() << "/dev/kvm cannot be opened here";
    }
    static constexpr std::chrono::milliseconds most{200};
};

TEST_F(KvmCode, HasAFaultIfItWritesAnotherByte) {
    constexpr unsigned char code[] = {0xb0, 0x43, 0xe6, 0xda, 0xf4};
    EXPECT_TRUE(kvm_code_fault("/dev/kvm", code, most));
}

TEST_F(KvmCode, ThatNeverEndsIsInterruptedAndLeavesSignalsAlone) {
    constexpr unsigned char code[] = {0xeb, 0xfe};  // jmp to itself
    sigset_t before, after, pending;
    sigprocmask(SIG_SETMASK, nullptr, &before);
    EXPECT_EQ(kvm_code_fault("/dev/kvm", code, most), "a virtual processor of KVM hangs");
    sigprocmask(SIG_SETMASK, nullptr, &after);
    sigpending(&pending);
    for (int number = 1; number < SIGRTMAX; ++number) {
        EXPECT_EQ(sigismember(&before, number), sigismember(&after, number)) << number;
        EXPECT_EQ(sigismember(&pending, number), 0) << number;
    }
}
#endif

}  // namespace
}  // namespace davit::qemu::test
