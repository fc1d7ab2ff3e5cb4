// SPDX-License-Identifier: Apache-2.0
// The module "images": what needs a cryptographic library.
#include <openssl/evp.h>

#include <array>

#include "base/error.hpp"
#include "images/digest.hpp"

namespace davit::host::images {
namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};

class Sha256 : public Digest {
 public:
    Sha256() : context_(EVP_MD_CTX_new()) {
        check(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
    }

    void add(std::string_view bytes) override {
        check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
    }

    std::string hex() override {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned size = 0;
        check(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1);
        constexpr std::string_view digits = "0123456789abcdef";
        std::string text;
        for (unsigned i = 0; i < size; ++i) {
            text += digits[digest[i] >> 4];
            text += digits[digest[i] & 15];
        }
        return text;
    }

 private:
    static void check(bool succeeded) {
        if (!succeeded) throw Error{"system", "the cryptographic library cannot compute SHA-256"};
    }

    std::unique_ptr<EVP_MD_CTX, FreeContext> context_;
};

class Module final : public ImagesModule {
 public:
    std::unique_ptr<Digest> sha256() override { return std::make_unique<Sha256>(); }
};

}  // namespace
}  // namespace davit::host::images

extern "C" __attribute__((visibility("default"))) davit::host::ImagesModule *davit_images_module() {
    static davit::host::images::Module module;
    return &module;
}
