// SPDX-License-Identifier: Apache-2.0
// A loaded plugin: start, stop, and the tables that it provides.
#ifndef DAVIT_CXX_LOADED_PLUGIN_HPP
#define DAVIT_CXX_LOADED_PLUGIN_HPP

#include <string_view>

#include "../../plugin.h"
#include "invoke.hpp"

namespace davit {
inline namespace v1_0 {
namespace loaded {

// A value that refers to what davit_plugin_v1() returned. Whoever loaded the library has verified
// it; here a table that is too short or has NULL functions only makes these calls fail.
class Plugin {
 public:
    explicit Plugin(const davit_plugin &table) : table_(&table) {}

    std::string_view manifest() const { return table_->manifest; }

    // Before anything else is called. `host` must live until stop() has returned.
    void start(const davit_host &host, const CallOptions &options) const {
        CallContext context(options);
        finish(context, table_->start(&host, context.raw()));
    }
    void stop() const { table_->stop(); }

    // The table that implements `id`, or NULL.
    template <typename Table>
    const Table *table(const char *id) const {
        return static_cast<const Table *>(table_->get(id));
    }

 private:
    const davit_plugin *table_;
};

}  // namespace loaded
}  // namespace v1_0
}  // namespace davit

#endif
