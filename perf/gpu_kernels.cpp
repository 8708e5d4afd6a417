// How fast are the ops on a card, and what part of its memory's speed is that? One JSON line each.
// The tests of the bodies run on the card first: what is wrong is not timed. Every launch reads a
// copy of its inputs that the card's caches do not hold any more.
#include <algorithm>
#include <cxxopts.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>

#include "perf/gpu_cases.hpp"
#include "perf/gpu_timing.hpp"
#include "perf/run_facts.hpp"

#include "kernels/device/cuda/cuda_gpu.hpp"
#include "tests/on_card/card.hpp"
#include "tests/support/test_gpu.hpp"

namespace greenroom::perf {
namespace {

using kernels::CopyDirection;
using kernels::Device;
using kernels::DeviceBuffer;
using kernels::Stream;

struct Options {
    std::vector<std::string> ops, types;
    GpuTiming timing;
};

class Bench {
 public:
    Bench(Device& device, DeviceBuffer memory, const Options& o)
        : device_(device), memory_(std::move(memory)), options_(o), stream_(device) {
        fill();
    }

    // What a copy within the card's memory reads and writes in a second.
    void measure_bandwidth() {
        const std::size_t half = memory_.size() / 2;
        const auto samples = options_.timing.samples(stream_, [&](int) {
            stream_.copy({memory_.data(), memory_.data() + half, half, CopyDirection::on_device});
        });
        bandwidth_ = 2 * static_cast<double>(half) / quantile(samples, 0.5);
        print({{"question", "gpu_copy"}, {"bytes", half}, {"gbps", bandwidth_ / 1e9}});
    }

    bool measure(const GpuCase& c) {
        Room counted(nullptr);
        c.run(counted, nullptr);
        const std::size_t n_copies =
            std::min(memory_.size() / counted.used(),
                     options_.timing.is_trial ? 2 : GpuTiming::kMostLaunches);
        if (n_copies == 0) {
            fmt::print(stderr, "perf/gpu_kernels: no room for {} {}\n", c.op, c.shape);
            return true;
        }
        for (std::size_t i = 0; i < n_copies; ++i) {
            Room filled(memory_.data() + i * counted.used(), &stream_);
            c.run(filled, nullptr);
        }
        const auto samples = options_.timing.samples(stream_, [&](int i) {
            Room room(memory_.data() + static_cast<std::size_t>(i) % n_copies * counted.used());
            c.run(room, &stream_);
        });
        report(c, n_copies, samples);
        return !device_.is_faulty();
    }

 private:
    // Any bits will do: time does not depend on them.
    void fill() {
        std::mt19937_64 random(1);
        std::vector<std::uint64_t> block((std::size_t{1} << 20) / sizeof(std::uint64_t));
        for (std::uint64_t& word : block) word = random();
        const std::size_t bytes = block.size() * sizeof(std::uint64_t);
        for (std::size_t at = 0; at < memory_.size(); at += bytes) {
            stream_.copy({memory_.data() + at,
                          block.data(),
                          std::min(bytes, memory_.size() - at),
                          CopyDirection::to_device});
        }
        stream_.synchronize();
    }

    void report(const GpuCase& c, std::size_t n_copies, const std::vector<double>& samples) const {
        const double median = quantile(samples, 0.5);
        print({{"question", "gpu_kernels"},
               {"op", c.op},
               {"type", c.type},
               {"shape", c.shape},
               {"bytes", c.bytes},
               {"median_s", median},
               {"p99_s", quantile(samples, 0.99)},
               {"gbps", c.bytes / median / 1e9},
               {"percent_of_copy", 100 * c.bytes / median / bandwidth_},
               {"gflops", c.flops / median / 1e9},
               {"n_copies", n_copies}});
    }

    void print(nlohmann::ordered_json line) const {
        line["device"] = device_.facts().name;
        line["commit"] = commit();
        fmt::print("{}\n", line.dump());
        std::fflush(stdout);
    }

    Device& device_;
    DeviceBuffer memory_;
    const Options options_;
    Stream stream_;
    double bandwidth_ = 0;
};

bool wants(const std::vector<std::string>& list, std::string_view name) {
    return list.empty() || std::ranges::find(list, name) != list.end();
}

GpuShape trial_shape() {
    return {.embed = 256,
            .ff = 512,
            .vocabulary = 1000,
            .n_heads = 4,
            .n_kv_heads = 2,
            .head_dim = 32,
            .batches = {1, 5},
            .positions = {200}};
}

bool measure_all(const tests::TestGpu& gpu, const Options& o) {
    Device device(*gpu.runtime, *gpu.ops, 0, gpu.facts);
    const std::size_t bytes = std::min(std::size_t{2} << 30, device.memory().free / 2);
    auto memory = DeviceBuffer::try_allocate(device, bytes);
    if (!memory) {
        fmt::print(stderr, "perf/gpu_kernels: no {} bytes of device memory\n", bytes);
        return false;
    }
    Bench bench(device, std::move(*memory), o);
    bench.measure_bandwidth();
    const GpuShape shape = o.timing.is_trial ? trial_shape() : GpuShape();
    std::vector<GpuCase> cases = gpu_cases(*gpu.ops, shape);
    std::ranges::move(gpu_weight_cases(*gpu.ops, shape), std::back_inserter(cases));
    for (const GpuCase& c : cases) {
        if (!wants(o.ops, c.op) || !wants(o.types, c.type)) continue;
        if (!bench.measure(c)) {
            const auto fault = device.fault();
            fmt::print(stderr, "perf/gpu_kernels: {}: {}\n", fault->call, fault->text);
            return false;
        }
    }
    return true;
}

// The tests say what is wrong; that they are well says nothing.
bool bodies_are_right(char* program) {
    int argc = 1;
    testing::InitGoogleTest(&argc, &program);
    GTEST_FLAG_SET(brief, true);
    return RUN_ALL_TESTS() == 0;
}

Options parse(int argc, char** argv) {
    Options o;
    cxxopts::Options options("perf/gpu_kernels", "Prints one JSON line for each measurement.");
    auto add = options.add_options();
    add("ops", "e.g. attention,mat_mul; all", cxxopts::value(o.ops));
    add("types", "e.g. Q4_K,F16; all", cxxopts::value(o.types));
    add("r,repeats", "samples", cxxopts::value(o.timing.repeats)->default_value("7"));
    add("trial", "no card: tiny shapes on the emulated GPU", cxxopts::value(o.timing.is_trial));
    options.parse(argc, argv);
    return o;
}

int run(const Options& o, char* program) {
    const kernels::emulated::EmulatedGpuSettings settings{.memory_bytes = std::size_t{16} << 20};
    if (o.timing.is_trial) return measure_all(tests::emulated_gpu(settings), o) ? 0 : 1;
    const auto runtime = kernels::cuda_build().runtime;
    if (const std::string why = tests::why_no_card(runtime.get()); !why.empty()) {
        fmt::print(stderr, "perf/gpu_kernels: nothing measured: {}\n", why);
        return 0;
    }
    return bodies_are_right(program) && measure_all(tests::test_gpu({}), o) ? 0 : 1;
}

}  // namespace
}  // namespace greenroom::perf

int main(int argc, char** argv) try {
    return greenroom::perf::run(greenroom::perf::parse(argc, argv), argv[0]);
} catch (const std::exception& error) {  // cxxopts throws on wrong usage
    fmt::print(stderr, "perf/gpu_kernels: {}\n", error.what());
    return 2;
}
