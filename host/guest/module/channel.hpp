// SPDX-License-Identifier: Apache-2.0
// One command in the guest: its three streams, and how it ended.
#pragma once

#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "guest/module/connection.hpp"

namespace davit::host::guest {

enum class Source : int { output = 0, errors = 1 };

struct WindowSize {
    int columns = 80;
    int rows = 24;
};

// Used and destroyed while its connection lives, under the same rules.
class Channel {
 public:
    explicit Channel(std::shared_ptr<Connection> connection);
    ~Channel();
    Channel(const Channel &) = delete;
    Channel &operator=(const Channel &) = delete;

    // Each waits for the guest's answer. Error "guest-refused" if it says no.
    void open(Deadline deadline, const Cancel &cancel);
    void request_terminal(const std::string &type, WindowSize size, const Cancel &cancel);
    void begin(const GuestCommand &command, Deadline deadline, const Cancel &cancel);

    // None of these waits. 0: nothing now.
    std::size_t read(Source source, char *data, std::size_t size);
    std::size_t write(std::string_view data);
    void close_input();
    void resize(WindowSize size);
    void send_signal(const std::string &name);

    // Whether the guest has sent all of its output and errors: read() tells when all was read.
    bool output_ended() const { return output_ended_; }
    // Whether the command takes no more input, for it has ended.
    bool closed() const { return closed_; }
    // Whether the command has ended, and everything it sent has been read.
    bool ended();
    int status() const { return status_; }  // 128 + n after a signal; 255 if the guest did not say
    const std::string &signal() const { return signal_; }

    ssh_channel raw() const { return channel_; }

 private:
    void require(int result, const char *what) const;
    std::size_t unread(Source source);

    std::shared_ptr<Connection> connection_;
    ssh_channel channel_;
    ssh_channel_callbacks_struct callbacks_{};
    bool output_ended_ = false;
    bool closed_ = false;
    int status_ = 255;
    std::string signal_;
};

}  // namespace davit::host::guest
