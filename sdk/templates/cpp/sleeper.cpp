// SPDX-License-Identifier: Apache-2.0
// A driver whose machines are sleeping processes, each with a file for a disk.
#include <cstdio>
#include <davit/cxx/plugin.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "davit_manifest.h"

namespace {

namespace fs = std::filesystem;

// `text` as a JSON string.
std::string quoted(const std::string &text) {
    std::string json = "\"";
    for (const char c : text) {
        char escaped[8] = {c};
        if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20)
            std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
        json += escaped;
    }
    return json + '"';
}

std::optional<std::string> read_file(const fs::path &path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

void write_file(const fs::path &path, const std::string &content) {
    std::ofstream file(path, std::ios::binary);
    file << content;
    file.close();
    if (!file) throw davit::Error(DAVIT_E_FAILED, "cannot write " + path.string());
}

// Where a machine keeps what.
struct Layout {
    fs::path dir;
    fs::path disk = dir / "disk";
    fs::path spec = dir / "machine.json";
    fs::path log = dir / "log";
    fs::path process = dir / "process.json";  // the identity of its process, while there is one
    fs::path snapshots = dir / "snapshots";
};

// Deriving from Snapshots is all it takes to have them, once plugin.json declares them too.
class Machine : public davit::Machine, public davit::Snapshots {
 public:
    Machine(const fs::path &dir, const davit::Process &process) : files_{dir}, process_(process) {}

    std::string inspect(davit::Call &call) override {
        return running(call) ? "{\"state\": \"running\"}" : "{\"state\": \"stopped\"}";
    }

    void start(davit::Call &call) override {
        if (running(call)) return;
        call.progress("falling asleep");  // throws if the user gave up
        const std::string argv = "[\"sleep\", \"2147483647\"]";
        process_.spawn("{\"argv\": " + argv + ", \"folder\": " + quoted(files_.dir.string()) +
                           ", \"log\": " + quoted(files_.log.string()) +
                           ", \"identity\": " + quoted(files_.process.string()) + "}",
                       call);
    }

    // Who sleeps cannot be asked to shut down, so both ways of stopping are the same.
    void stop(davit::StopHow, davit::Call &call) override {
        if (const auto identity = read_file(files_.process)) process_.kill(*identity, call);
        fs::remove(files_.process);
    }

    void remove(davit::Call &call) override {
        stop(davit::StopHow::force, call);
        for (const fs::path &path : {files_.snapshots, files_.log, files_.spec, files_.disk})
            fs::remove_all(path);  // the disk last: until then, open() works and can go on here
    }

    void take_snapshot(const std::string &id, davit::Call &call) override {
        refuse_while_running(call);
        if (fs::exists(files_.snapshots / id))
            throw davit::Error(DAVIT_E_EXISTS, "there is a snapshot " + id + " already");
        fs::create_directory(files_.snapshots);
        replace(files_.disk, files_.snapshots / id);
    }

    void restore_snapshot(const std::string &id, davit::Call &call) override {
        refuse_while_running(call);
        if (!fs::exists(files_.snapshots / id))
            throw davit::Error(DAVIT_E_NOT_FOUND, "there is no snapshot " + id);
        replace(files_.snapshots / id, files_.disk);
    }

    void remove_snapshot(const std::string &id, davit::Call &) override {
        fs::remove(files_.snapshots / id);
    }

    std::string list_snapshots(davit::Call &) override {
        std::string list;
        if (fs::exists(files_.snapshots))
            for (const auto &entry : fs::directory_iterator(files_.snapshots)) {
                if (entry.path().extension() == ".new") continue;  // left behind by a crash
                if (!list.empty()) list += ", ";
                list += "{\"id\": " + quoted(entry.path().filename().string()) +
                        ", \"size\": " + std::to_string(entry.file_size()) + "}";
            }
        return "{\"snapshots\": [" + list + "]}";
    }

 private:
    // The process itself is asked, not our memory: it may have been ended behind our back.
    bool running(davit::Call &call) const {
        const auto identity = read_file(files_.process);
        return identity && process_.alive(*identity, call);
    }

    void refuse_while_running(davit::Call &call) const {
        if (running(call))
            throw davit::Error(DAVIT_E_STATE, "the machine is running", "stop it first");
    }

    // Copies aside and renames, so that a crash leaves the old file or the new one.
    static void replace(const fs::path &from, const fs::path &to) {
        fs::path aside = to;
        aside += ".new";
        fs::copy_file(from, aside, fs::copy_options::overwrite_existing);
        fs::rename(aside, to);
    }

    Layout files_;
    davit::Process process_;
};

class Driver : public davit::Driver<Machine> {
 public:
    explicit Driver(davit::Host host) : process_(host) {}

    std::string probe(davit::Call &) override {
        return "{\"version\": \"sleeper 1.0\", \"notes\": [\"machines of this driver only "
               "sleep\"]}";
    }

    void create(const std::string &dir, const std::string &spec, davit::Call &) override {
        const Layout files{dir};
        try {
            write_file(files.spec, spec);
            write_file(files.disk, "");
        } catch (...) {  // leave the directory as it was: empty
            fs::remove(files.spec);
            fs::remove(files.disk);
            throw;
        }
    }

    std::unique_ptr<Machine> open(const std::string &dir, davit::Call &) override {
        if (!fs::exists(Layout{dir}.disk))
            throw davit::Error(DAVIT_E_NOT_FOUND, "there is no machine in " + dir);
        return std::make_unique<Machine>(dir, process_);
    }

 private:
    davit::Process process_;
};

}  // namespace

DAVIT_PLUGIN(Driver, davit_manifest)
