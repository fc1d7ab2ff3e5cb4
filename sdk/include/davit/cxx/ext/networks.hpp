// SPDX-License-Identifier: Apache-2.0
// A driver that knows networks, and machines that can be connected to them, in C++.
#ifndef DAVIT_CXX_EXT_NETWORKS_HPP
#define DAVIT_CXX_EXT_NETWORKS_HPP

#include "../../ext/networks.h"
#include "../driver.hpp"
#include "../running.hpp"

namespace davit {
inline namespace v1_0 {

// The capability davit/ext/networks.h has two halves, which go together: a driver class derives
// from NetworkList, its machine class from Networks.
class NetworkList {
 public:
    virtual std::string list_networks(Call &call) = 0;  // networks-1.json

 protected:
    ~NetworkList() = default;
};

class Networks {
 public:
    virtual void connect(const std::string &nic, Call &call) = 0;  // nic-1.json
    virtual void disconnect(const std::string &mac, Call &call) = 0;

 protected:
    ~Networks() = default;
};

namespace detail {

template <typename DriverType>
struct NetworksTable {
    using MachineType = typename DriverType::machine_type;

    static davit_status DAVIT_ABI list(davit_call *raw) noexcept {
        return guard_running<DriverType, NetworkList>(
            raw, [](NetworkList &driver, Call &call) { return driver.list_networks(call); });
    }
    static davit_status DAVIT_ABI connect(davit_machine *handle, const char *nic,
                                          davit_call *raw) noexcept {
        return guard_on<MachineType, Networks>(
            handle, raw, [&](Networks &machine, Call &call) { machine.connect(text(nic), call); });
    }
    static davit_status DAVIT_ABI disconnect(davit_machine *handle, const char *mac,
                                             davit_call *raw) noexcept {
        return guard_on<MachineType, Networks>(handle, raw, [&](Networks &machine, Call &call) {
            machine.disconnect(text(mac), call);
        });
    }
    static constexpr davit_driver_networks table = {sizeof(davit_driver_networks), list, connect,
                                                    disconnect};
};

}  // namespace detail

}  // namespace v1_0
}  // namespace davit

#endif
