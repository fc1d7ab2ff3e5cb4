// SPDX-License-Identifier: Apache-2.0
// Progress on a terminal, and on anything else.
#include "output/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

#include "output/format.hpp"

namespace davit::host {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto shown_after = std::chrono::milliseconds{500};
constexpr auto redraw_every = std::chrono::milliseconds{100};

std::size_t terminal_width() {
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

std::string bar(std::uint64_t done, std::uint64_t total) {
    constexpr std::size_t width = 24;
    const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const auto full = static_cast<std::size_t>(part * width);
    return fmt::format("[{}{}] {:3.0f}%", std::string(full, '#'), std::string(width - full, '.'),
                       part * 100);
}

// A thread redraws, since whoever waits may have nothing new to say for a long time.
class ConsoleProgress : public Progress {
 public:
    explicit ConsoleProgress(bool terminal) : terminal_(terminal) {}
    ~ConsoleProgress() override {
        {
            const std::scoped_lock lock{mutex_};
            erase();
            ended_ = true;
        }
        wake_.notify_all();
        if (painter_.joinable()) painter_.join();
    }
    ConsoleProgress(const ConsoleProgress &) = delete;
    ConsoleProgress &operator=(const ConsoleProgress &) = delete;

    void step(const std::string &phase, std::uint64_t done, std::uint64_t total) override {
        const std::scoped_lock lock{mutex_};
        if (phase != phase_) {
            erase();
            phase_ = phase;
            since_ = Clock::now();
            announced_ = false;
        }
        done_ = done;
        total_ = total;
        if (!painter_.joinable()) painter_ = std::thread{[this] { paint_until_ended(); }};
    }

    void note(const std::string &line) override {
        const std::scoped_lock lock{mutex_};
        erase();
        fmt::print(stderr, "{}\n", printable(line));
    }

    void done() override {
        const std::scoped_lock lock{mutex_};
        erase();
        phase_.clear();
    }

 private:
    void paint_until_ended() {
        std::unique_lock lock{mutex_};
        while (!wake_.wait_for(lock, redraw_every, [this] { return ended_; })) paint();
    }

    void paint() {
        if (phase_.empty() || Clock::now() - since_ < shown_after) return;
        if (!terminal_) {
            if (!announced_) fmt::print(stderr, "{} ...\n", printable(phase_));
            announced_ = true;
            return;
        }
        static constexpr std::string_view wheel = "|/-\\";
        const auto seconds =
            std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - since_).count();
        std::string line = fmt::format("{} {}", wheel[turn_++ % wheel.size()], printable(phase_));
        line += total_ > 0 ? ' ' + bar(done_, total_) : fmt::format(" ({} s)", seconds);
        const std::size_t width = terminal_width() - 1;
        if (line.size() > width) line.resize(width);
        fmt::print(stderr, "\r{}\033[K", line);
        std::fflush(stderr);
        drawn_ = true;
    }

    void erase() {
        if (drawn_) {
            fmt::print(stderr, "\r\033[K");
            std::fflush(stderr);
        }
        drawn_ = false;
    }

    const bool terminal_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::thread painter_;
    std::string phase_;
    std::uint64_t done_ = 0;
    std::uint64_t total_ = 0;
    Clock::time_point since_;
    std::size_t turn_ = 0;
    bool announced_ = false;
    bool drawn_ = false;
    bool ended_ = false;
};

class SilentProgress : public Progress {
 public:
    void step(const std::string &, std::uint64_t, std::uint64_t) override {}
    void note(const std::string &) override {}
    void done() override {}
};

}  // namespace

std::unique_ptr<Progress> make_console_progress() {
    return std::make_unique<ConsoleProgress>(::isatty(STDERR_FILENO) == 1);
}

std::unique_ptr<Progress> make_silent_progress() {
    return std::make_unique<SilentProgress>();
}

}  // namespace davit::host
