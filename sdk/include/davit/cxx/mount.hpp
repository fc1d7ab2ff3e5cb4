// SPDX-License-Identifier: Apache-2.0
// A mount plugin as two C++ classes: the plugin, and a mount that it made.
#ifndef DAVIT_CXX_MOUNT_HPP
#define DAVIT_CXX_MOUNT_HPP

#include <memory>
#include <string>

#include "../mount.h"
#include "call.hpp"

namespace davit {
inline namespace v1_0 {

enum class DetachHow { graceful = DAVIT_DETACH_GRACEFUL, force = DAVIT_DETACH_FORCE };

// A mount made by this process. davit/mount.h says what each function promises; documents are JSON
// text. The destructor ends what serves the mount.
class MountPoint {
 public:
    virtual ~MountPoint() = default;
    virtual std::string inspect(Call &call) = 0;  // mount-state-1.json
    virtual void detach(DetachHow how, Call &call) = 0;
};

// What attach() made.
template <typename PointType>
struct Attached {
    std::unique_ptr<PointType> point;
    std::string state;  // mount-state-1.json
};

// The plugin whose mounts are `PointType`s. Constructed from a Host before its first use, which may
// fail; destroyed when the host stops.
template <typename PointType>
class Mount {
 public:
    using point_type = PointType;

    virtual ~Mount() = default;
    virtual void check(const std::string &request, Call &call) = 0;
    // `guest` is the token for davit::Guest.
    virtual Attached<PointType> attach(const std::string &request, const std::string &guest,
                                       Call &call) = 0;
};

}  // namespace v1_0
}  // namespace davit

#endif
