// SPDX-License-Identifier: Apache-2.0
// The host service davit.host.process/1 for C++: tools, and processes that outlive the command.
#ifndef DAVIT_CXX_PROCESS_HPP
#define DAVIT_CXX_PROCESS_HPP

#include "../host/process.h"
#include "host_access.hpp"
#include "service_call.hpp"

namespace davit {
inline namespace v1_0 {

// Documents are JSON text, as davit/host/process.h describes them. Each method belongs to the call
// that it is given: what that call's user cancels ends here too. Without exceptions a failed method
// has failed the call and returns an empty string or false. Thread-safe.
class Process {
 public:
    explicit Process(const Host &host)
        : host_(host), table_(host.service<davit_host_process>(DAVIT_HOST_PROCESS)) {}

    // Runs a program (run-1.json) to its end; returns run-result-1.json.
    std::string run(const std::string &request, Call &call,
                    std::chrono::milliseconds limit = {}) const {
        if (missing(call)) return {};
        ServiceCall service(call, limit);
        return service.finish(table_->run(host_.raw(), request.c_str(), service.raw()));
    }

    // Starts a program (spawn-1.json) that outlives this process; returns process-1.json.
    std::string spawn(const std::string &request, Call &call) const {
        if (missing(call)) return {};
        ServiceCall service(call);
        return service.finish(table_->spawn(host_.raw(), request.c_str(), service.raw()));
    }

    // Whether the process of an identity (process-1.json) runs.
    bool alive(const std::string &identity, Call &call) const {
        if (missing(call)) return false;
        ServiceCall service(call);
        const davit_status answer = table_->alive(host_.raw(), identity.c_str(), service.raw());
        if (answer >= 0) return answer == 1;
        service.finish(answer);
        return false;
    }

    // Waits until it has ended, at most `limit`: then DAVIT_E_TIMEOUT.
    void wait(const std::string &identity, Call &call, std::chrono::milliseconds limit = {}) const {
        if (missing(call)) return;
        ServiceCall service(call, limit);
        service.finish(table_->wait(host_.raw(), identity.c_str(), service.raw()));
    }

    // Ends it at once.
    void kill(const std::string &identity, Call &call) const {
        if (missing(call)) return;
        ServiceCall service(call);
        service.finish(table_->kill(host_.raw(), identity.c_str(), service.raw()));
    }

 private:
    bool missing(Call &call) const {
        if (table_ != nullptr) return false;
        call.raise(DAVIT_E_UNAVAILABLE, "this host cannot run programs for plugins",
                   "update " + host_.name());
        return true;
    }

    Host host_;
    const davit_host_process *table_;
};

}  // namespace v1_0
}  // namespace davit

#endif
