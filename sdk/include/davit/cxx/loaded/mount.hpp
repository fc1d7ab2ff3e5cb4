// SPDX-License-Identifier: Apache-2.0
// A loaded mount plugin and the mounts that it made: documents in, documents out, Error thrown.
#ifndef DAVIT_CXX_LOADED_MOUNT_HPP
#define DAVIT_CXX_LOADED_MOUNT_HPP

#include <memory>

#include "../../mount.h"
#include "plugin.hpp"

namespace davit {
inline namespace v1_0 {
namespace loaded {

// A mount made by this process, closed with this object; davit/mount.h says what each function
// promises. Only inspect() is [thread-safe].
class MountPoint {
 public:
    MountPoint(const davit_mount &table, davit_mount_point *handle, std::string state)
        : table_(&table),
          handle_(handle, Close{function_of(table, &davit_mount::close)}),
          state_(std::move(state)) {}

    const std::string &attached() const { return state_; }  // what attach() replied
    std::string inspect(const CallOptions &o) const {
        return invoke(*table_, &davit_mount::inspect, o, handle_.get());
    }
    void detach(std::int32_t how, const CallOptions &o) {
        invoke(*table_, &davit_mount::detach, o, handle_.get(), how);
    }

 private:
    struct Close {
        void(DAVIT_ABI *close)(davit_mount_point *);
        void operator()(davit_mount_point *point) const {
            if (close != nullptr) close(point);
        }
    };

    const davit_mount *table_;
    std::unique_ptr<davit_mount_point, Close> handle_;
    std::string state_;
};

// A mount plugin; a value that refers to its table.
class Mount {
 public:
    // Throws DAVIT_E_UNSUPPORTED if the plugin is no mount.
    explicit Mount(const Plugin &plugin) : table_(plugin.table<davit_mount>(DAVIT_MOUNT)) {
        if (table_ == nullptr) throw Error(DAVIT_E_UNSUPPORTED, "the plugin is no mount");
    }

    void check(const std::string &request, const CallOptions &o) const {
        invoke(*table_, &davit_mount::check, o, request.c_str());
    }
    MountPoint attach(const std::string &request, const std::string &guest,
                      const CallOptions &o) const {
        davit_mount_point *point = nullptr;
        std::string state =
            invoke(*table_, &davit_mount::attach, o, request.c_str(), guest.c_str(), &point);
        if (point == nullptr) throw Error(DAVIT_E_FAILED, "the plugin attached nothing");
        return MountPoint(*table_, point, std::move(state));
    }

 private:
    const davit_mount *table_;
};

}  // namespace loaded
}  // namespace v1_0
}  // namespace davit

#endif
