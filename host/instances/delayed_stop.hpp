// SPDX-License-Identifier: Apache-2.0
// Stopping an instance later: a process of its own waits, and is known by pid and start time.
#pragma once

#include <chrono>

#include "instances/services.hpp"
#include "instances/store.hpp"

namespace davit::host {

// Whether a process waits to stop the instance.
bool delayed_stop_pending(const InstanceFolder &folder);

// Starts that process, in place of an earlier one. The instance is locked by the caller.
void schedule_delayed_stop(Services &services, const LockedInstance &instance,
                           std::chrono::minutes delay);

// Ends that process, unless it is this one. None: nothing happens.
void cancel_delayed_stop(const InstanceFolder &folder, const Cancel &cancel);

}  // namespace davit::host
