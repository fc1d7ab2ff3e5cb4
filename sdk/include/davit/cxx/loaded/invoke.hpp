// SPDX-License-Identifier: Apache-2.0
// One call of a function of the border: outcome to reply or Error.
#ifndef DAVIT_CXX_LOADED_INVOKE_HPP
#define DAVIT_CXX_LOADED_INVOKE_HPP

#include "../call_context.hpp"

namespace davit {
inline namespace v1_0 {
namespace loaded {

// The function of `table` that `member` points to, or NULL if the plugin is too old to have it. The
// table may end before the member.
template <typename Table, typename Function>
Function function_of(const Table &table, Function Table::*member) {
    const auto *begin = reinterpret_cast<const char *>(&table);
    const auto *end = reinterpret_cast<const char *>(&(table.*member)) + sizeof(Function);
    return static_cast<std::size_t>(end - begin) <= table.struct_size ? table.*member : nullptr;
}

// Ends a call that returned `status`: returns the reply. Throws Error, or what the progress
// function threw.
inline std::string finish(CallContext &context, davit_status status) {
    Outcome outcome = context.finish(status);
    if (outcome.status == DAVIT_OK) return std::move(outcome.reply);
    if (context.thrown() != nullptr) std::rethrow_exception(context.thrown());
    if (outcome.status == DAVIT_E_CANCELLED) throw Cancelled();
    throw Error(outcome.status, outcome.message, std::move(outcome.hint));
}

// Calls it with `arguments` and returns the reply. Throws as finish() does.
template <typename Table, typename Function, typename... Arguments>
std::string invoke(const Table &table, Function Table::*member, const CallOptions &options,
                   Arguments... arguments) {
    const Function function = function_of(table, member);
    if (function == nullptr)
        throw Error(DAVIT_E_UNSUPPORTED, "this build of the plugin lacks that function");
    CallContext context(options);
    return finish(context, function(arguments..., context.raw()));
}

}  // namespace loaded
}  // namespace v1_0
}  // namespace davit

#endif
