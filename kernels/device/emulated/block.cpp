#include "kernels/device/emulated/block.hpp"

#include <algorithm>
#include <boost/context/stack_context.hpp>
#include <fmt/format.h>
#include <memory>
#include <span>
#include <utility>

#include "kernels/require.hpp"

namespace greenroom::kernels::emulated {
namespace {

namespace context = boost::context;

// Shared memory is not cleared on a card either.
constexpr std::byte kUnset{0xA5};

// As Boost.Context wants stacks: it copies this onto the stack itself.
struct PooledStack {
    Stacks* stacks;

    context::stack_context allocate() const {
        context::stack_context out;
        out.size = Stacks::kBytes;
        out.sp = stacks->take().release() + out.size;
        return out;
    }
    void deallocate(context::stack_context& stack) const {
        stacks->give(std::unique_ptr<std::byte[]>(static_cast<std::byte*>(stack.sp) - stack.size));
    }
};

}  // namespace

std::unique_ptr<std::byte[]> Stacks::take() {
    if (free_.empty()) return std::make_unique_for_overwrite<std::byte[]>(kBytes);
    auto out = std::move(free_.back());
    free_.pop_back();
    return out;
}

Block::Block(const Launch& launch, TurnOrder order)
    : launch_(launch), order_(order), fibres_(launch.shape.threads) {
    shared_.resize(launch.shape.shared_bytes + 16);
}

void Block::run(const Launch& launch, TurnOrder order) {
    const LaunchShape& shape = launch.shape;
    const unsigned n = shape.blocks_x * shape.blocks_y * shape.blocks_z;
    Block block(launch, order);
    for (unsigned i = 0; i < n; ++i) {
        const unsigned at = order == TurnOrder::ascending ? i : n - 1 - i;
        block.run_at(at % shape.blocks_x,
                     at / shape.blocks_x % shape.blocks_y,
                     at / shape.blocks_x / shape.blocks_y);
    }
}

void Block::run_at(unsigned x, unsigned y, unsigned z) {
    std::fill(shared_.begin(), shared_.end(), kUnset);
    for (unsigned i = 0; i < launch_.shape.threads; ++i) start(i, x, y, z);
    do run_ready();
    while (release());
    const bool all_done =
        std::ranges::all_of(fibres_, [](const Fibre& fibre) { return fibre.state == State::done; });
    require(all_done, "threads of a block wait for each other at different barriers");
}

void Block::start(unsigned index, unsigned x, unsigned y, unsigned z) {
    const Thread::Place place{index, launch_.shape.threads, x, y, z};
    fibres_[index].state = State::ready;
    fibres_[index].turn = context::fiber(
        std::allocator_arg, PooledStack{&launch_.stacks}, [this, place](context::fiber&& caller) {
            fibres_[place.index].turn = std::move(caller);
            launch_.entry(launch_.argument, Thread(*this, place));
            fibres_[place.index].state = State::done;
            return std::move(fibres_[place.index].turn);
        });
}

void Block::run_ready() {
    const std::size_t n = fibres_.size();
    for (std::size_t i = 0; i < n; ++i) {
        Fibre& fibre = fibres_[order_ == TurnOrder::ascending ? i : n - 1 - i];
        if (fibre.state != State::ready) continue;
        fibre.turn = std::move(fibre.turn).resume();
    }
}

bool Block::release() {
    bool any = false;
    for (std::size_t first = 0; first < fibres_.size(); first += Thread::kWarp) {
        any = release_warp(first) || any;
    }
    if (any) return true;
    for (const Fibre& fibre : fibres_) {
        if (fibre.state == State::at_warp) return false;
        any = any || fibre.state == State::at_block;
    }
    for (Fibre& fibre : fibres_) {
        if (fibre.state == State::at_block) fibre.state = State::ready;
    }
    return any;
}

bool Block::release_warp(std::size_t first) {
    const auto warp = std::span(fibres_).subspan(
        first, std::min<std::size_t>(Thread::kWarp, fibres_.size() - first));
    const bool all_there =
        std::ranges::all_of(warp, [](const Fibre& fibre) { return fibre.state == State::at_warp; });
    if (!all_there) return false;
    for (Fibre& fibre : warp) fibre.state = State::ready;
    return true;
}

void Block::wait(unsigned index, State where) {
    Fibre& fibre = fibres_[index];
    fibre.state = where;
    fibre.turn = std::move(fibre.turn).resume();
}

void Thread::barrier() const {
    block_->wait(place_.index, Block::State::at_block);
}

void Thread::warp_barrier() const {
    block_->wait(place_.index, Block::State::at_warp);
}

std::byte* Thread::shared_memory() const {
    const auto address = reinterpret_cast<std::uintptr_t>(block_->shared_.data());
    return block_->shared_.data() + (16 - address % 16) % 16;
}

std::uint64_t Thread::exchange(std::uint64_t bits, unsigned from_lane) const {
    block_->fibres_[place_.index].bits = bits;
    warp_barrier();
    const std::uint64_t got = block_->fibres_[warp() * kWarp + from_lane].bits;
    warp_barrier();
    return got;
}

}  // namespace greenroom::kernels::emulated
