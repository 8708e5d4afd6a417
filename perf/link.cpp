// How fast does a card take data from the host? By size, from pinned memory and from ordinary
// memory, with the card at rest and while it computes. One JSON line each.
#include <cxxopts.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "perf/gpu_timing.hpp"
#include "perf/run_facts.hpp"

#include "kernels/device/cuda/cuda_gpu.hpp"
#include "kernels/device/ops.hpp"
#include "tests/on_card/card.hpp"
#include "tests/support/test_gpu.hpp"

namespace greenroom::perf {
namespace {

using kernels::CopyDirection;
using kernels::Device;
using kernels::DeviceBuffer;
using kernels::PinnedMemory;
using kernels::Stream;

struct Options {
    GpuTiming timing;
    std::size_t largest = std::size_t{256} << 20;
};

// A stream that reads and writes the card's memory for as long as it is asked to.
class Load {
 public:
    Load(Device& device, DeviceBuffer memory) : memory_(std::move(memory)), stream_(device) {}

    void calibrate(const GpuTiming& timing) {
        seconds_ = timing.seconds_of(stream_, timing.is_trial ? 1 : 8, [&](int) { launch_one(); });
    }
    void begin(double seconds) {
        const int n = static_cast<int>(seconds / seconds_) + 1;
        for (int i = 0; i < n; ++i) launch_one();
    }
    void end() { stream_.synchronize(); }

 private:
    void launch_one() {
        auto* const values = reinterpret_cast<float*>(memory_.data());
        const auto n = static_cast<std::int64_t>(memory_.size() / sizeof(float));
        launch(kernels::SiluMul{values, values, values, n}, stream_);
    }

    DeviceBuffer memory_;
    Stream stream_;
    double seconds_ = 0;
};

class Bench {
 public:
    Bench(Device& device, DeviceBuffer to, DeviceBuffer load, const Options& o)
        : device_(device),
          to_(std::move(to)),
          load_(device, std::move(load)),
          options_(o),
          stream_(device) {
        load_.calibrate(o.timing);
    }

    void measure(std::string_view memory, std::span<const std::byte> from) {
        for (std::size_t bytes = 4096; bytes <= from.size(); bytes *= 4) {
            const auto send = [&](int) {
                stream_.copy({to_.data(), from.data(), bytes, CopyDirection::to_device});
            };
            report(memory, bytes, false, options_.timing.samples(stream_, send));
            report(memory, bytes, true, samples_under_load(send));
        }
    }

 private:
    template <class Send>
    std::vector<double> samples_under_load(Send&& send) {
        constexpr int kCopies = 8;
        const int n = options_.timing.is_trial ? 1 : kCopies;
        const double alone = options_.timing.seconds_of(stream_, n, send) * n;
        std::vector<double> out;
        for (int i = 0; i < options_.timing.repeats; ++i) {
            load_.begin(2 * alone);
            out.push_back(options_.timing.seconds_of(stream_, n, send));
            load_.end();
        }
        return out;
    }

    void report(std::string_view memory,
                std::size_t bytes,
                bool under_load,
                const std::vector<double>& samples) const {
        const double median = quantile(samples, 0.5);
        const nlohmann::ordered_json line = {{"question", "link"},
                                             {"memory", memory},
                                             {"bytes", bytes},
                                             {"card_computes", under_load},
                                             {"gbps", static_cast<double>(bytes) / median / 1e9},
                                             {"median_s", median},
                                             {"p99_s", quantile(samples, 0.99)},
                                             {"device", device_.facts().name},
                                             {"commit", commit()}};
        fmt::print("{}\n", line.dump());
        std::fflush(stdout);
    }

    Device& device_;
    DeviceBuffer to_;
    Load load_;
    const Options options_;
    Stream stream_;
};

int measure_all(const tests::TestGpu& gpu, const Options& o) {
    Device device(*gpu.runtime, *gpu.ops, 0, gpu.facts);
    auto to = DeviceBuffer::try_allocate(device, o.largest);
    auto load = DeviceBuffer::try_allocate(device, o.largest);
    auto pinned = PinnedMemory::try_allocate(device, o.largest);
    if (!to || !load || !pinned) {
        fmt::print(
            stderr, "perf/link: no room for {} bytes, pinned and twice on the card\n", o.largest);
        return 1;
    }
    Bench bench(device, std::move(*to), std::move(*load), o);
    bench.measure("pinned", pinned->bytes());
    bench.measure("pageable", std::vector<std::byte>(o.largest));
    if (const auto fault = device.fault()) {
        fmt::print(stderr, "perf/link: {}: {}\n", fault->call, fault->text);
        return 1;
    }
    return 0;
}

Options parse(int argc, char** argv) {
    Options o;
    cxxopts::Options options("perf/link", "Prints one JSON line for each measurement.");
    auto add = options.add_options();
    add("r,repeats", "samples", cxxopts::value(o.timing.repeats)->default_value("7"));
    add("trial", "no card: the emulated GPU", cxxopts::value(o.timing.is_trial));
    options.parse(argc, argv);
    if (o.timing.is_trial) o.largest = std::size_t{256} << 10;
    return o;
}

int run(const Options& o) {
    if (o.timing.is_trial) return measure_all(tests::emulated_gpu({}), o);
    const auto runtime = kernels::cuda_build().runtime;
    if (const std::string why = tests::why_no_card(runtime.get()); !why.empty()) {
        fmt::print(stderr, "perf/link: nothing measured: {}\n", why);
        return 0;
    }
    return measure_all(tests::test_gpu({}), o);
}

}  // namespace
}  // namespace greenroom::perf

int main(int argc, char** argv) try {
    return greenroom::perf::run(greenroom::perf::parse(argc, argv));
} catch (const std::exception& error) {  // cxxopts throws on wrong usage
    fmt::print(stderr, "perf/link: {}\n", error.what());
    return 2;
}
