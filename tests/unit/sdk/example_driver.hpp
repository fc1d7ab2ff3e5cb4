// SPDX-License-Identifier: Apache-2.0
// A driver class for tests: it writes down what it was asked, and fails where it is told to.
#pragma once

#include <davit/cxx/plugin.hpp>
#include <string>
#include <vector>

namespace example {

inline std::vector<std::string> &log() {
    static std::vector<std::string> lines;
    return lines;
}

class Machine : public davit::Machine, public davit::Snapshots, public davit::Networks {
 public:
    explicit Machine(std::string dir) : dir_(std::move(dir)) {}
    ~Machine() override { log().emplace_back("close " + dir_); }

    std::string inspect(davit::Call &) override { return "{\"state\":\"stopped\"}"; }
    void start(davit::Call &) override { throw 42; }
    void stop(davit::StopHow how, davit::Call &) override {
        log().emplace_back(how == davit::StopHow::force ? "force" : "graceful");
    }
    void remove(davit::Call &) override { log().emplace_back("remove"); }

    void take_snapshot(const std::string &id, davit::Call &) override {
        log().emplace_back("take " + id);
    }
    void restore_snapshot(const std::string &id, davit::Call &) override {
        throw davit::Error(DAVIT_E_NOT_FOUND, "there is no snapshot " + id);
    }
    void remove_snapshot(const std::string &id, davit::Call &) override {
        log().emplace_back("remove " + id);
    }
    std::string list_snapshots(davit::Call &) override { return "{\"snapshots\":[]}"; }

    void connect(const std::string &nic, davit::Call &) override { log().emplace_back(nic); }
    void disconnect(const std::string &mac, davit::Call &) override { log().emplace_back(mac); }

 private:
    std::string dir_;
};

class Driver : public davit::Driver<Machine>, public davit::NetworkList {
 public:
    explicit Driver(davit::Host host) { host.info("started by " + host.name()); }
    std::string probe(davit::Call &) override { return "{\"version\":\"1\"}"; }
    void create(const std::string &dir, const std::string &spec, davit::Call &) override {
        log().emplace_back("create " + dir + " " + spec);
    }
    std::unique_ptr<Machine> open(const std::string &dir, davit::Call &) override {
        if (dir == "/none") return nullptr;
        return std::make_unique<Machine>(dir);
    }
    std::string list_networks(davit::Call &) override { return "{\"networks\":[]}"; }
};

// The least that a driver can be.
class PlainMachine : public davit::Machine {
 public:
    std::string inspect(davit::Call &) override { return "{}"; }
    void start(davit::Call &) override {}
    void stop(davit::StopHow, davit::Call &) override {}
    void remove(davit::Call &) override {}
};

class PlainDriver : public davit::Driver<PlainMachine> {
 public:
    explicit PlainDriver(davit::Host) {}
    std::string probe(davit::Call &) override { return "{}"; }
    void create(const std::string &, const std::string &, davit::Call &) override {}
    std::unique_ptr<PlainMachine> open(const std::string &, davit::Call &) override {
        return std::make_unique<PlainMachine>();
    }
    static const void *extension(const char *id) {
        static const int table = 0;
        return std::string(id) == "org.example.extra/1" ? &table : nullptr;
    }
};

class Point : public davit::MountPoint {
 public:
    std::string inspect(davit::Call &) override { return "{\"state\":\"active\"}"; }
    void detach(davit::DetachHow, davit::Call &) override {
        throw davit::Error(DAVIT_E_BUSY, "files are open");
    }
};

class Mount : public davit::Mount<Point> {
 public:
    explicit Mount(davit::Host) {}
    void check(const std::string &request, davit::Call &call) override {
        if (request.empty()) call.raise(DAVIT_E_INVALID, "the request is empty");
    }
    davit::Attached<Point> attach(const std::string &, const std::string &guest,
                                  davit::Call &) override {
        return {std::make_unique<Point>(), "{\"state\":\"active\",\"reason\":\"" + guest + "\"}"};
    }
};

}  // namespace example
