// SPDX-License-Identifier: Apache-2.0
// The check speaks KVM's own interface (Documentation/virt/kvm/api.rst of Linux), without QEMU.
#include "kvm_check.hpp"

#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <system_error>

#include "support/files.hpp"

namespace davit::qemu {

namespace {

using support::Fd;

struct Fault : std::runtime_error {
    using std::runtime_error::runtime_error;
};

Fault system_fault(const std::string &what, int number = errno) {
    return Fault(what + ": " + std::generic_category().message(number));
}

Fd open_device(const std::string &device) {
    Fd kvm{open(device.c_str(), O_RDWR | O_CLOEXEC)};
    if (kvm) return kvm;
    if (errno == ENOENT) throw Fault("there is no " + device + " (is the kvm module loaded?)");
    if (errno == EACCES || errno == EPERM) {
        throw Fault(device + " cannot be opened: permission denied; add yourself to the group kvm");
    }
    throw system_fault(device + " cannot be opened");
}

Fd make_machine(const Fd &kvm) {
    if (ioctl(kvm.get(), KVM_GET_API_VERSION, 0) != KVM_API_VERSION) {
        throw Fault("KVM does not speak version 12 of its interface");
    }
    Fd machine{ioctl(kvm.get(), KVM_CREATE_VM, 0)};
    if (!machine) throw system_fault("KVM cannot make a machine");
    return machine;
}

Fd make_processor(const Fd &machine) {
    Fd processor{ioctl(machine.get(), KVM_CREATE_VCPU, 0)};
    if (!processor) throw system_fault("KVM cannot make a processor");
    return processor;
}

#if defined(__x86_64__)

// A shared mapping, unmapped with its owner.
class Mapping {
 public:
    Mapping(std::size_t size, int flags, int fd) : size_(size) {
        data_ = mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, fd, 0);
        if (data_ == MAP_FAILED) throw system_fault("cannot map memory for KVM");
    }
    ~Mapping() { munmap(data_, size_); }
    Mapping(const Mapping &) = delete;
    Mapping &operator=(const Mapping &) = delete;
    void *data() const { return data_; }

 private:
    void *data_;
    std::size_t size_;
};

// Ends a KVM_RUN that lasts too long: a timer sends this thread a signal that is blocked except
// while the processor runs, so that no handler is needed and nobody's is touched.
class Alarm {
 public:
    Alarm(const Fd &processor, std::chrono::milliseconds most) {
        sigemptyset(&signals_);
        sigaddset(&signals_, signal_number);
        pthread_sigmask(SIG_BLOCK, &signals_, &before_);

        sigevent event{};
        event.sigev_notify = SIGEV_THREAD_ID;
        event.sigev_signo = signal_number;
        event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
        itimerspec span{};
        span.it_value.tv_sec = most.count() / 1000;
        span.it_value.tv_nsec = (most.count() % 1000) * 1'000'000;
        armed_ = timer_create(CLOCK_MONOTONIC, &event, &timer_) == 0;
        if (!armed_ || timer_settime(timer_, 0, &span, nullptr) != 0 ||
            !unblock_inside(processor)) {
            const int why = errno;
            disarm();
            throw system_fault("cannot bound the check of KVM", why);
        }
    }
    ~Alarm() { disarm(); }
    Alarm(const Alarm &) = delete;
    Alarm &operator=(const Alarm &) = delete;

 private:
    static const int signal_number;

    bool unblock_inside(const Fd &processor) const {
        sigset_t inside = before_;
        sigdelset(&inside, signal_number);
        // struct kvm_signal_mask and KVM_SET_SIGNAL_MASK, which C++ misreads in linux/kvm.h: an
        // empty struct in there has no size in C and one byte in C++.
        struct {
            std::uint32_t size = 8;  // the kernel's sigset_t is smaller than libc's
            unsigned char set[8];
        } request;
        std::memcpy(request.set, &inside, sizeof request.set);
        return ioctl(processor.get(), _IOW(KVMIO, 0x8b, std::uint32_t), &request) == 0;
    }

