#include "runtime/lab/virtual_channel.hpp"

#include <algorithm>

namespace greenroom::runtime {

double VirtualChannel::carry(double begin, double seconds) {
    free_at_ = std::max(begin, free_at_) + seconds;
    return free_at_;
}

double VirtualChannel::demand(double now, double ready, std::uint64_t bytes) {
    move_guesses(now);
    bytes_carried_ += bytes;
    return carry(std::max(now, ready), seconds_of(bytes));
}

void VirtualChannel::guess(double now, io::ExpertKey key, double ready, std::uint64_t bytes) {
    move_guesses(now);
    bytes_carried_ += bytes;
    guesses_.push_back({key, ready, seconds_of(bytes), bytes});
}

void VirtualChannel::start(io::ExpertKey key, double ready) {
    const auto found = std::ranges::find(guesses_, key, &Guess::key);
    if (found != guesses_.end()) found->ready = ready;
}

double VirtualChannel::promote(double now, double ready, io::ExpertKey key) {
    move_guesses(now);
    const auto arrived = std::ranges::find(arrivals_, key, &Arrival::key);
    if (arrived != arrivals_.end()) return arrived->at;
    const auto found = std::ranges::find(guesses_, key, &Guess::key);
    if (found == guesses_.end()) return now;
    const double seconds = found->left_s;
    guesses_.erase(found);
    return carry(std::max(now, ready), seconds);
}

bool VirtualChannel::withdraw(io::ExpertKey key) {
    const auto found = std::ranges::find(guesses_, key, &Guess::key);
    if (found == guesses_.end() || found->has_begun) return false;
    bytes_carried_ -= found->bytes;
    guesses_.erase(found);
    return true;
}

// In the order in which they were made, as far as their bytes can be fetched.
void VirtualChannel::move_guesses(double until) {
    while (free_at_ < until) {
        const auto next =
            std::ranges::find_if(guesses_, [&](const Guess& guess) { return guess.ready < until; });
        if (next == guesses_.end()) return;
        const double begin = std::max(free_at_, next->ready);
        next->has_begun = true;
        if (begin + next->left_s > until) {
            next->left_s -= until - begin;
            free_at_ = until;
            return;
        }
        free_at_ = begin + next->left_s;
        arrivals_.push_back({next->key, free_at_});
        guesses_.erase(next);
    }
}

const std::vector<VirtualChannel::Arrival>& VirtualChannel::advance(double now) {
    move_guesses(now);
    told_.clear();
    std::swap(told_, arrivals_);
    return told_;
}

}  // namespace greenroom::runtime
