#include "cache/tiers/copy_engine.hpp"

#include <algorithm>
#include <iterator>
#include <sys/prctl.h>

namespace greenroom::cache {

CopyEngine::CopyEngine(const CopySettings& settings, std::unique_ptr<Link> link)
    : settings_(settings), link_(std::move(link)) {
    constexpr double kChunksPerSecond = 5000;
    const auto carried = static_cast<std::size_t>(settings.bytes_per_second / kChunksPerSecond);
    if (carried > 0) settings_.chunk_bytes = std::min(settings_.chunk_bytes, carried);
    constexpr std::size_t kLikely = 64;  // more only cost an allocation
    for (Jobs& jobs : jobs_) jobs.reserve(kLikely);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
}

CopyEngine::~CopyEngine() {
    {
        const std::lock_guard lock(mutex_);
        for (const Rank rank : {kGuess, kIdle}) {
            std::erase_if(jobs_[rank], [this](Job& job) { return end(job); });
        }
    }
    thread_.request_stop();
}

bool CopyEngine::end(Job& job) const {
    job.is_abandoned = true;
    if (current_ == job.to) return false;  // then whoever copies sees it
    finish(job, io::Error{"withdrawn"});
    return true;
}

void CopyEngine::copy(Slot& from, Slot& to, io::Urgency urgency) {
    add(from, to, urgency == io::Urgency::guess ? kGuess : kDemand);
}

void CopyEngine::copy_when_idle(Slot& from, Slot& to) {
    add(from, to, kIdle);
}

void CopyEngine::add(Slot& from, Slot& to, Rank rank) {
    to.landing.expect();
    to.sent_for = true;
    from.add_reader();
    const std::lock_guard lock(mutex_);
    jobs_[rank].push_back({&from, &to});
    posted_.notify_one();
}

CopyEngine::Jobs* CopyEngine::queue_of(const Slot& to, Rank first) {
    for (std::size_t rank = first; rank < kRanks; ++rank) {
        if (std::ranges::find(jobs_[rank], &to, &Job::to) != jobs_[rank].end()) {
            return &jobs_[rank];
        }
    }
    return nullptr;
}

void CopyEngine::promote(const Slot& to) {
    const std::lock_guard lock(mutex_);
    Jobs* const jobs = queue_of(to, kGuess);
    if (jobs == nullptr) return;
    const auto found = std::ranges::find(*jobs, &to, &Job::to);
    jobs_[kDemand].push_back(*found);
    jobs->erase(found);
}

void CopyEngine::promote_from(const Slot& from) {
    const std::lock_guard lock(mutex_);
    for (const Rank rank : {kGuess, kIdle}) {
        const auto leaves = [&](const Job& job) { return job.from == &from; };
        std::ranges::copy_if(jobs_[rank], std::back_inserter(jobs_[kDemand]), leaves);
        std::erase_if(jobs_[rank], leaves);
    }
}

void CopyEngine::withdraw(const Slot& to) {
    const std::lock_guard lock(mutex_);
    Jobs* const jobs = queue_of(to, kGuess);
    if (jobs == nullptr || current_ == &to) return;
    std::erase_if(*jobs, [&](Job& job) { return job.to == &to && job.done == 0 && end(job); });
}

void CopyEngine::abandon(const Slot& to) {
    const std::lock_guard lock(mutex_);
    Jobs* const jobs = queue_of(to, kDemand);
    if (jobs == nullptr) return;
    std::erase_if(*jobs, [&](Job& job) { return job.to == &to && end(job); });
}

std::uint64_t CopyEngine::bytes_copied() const {
    const std::lock_guard lock(mutex_);
    return bytes_copied_;
}

double CopyEngine::busy_seconds() const {
    const std::lock_guard lock(mutex_);
    return busy_seconds_;
}

CopyEngine::Next CopyEngine::next_job() const {
    const auto is_ready = [](const Job& job) { return job.from->landing.settled(); };
    for (const Rank rank : {kDemand, kGuess}) {
        const auto first = std::ranges::find_if(jobs_[rank], is_ready);
        if (first != jobs_[rank].end()) return {&*first, rank};
    }
    const auto last = std::find_if(jobs_[kIdle].rbegin(), jobs_[kIdle].rend(), is_ready);
    return {last != jobs_[kIdle].rend() ? &*last : nullptr, kIdle};
}

bool CopyEngine::has_jobs() const {
    return std::ranges::any_of(jobs_, [](const Jobs& jobs) { return !jobs.empty(); });
}

void CopyEngine::serve(const std::stop_token& stop) {
    // Landings of sources are settled by others, who do not know of this thread. Looking more often
    // for guesses too would take a tenth of a core from those who compute meanwhile.
    constexpr std::chrono::microseconds kDemandLooksAgain{50}, kGuessLooksAgain{250};
    link_->begin_thread();
    // Otherwise every sleep ends 50 microseconds late, as long as a small model computes a layer.
    constexpr unsigned long kSlackNs = 1000;
    ::prctl(PR_SET_TIMERSLACK, kSlackNs);  // a wish: without it copies land a little later
    std::unique_lock lock(mutex_);
    while (true) {
        if (const auto [job, rank] = next_job(); job != nullptr) {
            copy_chunk(*job, rank, lock);
        } else if (has_jobs()) {
            posted_.wait_for(lock, jobs_[kDemand].empty() ? kGuessLooksAgain : kDemandLooksAgain);
        } else if (!posted_.wait(lock, stop, [this] { return has_jobs(); })) {
            return;
        }
    }
}

void CopyEngine::copy_chunk(const Job& job, Rank rank, std::unique_lock<std::mutex>& lock) {
    const Job now = job;
    const std::uint64_t bytes =
        std::min<std::uint64_t>(settings_.chunk_bytes, now.bytes() - now.done);
    current_ = now.to;
    lock.unlock();
    const Clock::time_point begin = Clock::now();
    const io::Result<void> source = carry(now, bytes, rank);
    const std::chrono::duration<double> took = Clock::now() - begin;
    lock.lock();
    current_ = nullptr;
    Jobs& jobs = *queue_of(*now.to, kDemand);  // it may have been promoted meanwhile
    const auto at = std::ranges::find(jobs, now.to, &Job::to);
    at->done += bytes;
    bytes_copied_ += source ? bytes : 0;
    busy_seconds_ += source ? took.count() : 0;
    const bool is_whole = at->done == now.bytes();
    if (source && !is_whole && !at->is_abandoned) return;
    if (!is_whole) (void)link_->finish();  // nothing is on its way to the slot any more
    jobs.erase(at);
    finish(now, source && !is_whole ? io::Error{"withdrawn"} : source);
}

io::Result<void> CopyEngine::carry(const Job& job, std::uint64_t bytes, Rank rank) {
    if (auto landed = job.from->landing.wait(); !landed) return landed;
    link_->send({job.to->memory + job.done, job.from->memory + job.to->shift + job.done, bytes},
                rank == kDemand ? io::Urgency::demand : io::Urgency::guess);
    pace(bytes);
    return job.done + bytes == job.bytes() ? link_->finish() : io::Result<void>();
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