    void disarm() {
        if (armed_) timer_delete(timer_);
        const timespec at_once{};
        while (sigtimedwait(&signals_, nullptr, &at_once) > 0) {
        }
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

    sigset_t signals_{};
    sigset_t before_{};
    timer_t timer_{};
    bool armed_ = false;
};

const int Alarm::signal_number = SIGRTMIN + 7;

void enter_real_mode(const Fd &processor, std::uint64_t address) {
    kvm_sregs special{};
    if (ioctl(processor.get(), KVM_GET_SREGS, &special) != 0) throw system_fault("KVM_GET_SREGS");
    special.cs.base = 0;
    special.cs.selector = 0;
    kvm_regs registers{};
    registers.rip = address;
    registers.rflags = 2;  // the bit that is always set
    if (ioctl(processor.get(), KVM_SET_SREGS, &special) != 0 ||
        ioctl(processor.get(), KVM_SET_REGS, &registers) != 0) {
        throw system_fault("KVM cannot set a processor's registers");
    }
}

std::uint32_t run_to_exit(const Fd &processor, const kvm_run &state) {
    if (ioctl(processor.get(), KVM_RUN, 0) == 0) return state.exit_reason;
    if (errno == EINTR) throw Fault("a virtual processor of KVM hangs");
    throw system_fault("KVM cannot run a processor");
}

void run_code(const Fd &kvm, const Fd &machine, const Fd &processor,
              std::span<const unsigned char> code, std::chrono::milliseconds most) {
    constexpr std::uint64_t address = 0x1000;
    const Mapping memory{0x1000, MAP_SHARED | MAP_ANONYMOUS, -1};
    std::memcpy(memory.data(), code.data(), code.size());
    kvm_userspace_memory_region region{};
    region.guest_phys_addr = address;
    region.memory_size = 0x1000;
    region.userspace_addr = reinterpret_cast<std::uint64_t>(memory.data());
    if (ioctl(machine.get(), KVM_SET_USER_MEMORY_REGION, &region) != 0) {
        throw system_fault("KVM cannot give a machine memory");
    }
    const int size = ioctl(kvm.get(), KVM_GET_VCPU_MMAP_SIZE, 0);
    if (size < static_cast<int>(sizeof(kvm_run))) throw Fault("KVM_GET_VCPU_MMAP_SIZE");
    const Mapping shared{static_cast<std::size_t>(size), MAP_SHARED, processor.get()};
    const auto &state = *static_cast<const kvm_run *>(shared.data());
    enter_real_mode(processor, address);

    const Alarm alarm{processor, most};
    const bool wrote =
        run_to_exit(processor, state) == KVM_EXIT_IO && state.io.direction == KVM_EXIT_IO_OUT &&
        state.io.port == 0xda &&
        static_cast<const unsigned char *>(shared.data())[state.io.data_offset] == 0x42;
    if (!wrote || run_to_exit(processor, state) != KVM_EXIT_HLT) {
        throw Fault("a virtual processor of KVM does not do what its program says");
    }
}

#endif

}  // namespace

#if defined(__x86_64__)

std::optional<std::string> kvm_code_fault(const std::string &device,
                                          std::span<const unsigned char> code,
                                          std::chrono::milliseconds most) try {
    const Fd kvm = open_device(device);
    const Fd machine = make_machine(kvm);
    const Fd processor = make_processor(machine);
    run_code(kvm, machine, processor, code, most);
    return std::nullopt;
} catch (const Fault &fault) {
    return fault.what();
}

std::optional<std::string> kvm_fault(const std::string &device) {
    constexpr unsigned char code[] = {
        0xb0, 0x42,  // mov $0x42, %al
        0xe6, 0xda,  // out %al, $0xda
        0xf4,        // hlt
    };
    return kvm_code_fault(device, code, std::chrono::milliseconds{300});
}

#else

std::optional<std::string> kvm_fault(const std::string &device) try {
    const Fd kvm = open_device(device);
    make_processor(make_machine(kvm));
    return std::nullopt;
} catch (const Fault &fault) {
    return fault.what();
}

#endif

}  // namespace davit::qemu
