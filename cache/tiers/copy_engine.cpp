#include "cache/tiers/copy_engine.hpp"

#include <algorithm>
#include <cstring>

namespace greenroom::cache {

CopyEngine::CopyEngine(const CopySettings& settings) : settings_(settings) {
    constexpr std::size_t kLikely = 64;  // more only cost an allocation
    demands_.reserve(kLikely);
    guesses_.reserve(kLikely);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

CopyEngine::~CopyEngine() {
    thread_.request_stop();
}

void CopyEngine::copy(Slot& from, Slot& to, io::Urgency urgency) {
    to.landing.expect();
    to.sent_for = true;
    from.add_reader();
    const std::lock_guard lock(mutex_);
    (urgency == io::Urgency::guess ? guesses_ : demands_).push_back({&from, &to});
    posted_.notify_one();
}

void CopyEngine::promote(const Slot& to) {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(guesses_, &to, &Job::to);
    if (found == guesses_.end()) return;
    demands_.push_back(*found);
    guesses_.erase(found);
}

void CopyEngine::withdraw(const Slot& to) {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(guesses_, &to, &Job::to);
    if (found == guesses_.end() || found->done > 0 || current_ == &to) return;
    const Job job = *found;
    guesses_.erase(found);
    finish(job, io::Error{"withdrawn"});
}

std::uint64_t CopyEngine::bytes_copied() const {
    const std::lock_guard lock(mutex_);
    return bytes_copied_;
}

CopyEngine::Job* CopyEngine::next_job() {
    for (std::vector<Job>* jobs : {&demands_, &guesses_}) {
        const auto ready =
            std::ranges::find_if(*jobs, [](const Job& job) { return job.from->landing.settled(); });
        if (ready != jobs->end()) return &*ready;
    }
    return nullptr;
}

void CopyEngine::serve(const std::stop_token& stop) {
    // Landings of sources are settled by others, who do not know of this thread. Looking more often
    // for guesses too would take a tenth of a core from those who compute meanwhile.
    constexpr std::chrono::microseconds kDemandLooksAgain{50}, kGuessLooksAgain{250};
    std::unique_lock lock(mutex_);
    while (true) {
        if (Job* job = next_job()) {
            copy_chunk(*job, lock);
        } else if (!demands_.empty() || !guesses_.empty()) {
            posted_.wait_for(lock, demands_.empty() ? kGuessLooksAgain : kDemandLooksAgain);
        } else if (!posted_.wait(
                       lock, stop, [this] { return !demands_.empty() || !guesses_.empty(); })) {
            return;
        }
    }
}

void CopyEngine::copy_chunk(Job& job, std::unique_lock<std::mutex>& lock) {
    const Job now = job;
    const std::uint64_t bytes =
        std::min<std::uint64_t>(settings_.chunk_bytes, now.from->bytes - now.done);
    current_ = now.to;
    lock.unlock();
    const io::Result<void> source = now.from->landing.wait();
    if (source) {
        std::memcpy(now.to->memory + now.done, now.from->memory + now.done, bytes);
        pace(bytes);
    }
    lock.lock();
    current_ = nullptr;
    // It may have been promoted meanwhile.
    std::vector<Job>& jobs =
        std::ranges::find(demands_, now.to, &Job::to) != demands_.end() ? demands_ : guesses_;
    const auto at = std::ranges::find(jobs, now.to, &Job::to);
    at->done += bytes;
    bytes_copied_ += source ? bytes : 0;
    if (source && at->done < now.from->bytes) return;
    jobs.erase(at);
    finish(now, source);
}

void CopyEngine::pace(std::uint64_t bytes) {
    if (settings_.bytes_per_second <= 0) return;
    const std::chrono::duration<double> takes(static_cast<double>(bytes) /
                                              settings_.bytes_per_second);
    free_at_ = std::max(free_at_, Clock::now() - std::chrono::milliseconds(1)) +
               std::chrono::duration_cast<Clock::duration>(takes);
    std::this_thread::sleep_until(free_at_);
}

void CopyEngine::finish(const Job& job, const io::Result<void>& source) {
    job.from->remove_reader();
    if (source) {
        job.to->landing.land();
    } else {
        job.to->landing.fail(source.error());
    }
}

}  // namespace greenroom::cache
