// SPDX-License-Identifier: Apache-2.0
// Readiness by SSH, then by cloud-init.
#include "guest/readiness.hpp"

#include "base/json.hpp"

namespace davit::host {
namespace {

// One attempt is bounded, because a port forward may accept a connection long before the guest can
// answer it, and a guest that reboots never answers it.
constexpr Milliseconds one_attempt{15000};
constexpr Milliseconds between_attempts{250};

// Prints cloud-init's result once this boot's run has ended. A guest where it is not installed, or
// switched off, has nothing to wait for.
constexpr const char *cloud_init_script = R"(
if ! command -v cloud-init >/dev/null || [ -e /run/cloud-init/disabled ]; then echo '{}'; exit 0; fi
until [ -s /run/cloud-init/result.json ]; do sleep 0.2; done
cat /run/cloud-init/result.json
)";

Error not_in_time(const std::string &what) {
    return {"guest-timeout", "timed out waiting for " + what,
            "the instance goes on running; \"davit info\" shows its state, and --timeout SECONDS "
            "waits longer",
            ExitCode::timeout};
}

}  // namespace

std::unique_ptr<GuestSession> wait_for_ssh(const Locate &locate, Deadline deadline,
                                           Progress &progress, const Cancel &cancel) {
    std::string last = "no address yet";
    while (true) {
        progress.step("waiting for SSH", 0, 0);
        if (const auto address = locate()) {
            try {
                return guest_module().connect(
                    *address, deadline.earlier(Deadline::after(one_attempt)), cancel);
            } catch (const Error &error) {
                // A refused key may only mean that cloud-init has not brought it in yet.
                if (error.id() != "guest-unreachable" && error.id() != "guest-denied") throw;
                last = error.message();
            }
        }
        if (deadline.expired()) throw not_in_time("SSH (" + last + ")");
        wait_for(-1, 0, deadline.earlier(Deadline::after(between_attempts)), cancel);
    }
}

std::vector<std::string> wait_for_cloud_init(GuestSession &session, Deadline deadline,
                                             Progress &progress, const Cancel &cancel) {
    progress.step("waiting for cloud-init", 0, 0);
    GuestResult result;
    try {
        result = session.run(GuestCommand{{"sh", "-c", cloud_init_script}, {}, {}}, "", deadline,
                             cancel);
    } catch (const Error &error) {
        if (error.id() == "timeout") throw not_in_time("cloud-init");
        throw;
    }
    const std::string what = "cloud-init's result";
    const Json document = json_in(result.output, what);
    std::vector<std::string> problems;
    if (!document.contains("v1")) return problems;
    const Json v1 = member<Json>(document, "v1", what);
    for (const Json &problem : member_or<Json>(v1, "errors", Json::array(), what)) {
        problems.push_back(problem.is_string() ? problem.get<std::string>() : json_out(problem));
    }
    return problems;
}

}  // namespace davit::host
