// SPDX-License-Identifier: Apache-2.0
// Start, stop, restart, delete.
#include "instances/lifecycle.hpp"

#include "guest/readiness.hpp"
#include "instances/delayed_stop.hpp"
#include "instances/opened.hpp"

namespace davit::host {
namespace {

// How long another command on the same instance is waited for: a graceful stop may take minutes.
constexpr std::chrono::minutes lock_patience{10};
constexpr std::chrono::minutes graceful_patience{5};

Error deleted_error(const std::string &name) {
    return {"instance-deleted", "instance \"" + name + "\" is deleted",
            "bring it back: davit recover " + name + "; or get rid of it: davit purge"};
}

Error not_running(const std::string &name) {
    return {"instance-not-running", "instance \"" + name + "\" is not running",
            "start it: davit start " + name};
}

LockedInstance lock(Services &services, const InstanceStore &store, const std::string &name) {
    services.progress().step("waiting for another command on " + name, 0, 0);
    LockedInstance instance = store.lock(name, Deadline::after(lock_patience), services.cancel());
    services.progress().done();
    return instance;
}

// A lock on an instance that can be worked with: not deleted, and not half-made.
LockedInstance lock_usable(Services &services, const InstanceStore &store,
                           const std::string &name) {
    LockedInstance instance = lock(services, store, name);
    if (instance.record.deleted) throw deleted_error(name);
    if (instance.record.phase == Phase::creating) {
        throw Error{"launch-interrupted", "the launch of instance \"" + name + "\" was interrupted",
                    "clean up: davit delete --purge " + name + "; then launch it again"};
    }
    return instance;
}

void stop_machine(Services &services, LockedInstance &instance, StopKind kind) {
    OpenedMachine machine{services, instance.record, instance.folder()};
    const std::string state = machine.state();
    if (state == "suspended" && kind == StopKind::graceful) {
        throw Error{"instance-suspended",
                    "instance \"" + instance.record.name + "\" is suspended and cannot shut down",
                    "resume it first: davit start " + instance.record.name +
                        "; or drop its memory: davit stop --force " + instance.record.name};
    }
    if (state != "stopped") {
        services.progress().step("stopping " + instance.record.name, 0, 0);
        instance.save(Phase::stopping);
        try {
            machine->stop(kind == StopKind::force ? StopHow::force : StopHow::graceful,
                          call_options(services, graceful_patience));
        } catch (const Error &) {
            // It still runs: the record must not say that somebody is stopping it.
            instance.save(Phase::running);
            throw;
        }
    }
    if (instance.record.phase != Phase::stopped) instance.save(Phase::stopped);
    services.progress().done();
}

void start_machine(Services &services, LockedInstance &instance, std::chrono::seconds timeout) {
    OpenedMachine machine{services, instance.record, instance.folder()};
    const bool running = machine.state() == "running";
    if (running && instance.record.phase == Phase::running) return;
    instance.save(Phase::starting);
    if (!running) {
        services.progress().step("starting " + instance.record.name, 0, 0);
        try {
            machine->start(call_options(services, start_patience));
        } catch (const Error &) {
            instance.save(Phase::stopped);
            throw;
        }
    }
    machine.wait_for_guest(Deadline::after(timeout));
    instance.save(Phase::running);
    services.progress().done();
}

}  // namespace

void require_usable(const InstanceStore &store, const std::string &name) {
    const auto instance = store.find(name);
    if (!instance) {
        throw Error{"instance-not-found", "instance \"" + name + "\" does not exist",
                    "\"davit list\" shows the instances there are"};
    }
    if (instance->unreadable) throw Error{*instance->unreadable};
    if (instance->record->deleted) throw deleted_error(name);
}

void start(Services &services, const InstanceStore &store, const std::string &name,
           std::chrono::seconds timeout) {
    LockedInstance instance = lock_usable(services, store, name);
    cancel_delayed_stop(instance.folder(), services.cancel());
    start_machine(services, instance, timeout);
}

void stop(Services &services, const InstanceStore &store, const std::string &name, StopKind kind) {
    LockedInstance instance = lock_usable(services, store, name);
    stop_machine(services, instance, kind);
    cancel_delayed_stop(instance.folder(), services.cancel());
}

void stop_later(Services &services, const InstanceStore &store, const std::string &name,
                std::chrono::minutes delay) {
    LockedInstance instance = lock_usable(services, store, name);
    OpenedMachine machine{services, instance.record, instance.folder()};
    if (machine.state() != "running") throw not_running(name);
    schedule_delayed_stop(services, instance, delay);
}

void cancel_stop(Services &services, const InstanceStore &store, const std::string &name) {
    const LockedInstance instance = lock_usable(services, store, name);
    cancel_delayed_stop(instance.folder(), services.cancel());
}

void restart(Services &services, const InstanceStore &store, const std::string &name,
             std::chrono::seconds timeout) {
    LockedInstance instance = lock_usable(services, store, name);
    {
        OpenedMachine machine{services, instance.record, instance.folder()};
        if (machine.state() != "running") throw not_running(name);
    }
    cancel_delayed_stop(instance.folder(), services.cancel());
    stop_machine(services, instance, StopKind::graceful);
    start_machine(services, instance, timeout);
}

void mark_deleted(Services &services, const InstanceStore &store, const std::string &name) {
    LockedInstance instance = lock(services, store, name);
    if (instance.record.deleted) return;
    if (instance.record.phase == Phase::creating) {
        throw Error{"launch-interrupted", "the launch of instance \"" + name + "\" was interrupted",
                    "clean up: davit delete --purge " + name};
    }
    cancel_delayed_stop(instance.folder(), services.cancel());
    OpenedMachine machine{services, instance.record, instance.folder()};
    // A suspended instance keeps its memory: recover and start bring it back as it was.
    if (machine.state() != "suspended") stop_machine(services, instance, StopKind::graceful);
    instance.record.deleted = true;
    instance.save();
}

void recover(Services &services, const InstanceStore &store, const std::string &name) {
    LockedInstance instance = lock(services, store, name);
    if (!instance.record.deleted) return;
    instance.record.deleted = false;
    instance.save();
}

void purge(Services &services, const InstanceStore &store, const std::string &name, Insist insist) {
    LockedInstance instance = lock(services, store, name);
    cancel_delayed_stop(instance.folder(), services.cancel());
    try {
        remove_machine(services, instance);
    } catch (const Error &error) {
        if (error.id() != "driver-not-installed") throw;
        if (insist == Insist::no) {
            throw Error{error.id(), error.message(),
                        "install the driver again; or give up whatever it keeps outside "
                        "davit's folder: davit delete --purge --abandon " +
                            name,
                        error.code()};
        }
        services.progress().note("warning: what the driver \"" + instance.record.driver +
                                 "\" keeps of instance \"" + name +
                                 "\" outside davit's folder was left behind");
    }
    store.erase(instance, services.cancel());
    services.progress().done();
}

std::unique_ptr<GuestSession> connect_guest(Services &services, const StoredInstance &instance) {
    OpenedMachine machine{services, *instance.record, instance.folder};
    const auto address = machine.address();
    if (!address) throw not_running(instance.name);
    return guest_module().connect(*address, Deadline::after(std::chrono::seconds{60}),
                                  services.cancel());
}

}  // namespace davit::host
