// SPDX-License-Identifier: Apache-2.0
// The instances that a command is about, and doing something to each of them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "instances/lifecycle.hpp"

namespace davit::host {

// Adds "--all".
void describe_all(po::options_description &options, const std::string &what);
// Adds "--timeout SECONDS".
void describe_timeout(po::options_description &options);
std::chrono::seconds timeout_of(const Arguments &arguments);

// The words, or every instance with --all that is not deleted; never both. `fallback` is used where
// neither is given; empty: that is an error.
std::vector<std::string> targets(const Arguments &arguments, const InstanceStore &store,
                                 const std::string &fallback = {});

// Does it to every target, even where one fails, and then throws what failed: the error itself, or
// "several-failed" with each of them.
void for_each_target(const std::vector<std::string> &names,
                     const std::function<void(const std::string &name)> &act);

// The scope that the command works in.
InstanceStore current_store(Services &services);

// The instances that are marked deleted.
std::vector<std::string> deleted_instances(const InstanceStore &store);

// Both check every target before anything is done to the first, and say in which other scope a
// missing one is. require_targets() also refuses what is deleted or has no readable record.
void require_present(Services &services, const InstanceStore &store,
                     const std::vector<std::string> &names);
void require_targets(Services &services, const InstanceStore &store,
                     const std::vector<std::string> &names);

}  // namespace davit::host
