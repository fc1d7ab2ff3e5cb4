// SPDX-License-Identifier: Apache-2.0
// Signals of this process as bytes in a pipe, for a while.
#pragma once

#include <csignal>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/files.hpp"

namespace davit::host::guest {

// Takes the signals over from whatever handled them, gives them back in the end, and ignores
// SIGPIPE meanwhile. A signal that was ignored (nohup) stays so. One at a time in a process.
class Signals {
 public:
    explicit Signals(std::span<const int> numbers);
    ~Signals();
    Signals(const Signals &) = delete;
    Signals &operator=(const Signals &) = delete;

    int fd() const { return read_end_.get(); }  // readable: a signal came
    std::optional<int> next();                  // nullopt: no more

 private:
    void take(int number, void (*handler)(int));

    Fd read_end_;
    Fd write_end_;
    std::vector<std::pair<int, struct sigaction>> before_;
};

}  // namespace davit::host::guest
