// SPDX-License-Identifier: Apache-2.0
// Targets of commands that take several instances.
#include "cli/targets.hpp"

#include <algorithm>

#include "instances/current_driver.hpp"

namespace davit::host {
namespace {

// An instance that may exist in another scope: the error that says so.
Error with_other_scopes(Services &services, const std::string &name, const Error &missing) {
    for (const auto &scope : scopes(services.home())) {
        const auto found = instances_of(services, scope).find(name);
        if (found && found->record) {
            const std::string &driver = found->record->driver;
            return {missing.id(), missing.message() + " here, but with the driver " + driver,
                    "address it there: davit --driver " + driver + " ...", missing.code()};
        }
    }
    return missing;
}

}  // namespace

void describe_all(po::options_description &options, const std::string &what) {
    options.add_options()("all", ("all instances: " + what).c_str());
}

void describe_timeout(po::options_description &options) {
    options.add_options()("timeout",
                          po::value<std::string>()->default_value("300")->value_name("SECONDS"),
                          "how long to wait for the guest");
}

std::chrono::seconds timeout_of(const Arguments &arguments) {
    const auto text = arguments.get<std::string>("timeout");
    const bool digits =
        !text.empty() && text.size() <= 7 &&
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    const std::chrono::seconds timeout{digits ? std::stol(text) : 0};
    if (timeout.count() == 0) {
        throw usage_error("--timeout needs a positive whole number of seconds, not \"" + text +
                          "\"");
    }
    return timeout;
}

std::vector<std::string> targets(const Arguments &arguments, const InstanceStore &store,
                                 const std::string &fallback) {
    if (arguments.has("all")) {
        if (!arguments.words.empty())
            throw usage_error("cannot name instances together with --all");
        std::vector<std::string> names;
        for (const auto &instance : store.list()) {
            if (!instance.record || !instance.record->deleted) names.push_back(instance.name);
        }
        return names;
    }
    if (!arguments.words.empty()) {
        std::vector<std::string> names;
        for (const auto &word : arguments.words) {
            if (std::find(names.begin(), names.end(), word) == names.end()) names.push_back(word);
        }
        return names;
    }
    if (fallback.empty()) throw usage_error("a name or --all is required");
    return {fallback};
}

void for_each_target(const std::vector<std::string> &names,
                     const std::function<void(const std::string &name)> &act) {
    std::vector<Error> errors;
    for (const auto &name : names) {
        try {
            act(name);
        } catch (const Error &error) {
            if (error.code() == ExitCode::interrupted) throw;
            errors.push_back(error);
        }
    }
    if (errors.empty()) return;
    if (errors.size() == 1) throw Error{errors.front()};
    std::string messages = "the following errors occurred:", hints;
    for (const auto &error : errors) {
        messages += "\n" + error.message() + " [" + error.id() + "]";
        if (!error.hint().empty()) hints += (hints.empty() ? "" : "\n") + error.hint();
    }
    throw Error{"several-failed", messages, hints, errors.front().code()};
}

InstanceStore current_store(Services &services) {
    return instances_of(services, current_driver(services).scope);
}

std::vector<std::string> deleted_instances(const InstanceStore &store) {
    std::vector<std::string> names;
    for (const auto &instance : store.list()) {
        if (instance.record && instance.record->deleted) names.push_back(instance.name);
    }
    return names;
}

void require_present(Services &services, const InstanceStore &store,
                     const std::vector<std::string> &names) {
    for_each_target(names, [&](const std::string &name) {
        if (!store.find(name)) require_targets(services, store, {name});
    });
}

void require_targets(Services &services, const InstanceStore &store,
                     const std::vector<std::string> &names) {
    for_each_target(names, [&](const std::string &name) {
        try {
            require_usable(store, name);
        } catch (const Error &error) {
            if (error.id() != "instance-not-found") throw;
            throw with_other_scopes(services, name, error);
        }
    });
}

}  // namespace davit::host
