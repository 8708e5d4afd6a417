// Runs the blocks of one launch: each thread of a block is a fibre, which gives way at barriers and
// shuffles. Knows no body and no stream.
#pragma once

#include <boost/context/fiber.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "kernels/device/emulated/thread.hpp"
#include "kernels/device/gpu_runtime.hpp"

namespace greenroom::kernels::emulated {

// In which order the threads of a block, and the blocks of a launch, take their turns. A body whose
// result depends on it lacks a barrier.
enum class TurnOrder { ascending, descending };

// Stacks that fibres ran on, for the next ones: new memory would be cleared page by page.
class Stacks {
 public:
    static constexpr std::size_t kBytes = 64 * 1024;
    std::unique_ptr<std::byte[]> take();
    void give(std::unique_ptr<std::byte[]> stack) { free_.push_back(std::move(stack)); }

 private:
    std::vector<std::unique_ptr<std::byte[]>> free_;
};

struct Launch {
    Entry entry;
    const void* argument;
    LaunchShape shape;
    Stacks& stacks;
};

// Runs a launch to its end. A contract is broken when threads of a block wait for each other at
// different places.
class Block {
 public:
    Block(const Launch& launch, TurnOrder order);
    static void run(const Launch& launch, TurnOrder order);

 private:
    friend class Thread;
    enum class State { ready, at_warp, at_block, done };
    struct Fibre {
        boost::context::fiber turn;  // continues the thread; and, while it runs, its caller
        State state = State::ready;
        std::uint64_t bits = 0;  // what it gave to a shuffle
    };

    void run_at(unsigned x, unsigned y, unsigned z);
    void start(unsigned index, unsigned x, unsigned y, unsigned z);
    void run_ready();
    // Lets those go on who are all at the same barrier; false when nobody can.
    bool release();
    bool release_warp(std::size_t first);
    // Of the thread `index`, on its fibre: gives way until the others are there too.
    void wait(unsigned index, State where);

    const Launch launch_;
    const TurnOrder order_;
    std::vector<Fibre> fibres_;
    std::vector<std::byte> shared_;
};

}  // namespace greenroom::kernels::emulated
