// SPDX-License-Identifier: Apache-2.0
// A driver for tests of the host: its machines are processes, and it does whatever a script says.
#include <davit/cxx/plugin.hpp>
#include <filesystem>

#include "davit_manifest.h"
#include "guest.hpp"
#include "script.hpp"

namespace scripted {
namespace {

namespace fs = std::filesystem;

class Machine : public davit::Machine {
 public:
    Machine(const davit::Host &host, std::string folder)
        : host_(host), folder_(std::move(folder)), guest_(host, folder_) {}

    std::string inspect(davit::Call &call) override {
        const Script script = Script::read();
        script.act("inspect", call);
        Json state{{"state", suspended() ? "suspended" : "stopped"}, {"addresses", Json::array()}};
        if (fs::exists(guest_.console())) state["console"] = guest_.console();
        if (guest_.running(call)) {
            state["state"] = "running";
            state["addresses"] = {"127.0.0.1"};
            state["pid"] = guest_.pid();
            state["ssh"] = {{"host", "127.0.0.1"}, {"port", guest_.port()}, {"user", user_name()}};
        }
        return script.reply("inspect", state);
    }

    void start(davit::Call &call) override {
        const Script script = Script::read();
        script.act("start", call);
        if (guest_.running(call)) return;
        host_.info("starting " + folder_);
        try {
            guest_.start(Json::parse(read_file(folder_ + "/spec.json")), script.machine(), call);
        } catch (...) {
            if (guest_.running(call)) guest_.kill(call);
            throw;
        }
        fs::remove(folder_ + "/suspended");
    }

    void stop(davit::StopHow how, davit::Call &call) override {
        const Script script = Script::read();
        script.act("stop", call);
        if (how == davit::StopHow::force) fs::remove(folder_ + "/suspended");
        if (!guest_.running(call)) return;
        if (how == davit::StopHow::force) return guest_.kill(call);
        guest_.shut_down(script.machine(), call);
    }

    void remove(davit::Call &call) override {
        Script::read().act("remove", call);
        if (guest_.running(call)) guest_.kill(call);
        for (const auto &entry : fs::directory_iterator{folder_}) fs::remove_all(entry.path());
    }

 protected:
    bool suspended() const { return fs::exists(folder_ + "/suspended"); }

    davit::Host host_;
    std::string folder_;
    Guest guest_;
};

#ifdef SCRIPTED_SUSPEND
class SuspendableMachine : public Machine, public davit::Suspend {
 public:
    using Machine::Machine;

    void suspend(davit::Call &call) override {
        Script::read().act("suspend", call);
        if (suspended()) return;
        if (!guest_.running(call)) throw davit::Error(DAVIT_E_STATE, "the machine is stopped");
        write_file(folder_ + "/suspended", "");
        guest_.kill(call);
    }
    void discard(davit::Call &call) override {
        Script::read().act("discard", call);
        if (guest_.running(call)) throw davit::Error(DAVIT_E_STATE, "the machine is running");
        fs::remove(folder_ + "/suspended");
    }
};
using MachineType = SuspendableMachine;
#else
using MachineType = Machine;
#endif

class Driver : public davit::Driver<MachineType> {
 public:
    explicit Driver(const davit::Host &host) : host_(host) {}

    std::string probe(davit::Call &call) override {
        const Script script = Script::read();
        script.act("probe", call);
        return script.reply("probe", {{"version", "sshd"}, {"notes", {"machines are processes"}}});
    }

    void create(const std::string &dir, const std::string &spec, davit::Call &call) override {
        if (!fs::is_empty(dir)) throw davit::Error(DAVIT_E_EXISTS, dir + " is not empty");
        Script::read().act("create", call);
        const Json wanted = Json::parse(spec);
        const std::string image = wanted.at("disk").at("image").at("path").get<std::string>();
        if (!fs::exists(image)) throw davit::Error(DAVIT_E_NOT_FOUND, "there is no image " + image);
        write_file(dir + "/spec.json", spec);
    }

    std::unique_ptr<MachineType> open(const std::string &dir, davit::Call &call) override {
        Script::read().act("open", call);
        if (!fs::exists(dir + "/spec.json")) {
            throw davit::Error(DAVIT_E_NOT_FOUND, "there is no machine in " + dir);
        }
        return std::make_unique<MachineType>(host_, dir);
    }

 private:
    davit::Host host_;
};

}  // namespace
}  // namespace scripted

DAVIT_PLUGIN(scripted::Driver, davit_manifest)
