// SPDX-License-Identifier: Apache-2.0
// Specs, good and bad, and the command lines that good ones become.
#include "qemu/command_line.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <davit/cxx/plugin.hpp>

namespace davit::qemu::test {
namespace {

Json document() {
    return Json::parse(R"({
        "name": "web",
        "id": "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
        "arch": "x86_64",
        "cpus": 2,
        "memory": 1073741824,
        "disk": {"size": 5368709120, "image": {"path": "/i/disk", "format": "qcow2"}},
        "seed": "/s/seed,1.iso",
        "nics": [{"mac": "52:54:00:aa:bb:cc", "mode": "default"}]
    })");
}

using Arguments = std::vector<std::string>;

Arguments line_of(const Json &spec, Accelerator accelerator = Accelerator::tcg) {
    return command_line(parse_spec(spec), accelerator, "");
}

// The values that `option` is given, in order.
Arguments values(const Arguments &line, const std::string &option) {
    Arguments found;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        if (line[i] == option) found.push_back(line[i + 1]);
    }
    return found;
}

davit_status refusal(const Json &spec) {
    try {
        parse_spec(spec);
    } catch (const Error &error) {
        return error.status();
    }
    return DAVIT_OK;
}

TEST(CommandLine, NamesTheMachineAndItsSize) {
    const Arguments line = line_of(document());
    EXPECT_EQ(line.front(), "qemu-system-x86_64");
    EXPECT_EQ(values(line, "-name"), Arguments{"web"});
    EXPECT_EQ(values(line, "-uuid"), Arguments{"6ba7b810-9dad-41d1-80b4-00c04fd430c8"});
    EXPECT_EQ(values(line, "-smp"), Arguments{"2"});
    EXPECT_EQ(values(line, "-m"), Arguments{"size=1048576K"});
}

TEST(CommandLine, EmulatesOrVirtualises) {
    const Arguments tcg = line_of(document(), Accelerator::tcg);
    EXPECT_EQ(values(tcg, "-accel").front().substr(0, 4), "tcg,");
    EXPECT_EQ(values(tcg, "-cpu"), Arguments{"max"});
    const Arguments kvm = line_of(document(), Accelerator::kvm);
    EXPECT_EQ(values(kvm, "-accel"), Arguments{"kvm"});
    EXPECT_EQ(values(kvm, "-cpu"), Arguments{"host"});
}

TEST(CommandLine, GivesTheDiskFirstThenTheSeed) {
    const Arguments line = line_of(document());
    const Arguments blocks = values(line, "-blockdev");
    ASSERT_EQ(blocks.size(), 2U);
    EXPECT_EQ(Json::parse(blocks[0])["file"]["filename"], "disk.qcow2");
    EXPECT_EQ(Json::parse(blocks[1])["file"]["filename"], "/s/seed,1.iso");
    EXPECT_EQ(Json::parse(blocks[1])["read-only"], true);
    const Arguments devices = values(line, "-device");
    EXPECT_EQ(Json::parse(devices[0])["drive"], "disk");
    EXPECT_EQ(Json::parse(devices[1])["drive"], "seed");
}

TEST(CommandLine, LeavesTheSeedOutWhereThereIsNone) {
    Json spec = document();
    spec.erase("seed");
    EXPECT_EQ(values(line_of(spec), "-blockdev").size(), 1U);
}

TEST(CommandLine, BootsDirectlyWhereTheSpecHasAKernel) {
    EXPECT_TRUE(values(line_of(document()), "-kernel").empty());
    Json spec = document();
    spec["boot"] = {{"kernel", "/b/vmlinuz"}, {"initrd", "/b/initrd"}, {"cmdline", "root=a,b c"}};
    const Arguments line = line_of(spec);
    EXPECT_EQ(values(line, "-kernel"), Arguments{"/b/vmlinuz"});
    EXPECT_EQ(values(line, "-initrd"), Arguments{"/b/initrd"});
    EXPECT_EQ(values(line, "-append"), Arguments{"root=a,b c"});
    EXPECT_GT(Json::parse(values(line, "-device").front())["bootindex"], 0);
}

TEST(CommandLine, ForwardsAPortOfQemusChoiceOnLoopback) {
    const Arguments line = line_of(document());
    EXPECT_EQ(values(line, "-netdev"), Arguments{"user,id=net0,hostfwd=tcp:127.0.0.1:0-:22"});
}

TEST(CommandLine, EscapesACommaInAName) {
    Json spec = document();
    spec["name"] = "a,process=b";
    EXPECT_EQ(values(line_of(spec), "-name"), Arguments{"a,,process=b"});
}

TEST(CommandLine, NamesFilesOfTheDirectoryWithoutIt) {
    for (const std::string &argument : line_of(document())) {
        EXPECT_EQ(argument.find("path=/"), std::string::npos) << argument;
    }
}

TEST(MachineSpec, IgnoresWhatItDoesNotKnow) {
    Json spec = document();
    spec["colour"] = "blue";
    EXPECT_EQ(refusal(spec), DAVIT_OK);
}

TEST(MachineSpec, RefusesADocumentWithoutAMember) {
    const Json spec = document();
    for (const auto &[key, value] : spec.items()) {
        if (key == "seed") continue;
        Json less = spec;
        less.erase(key);
        EXPECT_EQ(refusal(less), DAVIT_E_INVALID) << key;
        less[key] = true;
        EXPECT_EQ(refusal(less), DAVIT_E_INVALID) << key;
    }
    EXPECT_EQ(refusal(Json::array()), DAVIT_E_INVALID);
}

TEST(MachineSpec, RefusesValuesThatNoMachineCanHave) {
    const std::vector<std::pair<const char *, Json>> bad{
        {"/name", ""},
        {"/id", "web,hostfwd=x"},
        {"/cpus", 0U},
        {"/cpus", 256U},
        {"/cpus", -1},
        {"/memory", 1024U},
        {"/memory", 1.5},
        {"/disk/image/path", "relative"},
        {"/disk/image/format", "vmdk"},
        {"/seed", "relative"},
        {"/nics", Json::array()},
        {"/nics/0/mac", "52:54:00:aa:bb"},
        {"/nics/0/mac", "52:54:00:AA:BB:CC"},
        {"/name", std::string("a\0b", 3)},
    };
    for (const auto &[where, value] : bad) {
        Json spec = document();
        spec[Json::json_pointer(where)] = value;
        EXPECT_EQ(refusal(spec), DAVIT_E_INVALID) << where << ' ' << value;
    }
}

TEST(MachineSpec, SaysThatItNeverGivesASecondCard) {
    Json spec = document();
    spec["nics"].push_back({{"mac", "52:54:00:aa:bb:cd"}, {"mode", "bridged"}});
    EXPECT_EQ(refusal(spec), DAVIT_E_UNSUPPORTED);
}

}  // namespace
}  // namespace davit::qemu::test
