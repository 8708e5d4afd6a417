// What can this machine do at best? Memory read by one thread up to all, and, with a file, the disk
// by block size around the page cache. One JSON line each.
#include <algorithm>
#include <chrono>
#include <cxxopts.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>

#include "perf/run_facts.hpp"

#include "io/disk/disk_file.hpp"
#include "io/disk/make_read_queue.hpp"
#include "kernels/buffer.hpp"
#include "runtime/lab/cpu_name.hpp"
#include "runtime/lab/read_bandwidth.hpp"

namespace greenroom::perf {
namespace {

struct Options {
    std::string file;
    int threads = 0, repeats = 5;
    std::size_t depth = 32;
};

void print(nlohmann::ordered_json line, double bytes_per_second) {
    line["gbps"] = bytes_per_second / 1e9;
    line["device"] = runtime::cpu_name();
    line["commit"] = commit();
    fmt::print("{}\n", line.dump());
}

io::Result<void> measure_memory(const Options& o) {
    const std::size_t bytes = runtime::bandwidth_buffer_bytes();
    for (int threads = 1; threads <= o.threads; ++threads) {
        kernels::ThreadPool pool(threads);
        const auto bandwidth = runtime::read_bandwidth(pool, bytes, o.repeats);
        if (!bandwidth) return io::Error{fmt::format("no memory of {} bytes", bytes)};
        print({{"question", "memory_read"}, {"threads", threads}, {"bytes", bytes}}, *bandwidth);
    }
    return {};
}

// Reads blocks at random places of one file, as many in flight as the queue takes.
class RandomReads {
 public:
    RandomReads(const io::DiskFile& file, io::ReadQueue& queue, std::size_t block_bytes)
        : file_(file),
          queue_(queue),
          block_bytes_(block_bytes),
          memory_(
              kernels::HostBuffer::try_allocate(std::max(kAligned, queue.depth() * block_bytes))) {}

    // Bytes per second over `n_blocks`, more than the queue takes at once.
    io::Result<double> run(std::size_t n_blocks) {
        if (!memory_) return io::Error{"no memory for the blocks"};
        const auto begun = std::chrono::steady_clock::now();
        std::size_t sent = 0, done = 0;
        for (; sent < queue_.depth(); ++sent) send(sent);
        while (done < n_blocks) {
            const std::size_t n = queue_.wait(completed_, std::chrono::seconds(30));
            if (n == 0) return io::Error{"a read did not complete"};
            for (const io::DiskReadDone& read : std::span(completed_).first(n)) {
                if (read.result != static_cast<std::int64_t>(block_bytes_)) {
                    return io::Error{
                        fmt::format("a read of {} gave {}", block_bytes_, read.result)};
                }
                ++done;
                if (sent++ < n_blocks) send(read.id);
            }
        }
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begun;
        return static_cast<double>(n_blocks * block_bytes_) / seconds.count();
    }

 private:
    static constexpr std::size_t kAligned = std::size_t{4} << 20;  // buffers this large are

    void send(std::uint64_t slot) {
        const std::uint64_t n_places = file_.file().size() / block_bytes_;
        const io::DiskRead read{.id = slot,
                                .descriptor = file_.descriptor(),
                                .offset = random_() % n_places * block_bytes_,
                                .to = memory_->bytes().subspan(slot * block_bytes_, block_bytes_)};
        queue_.submit({&read, 1});
    }

    const io::DiskFile& file_;
    io::ReadQueue& queue_;
    const std::size_t block_bytes_;
    std::optional<kernels::HostBuffer> memory_;
    std::vector<io::DiskReadDone> completed_{queue_.depth()};
    std::mt19937_64 random_{1};
};

io::Result<void> measure_disk(const Options& o) {
    const io::Result<io::File> file = io::File::open(o.file);
    if (!file) return file.error();
    const io::DiskFile disk = io::DiskFile::open(*file);
    constexpr std::size_t kSmallest = 4096, kLargest = std::size_t{4} << 20;
    constexpr std::size_t kTotal = std::size_t{1} << 30;
    for (std::size_t block = kSmallest; block <= std::min(kLargest, file->size()); block *= 4) {
        const auto made = io::make_read_queue(io::QueueKind::automatic, o.depth);
        if (!made) return made.error();
        RandomReads reads(disk, *made->queue, block);
        double best = 0;
        for (int run = 0; run < o.repeats; ++run) {
            const auto speed =
                reads.run(std::clamp<std::size_t>(kTotal / block, 2 * o.depth, 16384));
            if (!speed) return io::Error{fmt::format("{}: {}", o.file, speed.error().message)};
            best = std::max(best, *speed);
        }
        print({{"question", "disk_read"},
               {"block_bytes", block},
               {"in_flight", o.depth},
               {"queue", made->queue->name()},
               {"direct", disk.is_direct()}},
              best);
    }
    return {};
}

Options parse(int argc, char** argv) {
    Options o;
    cxxopts::Options options("perf/roofline", "Prints one JSON line for each measurement.");
    auto add = options.add_options();
    add("t,threads", "most threads; 0: one for each core", cxxopts::value(o.threads));
    add("f,file", "a large file on the disk to measure", cxxopts::value(o.file));
    add("d,depth", "reads in flight", cxxopts::value(o.depth));
    add("r,repeats", "runs; the best counts", cxxopts::value(o.repeats));
    options.parse(argc, argv);
    if (o.threads <= 0) o.threads = kernels::usable_cores();
    o.depth = std::max<std::size_t>(o.depth, 1);
    return o;
}

io::Result<void> measure_all(const Options& o) {
    if (auto ok = measure_memory(o); !ok || o.file.empty()) return ok;
    return measure_disk(o);
}

}  // namespace
}  // namespace greenroom::perf

int main(int argc, char** argv) try {
    const auto measured = greenroom::perf::measure_all(greenroom::perf::parse(argc, argv));
    if (!measured) fmt::print(stderr, "perf/roofline: {}\n", measured.error().message);
    return measured ? 0 : 1;
} catch (const std::exception& error) {  // cxxopts throws on wrong usage
    fmt::print(stderr, "perf/roofline: {}\n", error.what());
    return 2;
}
