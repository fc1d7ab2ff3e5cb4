// SPDX-License-Identifier: Apache-2.0
// Sets up and tears down what machine tests need.
#include "workbench.hpp"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>

#include "base/process.hpp"
#include "plugins/registry.hpp"

namespace davit::qemu::test {

namespace {

BootSector sector_of(const BootSector &code) {
    BootSector sector(512);
    std::copy(code.begin(), code.end(), sector.begin());
    sector[510] = 0x55;
    sector[511] = 0xaa;
    return sector;
}

}  // namespace

BootSector halting_guest() {
    return sector_of({
        0xfa,        // cli
        0xf4,        // hlt
        0xeb, 0xfd,  // jmp to hlt
    });
}

BootSector writing_guest() {
    BootSector sector = sector_of({
        0xbe, 0x40, 0x7c,                    // mov $0x7c40, %si    the request below
        0xb8, 0x00, 0x43,                    // mov $0x4300, %ax    write
        0xcd, 0x13,                          // int $0x13
        0x81, 0x06, 0x48, 0x7c, 0x80, 0x00,  // addw $0x80, 0x7c48  64 KiB further on
        0x73, 0xf0,                          // jnc to the start
        0xfa,                                // cli
        0xf4,                                // hlt
        0xeb, 0xfd,                          // jmp to hlt
    });
    const unsigned char request[] = {
        0x10, 0x00, 0x40, 0x00,              // 64 sectors
        0x00, 0x7c, 0x00, 0x00,              // from this code on
        0x00, 0x08, 0x00, 0x00, 0, 0, 0, 0,  // to sector 2048
    };
    std::copy(std::begin(request), std::end(request), sector.begin() + 0x40);
    return sector;
}

// Speaks ACPI as QEMU's q35 has it once SeaBIOS has placed it at port 0x600.
BootSector listening_guest() {
    return sector_of({
        0xba, 0x02, 0x06,  // mov $0x602, %dx       PM1 enable
        0xb8, 0x00, 0x01,  // mov $0x100, %ax       the power button
        0xef,              // out %ax, %dx
        0xba, 0x00, 0x06,  // mov $0x600, %dx       PM1 status
        0xed,              // in %dx, %ax
        0xf6, 0xc4, 0x01,  // test $1, %ah
        0x74, 0xfa,        // jz to in
        0xba, 0x04, 0x06,  // mov $0x604, %dx       PM1 control
        0xb8, 0x00, 0x20,  // mov $0x2000, %ax      sleep now, type 0: S5
        0xef,              // out %ax, %dx
        0xf4,              // hlt
    });
}

namespace {

void write_text(const char *path, const std::string &text) {
    std::ofstream file{path};
    file << text;
}

// A mount namespace of this process's own; as an ordinary user in a user namespace where it is
// root.
bool enter_private_namespace() {
    const uid_t user = geteuid();
    const gid_t group = getegid();
    if (unshare(user == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0) return false;
    if (user != 0) {
        write_text("/proc/self/setgroups", "deny");
        write_text("/proc/self/uid_map", "0 " + std::to_string(user) + " 1");
        write_text("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
    }
    return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

bool mount_disk(const fs::path &folder, const std::string &size, unsigned long flags) {
    return mount("davit-test", folder.c_str(), "tmpfs", flags, ("size=" + size).c_str()) == 0;
}

}  // namespace

std::optional<int> Workbench::on_small_disk(const fs::path &folder, const std::string &size,
                                            const std::function<int()> &body) {
    constexpr int cannot = 77;
    driver();
    const pid_t child = fork();
    if (child == 0) {
        if (!enter_private_namespace() || !mount_disk(folder, size, 0)) _exit(cannot);
        int result = 1;
        try {
            result = body();
        } catch (const std::exception &error) {
            (void)!write(STDERR_FILENO, error.what(), std::strlen(error.what()));
        }
        remove_machine(folder);
        _exit(result);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == cannot) return std::nullopt;
    return WEXITSTATUS(status);
}

bool Workbench::resize_disk(const fs::path &folder, const std::string &size) {
    return mount_disk(folder, size, MS_REMOUNT);
}

void Workbench::remove_machine(const fs::path &folder) {
    if (!fs::exists(folder / "machine.json")) return;
    const Cancel uncancelled;
    const CallOptions options{host::Deadline::after(std::chrono::minutes{2}), uncancelled,
                              progress};
    driver().open(folder, options)->remove(options);
}

std::string run(const std::vector<std::string> &argv) {
    const Cancel never;
    const auto result = host::run_program({argv, {}, {}, {}},
                                          host::Deadline::after(std::chrono::minutes{2}), never);
    EXPECT_EQ(result.status, 0) << argv.front() << ": " << result.errors;
    return result.output;
}

void Workbench::SetUp() {
    for (const char *tool : {"qemu-system-x86_64", "qemu-img"}) {
        if (!host::find_program(tool)) GTEST_SKIP() << tool << " is not installed";
    }
    std::string name = testing::TempDir() + "davit-qemu-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    home = name;
    setenv("DAVIT_HOME", home.c_str(), 1);
    unsetenv("DAVIT_QEMU_ACCEL");
}

void Workbench::TearDown() {
    if (home.empty()) return;
    for (const fs::path &folder : folders_) remove_machine(folder);
    fs::remove_all(home);
}

Driver &Workbench::driver() {
    static const auto registry = host::PluginRegistry::scan({{QEMU_PLUGIN_FOLDER, "test"}});
    return load_driver(registry.find(host::PluginKind::driver, "qemu"), progress, cancel);
}

fs::path Workbench::machine_folder(const std::string &name, std::size_t length) {
    fs::path folder = home;
    while (folder.native().size() + name.size() + 1 < length) folder /= std::string(49, 'x');
    folder /= name;
    fs::create_directories(folder);
    folders_.push_back(folder);
    return folder;
}

fs::path Workbench::image(const BootSector &sector) {
    fs::path path = home / "image.raw";
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char *>(sector.data()),
               static_cast<std::streamsize>(sector.size()));
    fs::resize_file(path, std::size_t{1} << 20);
    return path;
}

Json Workbench::spec(const fs::path &image_path, const std::string &format) const {
    Json document = Json::parse(R"({
        "name": "web",
        "id": "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
        "arch": "x86_64",
        "cpus": 1,
        "memory": 67108864,
        "disk": {"size": 16777216, "image": {}},
        "nics": [{"mac": "52:54:00:aa:bb:cc", "mode": "default"}]
    })");
    document["disk"]["image"] = {{"path", image_path.string()}, {"format", format}};
    return document;
}

std::unique_ptr<Machine> Workbench::machine(const fs::path &folder, const BootSector &sector) {
    driver().create(folder, spec(image(sector)), call());
    return driver().open(folder, call());
}

std::string Workbench::failure(const std::function<void()> &work) {
    try {
        work();
    } catch (const host::Error &error) {
        return error.id();
    }
    return "";
}

bool Workbench::eventually(const std::function<bool()> &condition) {
    const Cancel never;
    const auto deadline = host::Deadline::after(std::chrono::minutes{2});
    while (!condition()) {
        if (deadline.expired()) return false;
        host::wait_for(-1, 0, host::Deadline::after(Milliseconds{20}), never);
    }
    return true;
}

bool Workbench::process_runs(int pid) {
    // PID (NAME) STATE ...; one that only waits to be reaped does not run.
    std::ifstream stat{"/proc/" + std::to_string(pid) + "/stat"};
    const std::string text{std::istreambuf_iterator<char>(stat), {}};
    const auto name_end = text.rfind(')');
    return name_end != std::string::npos && text.substr(name_end, 3) != ") Z";
}

}  // namespace davit::qemu::test
