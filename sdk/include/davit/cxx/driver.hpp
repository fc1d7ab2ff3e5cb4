// SPDX-License-Identifier: Apache-2.0
// A driver as two C++ classes: the driver, and a machine that it opened.
#ifndef DAVIT_CXX_DRIVER_HPP
#define DAVIT_CXX_DRIVER_HPP

#include <memory>
#include <string>

#include "../driver.h"
#include "call.hpp"

namespace davit {
inline namespace v1_0 {

enum class StopHow { graceful = DAVIT_STOP_GRACEFUL, force = DAVIT_STOP_FORCE };

// A machine opened by this process. davit/driver.h says what each function promises, in which
// state, and on which threads; documents are JSON text. A class of yours that derives from this and
// from interfaces of davit/cxx/ext (Suspend, Snapshots, ...) has those capabilities.
class Machine {
 public:
    virtual ~Machine() = default;
    virtual std::string inspect(Call &call) = 0;  // inspect-1.json
    virtual void start(Call &call) = 0;
    virtual void stop(StopHow how, Call &call) = 0;
    virtual void remove(Call &call) = 0;
};

// The driver whose machines are `MachineType`s. Constructed from a Host before its first use, which
// may fail; destroyed when the host stops. Derive from Adopt and NetworkList too for
// the capabilities that concern no machine.
template <typename MachineType>
class Driver {
 public:
    using machine_type = MachineType;

    virtual ~Driver() = default;
    virtual std::string probe(Call &call) = 0;  // probe-1.json
    virtual void create(const std::string &dir, const std::string &spec, Call &call) = 0;
    virtual std::unique_ptr<MachineType> open(const std::string &dir, Call &call) = 0;
};

}  // namespace v1_0
}  // namespace davit

#endif
