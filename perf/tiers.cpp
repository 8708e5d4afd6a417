// How fast does a model run whose experts wait on the disk, and how fast is the disk read
// meanwhile? Reads the file plainly first, one block after the other around the page cache; then
// decodes. Two JSON lines.
#include <algorithm>
#include <chrono>
#include <cxxopts.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "perf/model_under_test.hpp"
#include "perf/run_facts.hpp"

#include "io/disk/disk_file.hpp"
#include "io/disk/pread_queue.hpp"
#include "kernels/buffer.hpp"
#include "kernels/thread_pool.hpp"
#include "runtime/generate/tier_settings.hpp"
#include "runtime/lab/cpu_name.hpp"

namespace greenroom::perf {
namespace {
using Clock = std::chrono::steady_clock;

struct Options {
    Settings base = {.predict = 16};
    std::string budget = "auto", policy = "lru", scope = "global";
    int depth = 32;
};

double seconds_since(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

void print(nlohmann::ordered_json line) {
    line["device"] = runtime::cpu_name();
    line["commit"] = commit();
    fmt::print("{}\n", line.dump());
}

// Bytes per second over the first 2 GiB.
io::Result<double> plain_read(const std::filesystem::path& path) {
    constexpr std::size_t kBlock = std::size_t{4} << 20;
    constexpr std::uint64_t kMost = std::uint64_t{2} << 30;
    const io::Result<io::File> file = io::File::open(path);
    if (!file) return file.error();
    const io::DiskFile disk = io::DiskFile::open(*file);
    auto memory = kernels::HostBuffer::try_allocate(kBlock);
    if (!memory) return io::Error{"no memory for a block"};
    io::PreadQueue queue(1);
    const std::uint64_t n_blocks = std::min(file->size(), kMost) / kBlock;
    const Clock::time_point begun = Clock::now();
    for (std::uint64_t i = 0; i < n_blocks; ++i) {
        const io::DiskRead read{i, disk.descriptor(), i * kBlock, memory->bytes()};
        queue.submit({&read, 1});
        io::DiskReadDone done;
        if (queue.wait({&done, 1}, std::chrono::seconds(30)) != 1 ||
            done.result != static_cast<std::int64_t>(kBlock)) {
            return io::Error{fmt::format("{}: a block could not be read", path.string())};
        }
    }
    return static_cast<double>(n_blocks * kBlock) / seconds_since(begun);
}

io::Result<runtime::ModelSettings> model_settings(const Options& o) {
    runtime::Settings settings;
    settings.host.expert_budget = o.budget;
    settings.cache.policy = o.policy;
    settings.cache.scope = o.scope;
    settings.disk.queue_depth = o.depth;
    auto tiers = runtime::expert_tier_settings(settings);
    if (!tiers) return tiers.error();
    runtime::ModelSettings out;
    out.context = 2 * o.base.predict;
    out.experts = *std::move(tiers);
    return out;
}

io::Result<void> decode(runtime::Model& model, int n_tokens) {
    for (int i = 0; i < n_tokens; ++i) {
        const std::int32_t token = (i * 7919 + 5) % model.vocabulary_size();
        if (auto row = model.forward({&token, 1}, runtime::LogitRows::last); !row) {
            return row.error();
        }
    }
    return {};
}

io::Result<void> measure_decoding(const Options& o, double plain) {
    kernels::ThreadPool pool(o.base.threads > 0 ? o.base.threads : kernels::usable_cores());
    auto files = io::open_model_files(o.base.model);
    if (!files) return files.error();
    const auto settings = model_settings(o);
    if (!settings) return settings.error();
    auto model = runtime::Model::load(*std::move(files), *settings, pool);
    if (!model) return model.error();
    cache::TieredStore* const tiers = (*model)->expert_tiers();
    if (tiers == nullptr) return io::Error{"every expert fits into memory: nothing to measure"};
    if (auto ok = decode(**model, o.base.predict / 2); !ok) return ok;  // fills the slots
    const cache::StoreStatus before = tiers->status();
    const Clock::time_point begun = Clock::now();
    if (auto ok = decode(**model, o.base.predict); !ok) return ok;
    const double seconds = seconds_since(begun);
    const cache::StoreStatus after = tiers->status();
    const double hits = static_cast<double>(after.host.hits - before.host.hits);
    const double misses = static_cast<double>(after.host.misses - before.host.misses);
    const double read =
        static_cast<double>(after.disk.counters.bytes_read - before.disk.counters.bytes_read);
    const double speed = read / (after.disk.counters.busy_s - before.disk.counters.busy_s);
    print({{"question", "decode_from_disk"},
           {"tokens_per_second", o.base.predict / seconds},
           {"hit_rate", hits / (hits + misses)},
           {"policy", o.policy},
           {"scope", o.scope},
           {"host_peak_bytes", after.host_bytes.peak},
           {"read_bytes", read},
           {"stall_s", after.stalls.disk_s - before.stalls.disk_s},
           {"read_gbps", speed / 1e9},
           {"of_plain_read", speed / plain},
           {"queue", after.disk.queue},
           {"in_flight", o.depth}});
    return {};
}

io::Result<void> measure(const Options& o) {
    const io::Result<double> plain = plain_read(o.base.model);
    if (!plain) return plain.error();
    print({{"question", "plain_read"}, {"gbps", *plain / 1e9}});
    return measure_decoding(o, *plain);
}

Options parse_options(int argc, char** argv) {
    Options o;
    std::string model;
    cxxopts::Options options("perf/tiers", "Prints two JSON lines.");
    auto add = options.add_options();
    add("m,model", "a GGUF file that does not fit into the budget", cxxopts::value(model));
    add("t,threads", "0: one for each core", cxxopts::value(o.base.threads));
    add("n,predict", "tokens decoded", cxxopts::value(o.base.predict));
    add("b,budget", "[host] expert_budget", cxxopts::value(o.budget));
    add("policy", "[cache] policy", cxxopts::value(o.policy));
    add("scope", "[cache] scope", cxxopts::value(o.scope));
    add("d,depth", "[disk] queue_depth", cxxopts::value(o.depth));
    options.parse(argc, argv);
    o.base.model = model;
    return o;
}

}  // namespace
}  // namespace greenroom::perf

int main(int argc, char** argv) try {
    const auto measured = greenroom::perf::measure(greenroom::perf::parse_options(argc, argv));
    if (!measured) fmt::print(stderr, "perf/tiers: {}\n", measured.error().message);
    return measured ? 0 : 1;
} catch (const std::exception& error) {  // cxxopts throws on wrong usage
    fmt::print(stderr, "perf/tiers: {}\n", error.what());
    return 2;
}
