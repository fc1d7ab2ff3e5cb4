// SPDX-License-Identifier: Apache-2.0
// Makes the table of davit.driver/1 from a driver class and its machine class.
#ifndef DAVIT_CXX_DRIVER_TABLE_HPP
#define DAVIT_CXX_DRIVER_TABLE_HPP

#include "driver.hpp"
#include "running.hpp"

namespace davit {
inline namespace v1_0 {
namespace detail {

template <typename DriverType>
struct DriverTable {
    using MachineType = typename DriverType::machine_type;
    static_assert(std::is_base_of_v<Machine, MachineType>, "a machine class needs davit::Machine");

    static davit_status DAVIT_ABI probe(davit_call *raw) noexcept {
        return guard_running<DriverType, Driver<MachineType>>(
            raw, [](auto &driver, Call &call) { return driver.probe(call); });
    }
    static davit_status DAVIT_ABI create(const char *dir, const char *spec,
                                         davit_call *raw) noexcept {
        return guard_running<DriverType, Driver<MachineType>>(
            raw, [&](auto &driver, Call &call) { driver.create(text(dir), text(spec), call); });
    }
    static davit_status DAVIT_ABI open(const char *dir, davit_machine **handle,
                                       davit_call *raw) noexcept {
        return guard_running<DriverType, Driver<MachineType>>(raw, [&](auto &driver, Call &call) {
            hand_over(driver.open(text(dir), call), handle, call);
        });
    }
    static void DAVIT_ABI close(davit_machine *handle) noexcept {
        delete reinterpret_cast<MachineType *>(handle);
    }
    static davit_status DAVIT_ABI inspect(davit_machine *handle, davit_call *raw) noexcept {
        return guard_on<MachineType, Machine>(
            handle, raw, [](Machine &machine, Call &call) { return machine.inspect(call); });
    }
    static davit_status DAVIT_ABI start(davit_machine *handle, davit_call *raw) noexcept {
        return guard_on<MachineType, Machine>(
            handle, raw, [](Machine &machine, Call &call) { machine.start(call); });
    }
    static davit_status DAVIT_ABI stop(davit_machine *handle, std::int32_t how,
                                       davit_call *raw) noexcept {
        return guard_on<MachineType, Machine>(handle, raw, [&](Machine &machine, Call &call) {
            if (how != DAVIT_STOP_GRACEFUL && how != DAVIT_STOP_FORCE)
                return call.fail(DAVIT_E_INVALID, "there is no such way to stop a machine");
            machine.stop(static_cast<StopHow>(how), call);
        });
    }
    static davit_status DAVIT_ABI remove(davit_machine *handle, davit_call *raw) noexcept {
        return guard_on<MachineType, Machine>(
            handle, raw, [](Machine &machine, Call &call) { machine.remove(call); });
    }
    static constexpr davit_driver table = {
        sizeof(davit_driver), probe, create, open, close, inspect, start, stop, remove};
};

}  // namespace detail
}  // namespace v1_0
}  // namespace davit

#endif
