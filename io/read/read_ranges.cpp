#include "io/read/read_ranges.hpp"

#include <algorithm>
#include <condition_variable>
#include <fcntl.h>
#include <fmt/format.h>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

namespace greenroom::io {
namespace {

// Large enough that a disk's latency does not count, small enough that all threads share one tensor
// of a few hundred MiB and a stop is noticed soon.
constexpr std::uint64_t kPieceBytes = 8ull << 20;

Result<void> check_job(std::span<const File> files, const ReadJob& job) {
    const FileRange& from = job.from;
    if (from.file >= files.size()) {
        return Error{fmt::format("read from file {} of {}", from.file, files.size())};
    }
    const File& file = files[from.file];
    if (from.offset > file.size() || from.bytes > file.size() - from.offset) {
        return Error{fmt::format("{}: cannot read {} bytes at {}: it has {}",
                                 printable_path(file.path()),
                                 from.bytes,
                                 from.offset,
                                 file.size())};
    }
    if (job.to.size() != from.bytes) {
        return Error{fmt::format("{}: a read of {} bytes into memory of {}",
                                 printable_path(file.path()),
                                 from.bytes,
                                 job.to.size())};
    }
    return {};
}

// The jobs in pieces of at most kPieceBytes, in the order of the files.
std::vector<ReadJob> cut(std::span<const ReadJob> jobs) {
    std::vector<ReadJob> pieces;
    for (ReadJob job : jobs) {
        while (job.from.bytes > 0) {
            const std::uint64_t bytes = std::min(job.from.bytes, kPieceBytes);
            pieces.push_back({{job.from.file, job.from.offset, bytes}, job.to.first(bytes)});
            job = {{job.from.file, job.from.offset + bytes, job.from.bytes - bytes},
                   job.to.subspan(bytes)};
        }
    }
    std::ranges::sort(pieces, [](const ReadJob& a, const ReadJob& b) {
        return std::pair(a.from.file, a.from.offset) < std::pair(b.from.file, b.from.offset);
    });
    return pieces;
}

// What the threads share. Every member function may be called from any thread.
class Work {
 public:
    Work(std::span<const ReadJob> pieces, std::stop_token stop)
        : left_(pieces), stop_(std::move(stop)) {}

    // Pieces of together about kPieceBytes; none when all are taken or the work has ended early.
    std::span<const ReadJob> take() {
        const std::scoped_lock lock(mutex_);
        if (stop_.stop_requested() && !left_.empty()) end_early({"stopped"});
        std::uint64_t bytes = 0;
        std::size_t count = 0;
        while (count < left_.size() && bytes < kPieceBytes) bytes += left_[count++].from.bytes;
        const auto taken = left_.first(count);
        left_ = left_.subspan(count);
        return taken;
    }

    void add_done(std::uint64_t bytes) {
        const std::scoped_lock lock(mutex_);
        done_bytes_ += bytes;
        changed_.notify_one();
    }

    void fail(Error error) {
        const std::scoped_lock lock(mutex_);
        end_early(std::move(error));
    }

    void start_worker() {
        const std::scoped_lock lock(mutex_);
        ++n_workers_;
    }

    void end_worker() {
        const std::scoped_lock lock(mutex_);
        --n_workers_;
        changed_.notify_one();
    }

    // Waits until more than `known` bytes are done or nobody works any more; the bytes done.
    std::uint64_t wait_for_more_than(std::uint64_t known) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return done_bytes_ > known || n_workers_ == 0; });
        return done_bytes_;
    }

    std::optional<Error> error() const {
        const std::scoped_lock lock(mutex_);
        return error_;
    }

 private:
    void end_early(Error error) {
        if (!error_) error_ = std::move(error);
        left_ = {};
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::span<const ReadJob> left_;
    std::stop_token stop_;
    std::uint64_t done_bytes_ = 0;
    int n_workers_ = 0;
    std::optional<Error> error_;
};

void read_pieces(std::span<const File> files, Work& work) {
    for (auto pieces = work.take(); !pieces.empty(); pieces = work.take()) {
        std::uint64_t bytes = 0;
        for (const ReadJob& piece : pieces) {
            if (auto read = files[piece.from.file].read_at(piece.from.offset, piece.to); !read) {
                work.fail(read.error());
                break;
            }
            bytes += piece.from.bytes;
        }
        work.add_done(bytes);
    }
    work.end_worker();
}

// As many threads as the system grants, up to `wanted`; no thread is the only error.
Result<std::vector<std::jthread>> start_workers(std::size_t wanted,
                                                std::span<const File> files,
                                                Work& work) {
    std::vector<std::jthread> threads;
    threads.reserve(wanted);
    while (threads.size() < wanted) {
        work.start_worker();
        try {
            threads.emplace_back([files, &work] { read_pieces(files, work); });
        } catch (const std::system_error& error) {
            work.end_worker();
            if (threads.empty())
                return Error{fmt::format("cannot start a thread: {}", error.what())};
            break;
        }
    }
    return threads;
}

void report(Work& work, std::uint64_t total, const ReadHooks& hooks) {
    for (std::uint64_t known = 0, done = 0; done < total; known = done) {
        done = work.wait_for_more_than(known);
        if (done == known) return;
        if (hooks.progress) hooks.progress(done, total);
    }
}

}  // namespace

Result<void> read_ranges(std::span<const File> files,
                         std::span<const ReadJob> jobs,
                         int n_threads,
                         const ReadHooks& hooks) {
    std::uint64_t total = 0;
    std::vector<bool> used(files.size());
    for (const ReadJob& job : jobs) {
        if (auto sound = check_job(files, job); !sound) return sound.error();
        total += job.from.bytes;
        used[job.from.file] = true;
    }
    const std::vector<ReadJob> pieces = cut(jobs);
    Work work(pieces, hooks.stop);
    if (!pieces.empty()) {
        for (std::size_t i = 0; i < files.size(); ++i) {
            // Doubles the kernel's read-ahead on Linux.
            if (used[i]) ::posix_fadvise(files[i].descriptor(), 0, 0, POSIX_FADV_SEQUENTIAL);
        }
        const auto wanted = static_cast<std::size_t>(std::max(n_threads, 1));
        const auto threads = start_workers(std::min(wanted, pieces.size()), files, work);
        if (!threads) return threads.error();
        report(work, total, hooks);
    }
    if (const auto error = work.error()) return *error;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (!used[i]) continue;
        if (auto same = files[i].check_unchanged(); !same) return same.error();
    }
    return {};
}

}  // namespace greenroom::io
