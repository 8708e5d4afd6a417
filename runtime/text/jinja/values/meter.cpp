#include "runtime/text/jinja/values/meter.hpp"

#include <fmt/format.h>

namespace greenroom::runtime::jinja {
namespace {

// What one step is worth: a node takes about 50 ns, memory moves at gigabytes and characters are
// decoded at hundreds of megabytes a second.
constexpr std::uint64_t kBytesPerStep = 128;
constexpr std::uint64_t kBytesPerCharacter = 8;  // a byte decoded counts as that many copied

}  // namespace

bool Meter::spend(std::uint64_t steps) {
    spent_ += steps;
    if (spent_ > limits_.steps) {
        fail(fmt::format("takes more than {} steps", limits_.steps));
    }
    return !failed_;
}

bool Meter::spend_bytes(std::uint64_t bytes) {
    pending_bytes_ += bytes;
    const std::uint64_t steps = pending_bytes_ / kBytesPerStep;
    pending_bytes_ %= kBytesPerStep;
    return spend(steps);
}

bool Meter::spend_characters(std::uint64_t bytes) {
    return spend_bytes(bytes * kBytesPerCharacter);
}

void Meter::hold(std::uint64_t bytes) {
    held_ += bytes;
    if (held_ > limits_.memory_bytes) {
        fail(fmt::format("holds more than {} bytes of values", limits_.memory_bytes));
    }
}

bool Meter::fits(std::uint64_t string_bytes) {
    if (string_bytes > limits_.output_bytes) {
        fail(fmt::format("makes a text of more than {} bytes", limits_.output_bytes));
    }
    return !failed_;
}

bool Meter::nests(int depth) {
    if (depth > limits_.depth) {
        fail(fmt::format("nests values deeper than {} levels", limits_.depth));
    }
    return !failed_;
}

void Meter::fail(std::string problem) {
    if (failed_) return;
    failed_ = true;
    problem_ = std::move(problem);
}

void Meter::raise(std::string message) {
    if (failed_) return;
    raised_ = true;
    fail(std::move(message));
}

}  // namespace greenroom::runtime::jinja
