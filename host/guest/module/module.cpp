// SPDX-License-Identifier: Apache-2.0
// The module's one symbol.
#include <memory>

#include "guest/guest.hpp"
#include "guest/module/connection.hpp"
#include "guest/module/key.hpp"
#include "guest/module/seed.hpp"
#include "guest/module/session.hpp"

namespace davit::host::guest {
namespace {

class Module : public GuestModule {
 public:
    KeyPair make_key(const std::string &comment) override { return guest::make_key(comment); }

    std::unique_ptr<GuestSession> connect(const GuestAddress &address, Deadline deadline,
                                          const Cancel &cancel) override {
        return std::make_unique<Session>(std::make_shared<Connection>(address, deadline, cancel));
    }

    void write_seed(const std::filesystem::path &path,
                    const std::vector<SeedFile> &files) override {
        guest::write_seed(path, files);
    }
};

}  // namespace
}  // namespace davit::host::guest

extern "C" __attribute__((visibility("default"))) davit::host::GuestModule *davit_guest_module() {
    static davit::host::guest::Module module;
    return &module;
}
