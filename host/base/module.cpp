// SPDX-License-Identifier: Apache-2.0
// Mapping the host's own modules.
#include "base/module.hpp"

#include <dlfcn.h>

#include "base/error.hpp"

namespace davit::host {

std::filesystem::path installation_prefix() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
}

void *module_entry(const std::string &name, const char *entry) {
    const auto path = installation_prefix() / "lib/davit/modules" / (name + ".so");
    // Mapping the same file again gives the same handle; it is never closed.
    void *handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void *address = handle ? ::dlsym(handle, entry) : nullptr;
    if (!address) {
        const char *why = ::dlerror();
        throw Error{"module-missing",
                    "a part of davit cannot be loaded: " + std::string{why ? why : name},
                    "install davit again, or the library that is named"};
    }
    return address;
}

}  // namespace davit::host
