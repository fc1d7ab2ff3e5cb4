// SPDX-License-Identifier: Apache-2.0
// Speaks the documents of davit.host.process/1.
#include "process.hpp"

namespace davit::support {

namespace {

// Tools tell their errors in words only; these are the words to look for.
const Json english{{"LC_ALL", "C"}};

}  // namespace

ToolResult run_tool(const Process &process, const std::vector<std::string> &argv,
                    const std::filesystem::path &folder, Call &call) {
    Json request{{"argv", argv}, {"env", english}};
    if (!folder.empty()) request["folder"] = folder.string();
    const std::string what = "reply of " + argv.front();
    const Json reply = json_in(process.run(json_out(request), call), what, std::size_t{64} << 20);
    return {static_cast<int>(number_in(reply, "status", what)), text_in(reply, "stdout", what),
            text_in(reply, "stderr", what)};
}

Identity spawn(const Process &process, const Spawn &request, Call &call) {
    const Json document{{"argv", request.argv},
                        {"env", english},
                        {"folder", request.folder.string()},
                        {"log", request.log.string()},
                        {"identity", request.identity.string()}};
    return json_in(process.spawn(json_out(document), call), "identity of " + request.argv.front());
}

bool alive(const Process &process, const Identity &identity, Call &call) {
    return process.alive(json_out(identity), call);
}

bool wait_gone(const Process &process, const Identity &identity, std::chrono::milliseconds most,
               Call &call) {
    try {
        process.wait(json_out(identity), call, most);
        return true;
    } catch (const Error &error) {
        if (error.status() != DAVIT_E_TIMEOUT) throw;
        return false;
    }
}

void end_at_once(const Process &process, const Identity &identity) {
    CallContext context{{std::chrono::seconds{10}}};
    Call call{context.raw()};
    process.kill(json_out(identity), call);
}

}  // namespace davit::support
