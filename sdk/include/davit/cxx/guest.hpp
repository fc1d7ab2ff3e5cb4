// SPDX-License-Identifier: Apache-2.0
// The host service davit.host.guest/1 for C++: commands inside a guest.
#ifndef DAVIT_CXX_GUEST_HPP
#define DAVIT_CXX_GUEST_HPP

#include <memory>

#include "../host/guest.h"
#include "host_access.hpp"
#include "service_call.hpp"

namespace davit {
inline namespace v1_0 {

// A command running in a guest. One thread may read while another writes. The destructor ends it.
class GuestStream {
 public:
    GuestStream(const davit_host_guest *table, davit_stream *stream)
        : table_(table), stream_(stream, table->close) {}

    // Reads at most `size` bytes, waiting for at least one; 0 is the end.
    std::size_t read(void *data, std::size_t size, Call &call) {
        std::size_t got = 0;
        ServiceCall service(call);
        service.finish(table_->read(stream_.get(), data, size, &got, service.raw()));
        return call.status() == DAVIT_OK ? got : 0;
    }

    void write(const void *data, std::size_t size, Call &call) {
        ServiceCall service(call);
        service.finish(table_->write(stream_.get(), data, size, service.raw()));
    }

 private:
    const davit_host_guest *table_;
    std::unique_ptr<davit_stream, decltype(table_->close)> stream_;
};

// One guest, named by the token that Mount::attach() got. Without exceptions a failed method has
// failed the call and returns nothing. Thread-safe.
class Guest {
 public:
    Guest(const Host &host, std::string token)
        : host_(host),
          table_(host.service<davit_host_guest>(DAVIT_HOST_GUEST)),
          token_(std::move(token)) {}

    // Runs a command (run-1.json) to its end; returns run-result-1.json.
    std::string run(const std::string &request, Call &call,
                    std::chrono::milliseconds limit = {}) const {
        if (missing(call)) return {};
        ServiceCall service(call, limit);
        return service.finish(
            table_->run(host_.raw(), token_.c_str(), request.c_str(), service.raw()));
    }

    // Starts a command (run-1.json). Returns null only without exceptions, having failed the call.
    std::unique_ptr<GuestStream> open(const std::string &request, Call &call) const {
        if (missing(call)) return nullptr;
        davit_stream *stream = nullptr;
        ServiceCall service(call);
        service.finish(
            table_->open(host_.raw(), token_.c_str(), request.c_str(), &stream, service.raw()));
        if (stream == nullptr) return nullptr;
        return std::make_unique<GuestStream>(table_, stream);
    }

 private:
    bool missing(Call &call) const {
        if (table_ != nullptr) return false;
        call.raise(DAVIT_E_UNAVAILABLE, "this host cannot run commands in guests for plugins",
                   "update " + host_.name());
        return true;
    }

    Host host_;
    const davit_host_guest *table_;
    std::string token_;
};

}  // namespace v1_0
}  // namespace davit

#endif
