// SPDX-License-Identifier: Apache-2.0
// Makes the table of davit.mount/1 from a mount class and its point class.
#ifndef DAVIT_CXX_MOUNT_TABLE_HPP
#define DAVIT_CXX_MOUNT_TABLE_HPP

#include "mount.hpp"
#include "running.hpp"

namespace davit {
inline namespace v1_0 {
namespace detail {

template <typename Plugin>
struct MountTable {
    using PointType = typename Plugin::point_type;
    static_assert(std::is_base_of_v<MountPoint, PointType>, "a mount needs davit::MountPoint");

    static davit_status DAVIT_ABI check(const char *request, davit_call *raw) noexcept {
        return guard_running<Plugin, Mount<PointType>>(
            raw, [&](auto &mount, Call &call) { mount.check(text(request), call); });
    }
    static davit_status DAVIT_ABI attach(const char *request, const char *guest,
                                         davit_mount_point **handle, davit_call *raw) noexcept {
        return guard_running<Plugin, Mount<PointType>>(raw, [&](auto &mount, Call &call) {
            auto attached = mount.attach(text(request), text(guest), call);
            hand_over(std::move(attached.point), handle, call);
            return attached.state;
        });
    }
    static davit_status DAVIT_ABI inspect(davit_mount_point *handle, davit_call *raw) noexcept {
        return guard_on<PointType, MountPoint>(
            handle, raw, [](MountPoint &point, Call &call) { return point.inspect(call); });
    }
    static davit_status DAVIT_ABI detach(davit_mount_point *handle, std::int32_t how,
                                         davit_call *raw) noexcept {
        return guard_on<PointType, MountPoint>(handle, raw, [&](MountPoint &point, Call &call) {
            if (how != DAVIT_DETACH_GRACEFUL && how != DAVIT_DETACH_FORCE)
                return call.fail(DAVIT_E_INVALID, "there is no such way to detach a mount");
            point.detach(static_cast<DetachHow>(how), call);
        });
    }
    static void DAVIT_ABI close(davit_mount_point *handle) noexcept {
        delete reinterpret_cast<PointType *>(handle);
    }
    static constexpr davit_mount table = {
        sizeof(davit_mount), check, attach, inspect, detach, close};
};

}  // namespace detail
}  // namespace v1_0
}  // namespace davit

#endif
