// SPDX-License-Identifier: Apache-2.0
// A host for tests: keeps what is logged, and offers the services that it is given.
#pragma once

#include <davit/plugin.h>

#include <map>
#include <string>
#include <vector>

class FakeHost {
 public:
    FakeHost() {
        raw_ = {
            sizeof(davit_host), this, DAVIT_SDK_MAJOR, DAVIT_SDK_MINOR, "davit", "0.1", log, get};
    }
    const davit_host &raw() const { return raw_; }

    std::vector<std::string> logged;
    std::map<std::string, const void *> services;

 private:
    static FakeHost &of(const davit_host *host) { return *static_cast<FakeHost *>(host->ctx); }
    static void log(const davit_host *host, std::int32_t level, const char *message) {
        of(host).logged.push_back(std::to_string(level) + " " + message);
    }
    static const void *get(const davit_host *host, const char *id) {
        const auto found = of(host).services.find(id);
        return found == of(host).services.end() ? nullptr : found->second;
    }

    davit_host raw_{};
};
