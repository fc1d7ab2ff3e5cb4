// SPDX-License-Identifier: Apache-2.0
// The host, as a plugin sees it: its log and its services.
#ifndef DAVIT_CXX_HOST_ACCESS_HPP
#define DAVIT_CXX_HOST_ACCESS_HPP

#include <string>

#include "../plugin.h"

namespace davit {
inline namespace v1_0 {

// A value, to be copied freely; good until the driver's or mount's destructor has run. Thread-safe.
class Host {
 public:
    explicit Host(const davit_host *raw) : raw_(raw) {}

    std::string name() const { return raw_->name; }
    std::string version() const { return raw_->version; }

    // For whoever debugs the plugin; what the user must know belongs into an Error.
    void debug(const std::string &message) const { log(DAVIT_LOG_DEBUG, message); }
    void info(const std::string &message) const { log(DAVIT_LOG_INFO, message); }
    void warning(const std::string &message) const { log(DAVIT_LOG_WARNING, message); }
    void error(const std::string &message) const { log(DAVIT_LOG_ERROR, message); }

    // The service `id`, or NULL if this host has none or one that is older than SDK 1.0's.
    template <typename Table>
    const Table *service(const char *id) const {
        const auto *table = static_cast<const Table *>(raw_->get(raw_, id));
        return table != nullptr && table->struct_size >= sizeof(Table) ? table : nullptr;
    }

    const davit_host *raw() const { return raw_; }

 private:
    void log(std::int32_t level, const std::string &message) const {
        raw_->log(raw_, level, message.c_str());
    }

    const davit_host *raw_;
};

}  // namespace v1_0
}  // namespace davit

#endif
