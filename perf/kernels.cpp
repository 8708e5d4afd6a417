// How fast are products with each block type, on each path, in either layout? One JSON line each:
// weights read in GB/s for one token, GFLOP/s for many. A result is compared with the plain twin
// before it is timed.
#include <algorithm>
#include <chrono>
#include <ctime>
#include <cxxopts.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "perf/run_facts.hpp"

#include "kernels/mat_mul.hpp"
#include "kernels/repack.hpp"
#include "runtime/lab/cpu_name.hpp"
#include "tests/support/products.hpp"

namespace greenroom::perf {
namespace {

using kernels::CpuPath;
using kernels::Layout;

struct Options {
    std::vector<std::string> types, paths, layouts;
    std::vector<int> tokens;
    int rows = 14336, cols = 4096;
    int threads = 0, repeats = 7;
};

struct Case {
    kernels::BlockFormat format;
    CpuPath path;
    std::int64_t n_tokens;
};

// More weights than the caches hold, as many copies of one matrix: one token reads each of them
// once, as decoding does.
class Copies {
 public:
    Copies(const tests::Weights& one, std::int64_t n) : copies_(static_cast<std::size_t>(n), one) {}
    const kernels::Matrix& next() { return copies_[at_++ % copies_.size()].matrix(); }

 private:
    std::vector<tests::Weights> copies_;
    std::size_t at_ = 0;
};

struct Seconds {
    std::vector<double> wall, cpu;  // for each product; cpu of all threads together
};

template <class Body>
void time_into(Seconds& out, std::int64_t n_products, Body&& body) {
    const auto begin = std::chrono::steady_clock::now();
    const std::clock_t cpu_begin = std::clock();
    body();
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    const auto cpu = static_cast<double>(std::clock() - cpu_begin) / CLOCKS_PER_SEC;
    out.wall.push_back(wall.count() / static_cast<double>(n_products));
    out.cpu.push_back(cpu / static_cast<double>(n_products));
}

bool is_correct(const Case& c, kernels::ThreadPool& pool, Layout layout) {
    kernels::ThreadPool plain(1, CpuPath::plain);
    const std::int64_t rows = 37, cols = 768;
    tests::Weights w(c.format.type, rows, cols, tests::Blocks::ordinary, 1);
    const std::vector<float> x = tests::normal_values(c.n_tokens * cols, 2);
    const auto expected = tests::multiply({w.matrix(), x, c.n_tokens}, plain);
    if (layout == Layout::panels) w = w.packed(pool);
    return tests::count_differences(expected, tests::multiply({w.matrix(), x, c.n_tokens}, pool)) ==
           0;
}

Seconds time(const Case& c, const Options& o, kernels::ThreadPool& pool, Layout layout) {
    constexpr std::int64_t kColdBytes = std::int64_t{1} << 30;
    tests::Weights one(c.format.type, o.rows, o.cols, tests::Blocks::ordinary, 1);
    if (layout == Layout::panels) one = one.packed(pool);
    const auto bytes = static_cast<std::int64_t>(one.matrix().bytes());
    const std::int64_t n_copies = c.n_tokens == 1 ? kColdBytes / bytes + 1 : 1;
    Copies weights(one, n_copies);
    const std::vector<float> x = tests::normal_values(c.n_tokens * o.cols, 2);
    std::vector<float> y(static_cast<std::size_t>(c.n_tokens * o.rows));
    kernels::Activations rounded(kernels::Arithmetic::fast);
    Seconds warm_up, seconds;
    for (int i = 0; i <= o.repeats; ++i) {
        time_into(i == 0 ? warm_up : seconds, n_copies, [&] {
            for (std::int64_t copy = 0; copy < n_copies; ++copy) {
                rounded.assign(x.data(), c.n_tokens, o.cols);
                kernels::run_on_cpu(kernels::MatMul{weights.next(), rounded, y.data()}, pool);
            }
        });
    }
    return seconds;
}

bool measure(const Case& c, const Options& o, Layout layout) {
    kernels::ThreadPool pool(o.threads, c.path);
    if (layout == Layout::panels && preferred_layout(c.format.type, c.path) != layout) return true;
    if (!is_correct(c, pool, layout)) {
        fmt::print(stderr, "perf/kernels: {} is wrong on {}\n", c.format.name, name(c.path));
        return false;
    }
    const Seconds seconds = time(c, o, pool, layout);
    const double median = quantile(seconds.wall, 0.5);
    const double weights = double(o.rows) * o.cols;
    const double bytes = weights / c.format.elements * c.format.bytes;
    const nlohmann::ordered_json line = {
        {"question", "kernels"},
        {"type", c.format.name},
        {"path", name(c.path)},
        {"layout", layout == Layout::panels ? "panels" : "rows"},
        {"n_tokens", c.n_tokens},
        {"gbps", bytes / median / 1e9},
        {"gflops", 2 * weights * static_cast<double>(c.n_tokens) / median / 1e9},
        {"median_s", median},
        {"best_s", quantile(seconds.wall, 0)},
        {"cpu_s", quantile(seconds.cpu, 0.5)},  // what it costs on a machine that others use too
        {"rows", o.rows},
        {"cols", o.cols},
        {"threads", o.threads},
        {"device", runtime::cpu_name()},
        {"commit", commit()},
    };
    fmt::print("{}\n", line.dump());
    std::fflush(stdout);
    return true;
}

bool wants(const std::vector<std::string>& list, std::string_view name) {
    return list.empty() || std::ranges::find(list, name) != list.end();
}

bool measure_all(const Options& o) {
    bool correct = true;
    for (const kernels::BlockFormat& format : kernels::block_formats()) {
        if (!wants(o.types, format.name)) continue;
        for (const CpuPath path : kernels::available_cpu_paths()) {
            if (!wants(o.paths, name(path))) continue;
            for (const int n_tokens : o.tokens) {
                for (const Layout layout : {Layout::rows, Layout::panels}) {
                    if (!wants(o.layouts, layout == Layout::rows ? "rows" : "panels")) continue;
                    correct &= measure({format, path, n_tokens}, o, layout);
                }
            }
        }
    }
    return correct;
}

Options parse(int argc, char** argv) {
    Options o;
    cxxopts::Options options("perf/kernels", "Prints one JSON line for each measurement.");
    auto add = options.add_options();
    add("types", "e.g. Q4_K,Q8_0; all", cxxopts::value(o.types));
    add("paths", "e.g. avx2,avx512; all that run here", cxxopts::value(o.paths));
    add("layouts", "rows, panels; both", cxxopts::value(o.layouts));
    add("tokens", "batch sizes", cxxopts::value(o.tokens)->default_value("1,512"));
    add("rows", "of the matrix", cxxopts::value(o.rows)->default_value("14336"));
    add("cols", "of the matrix", cxxopts::value(o.cols)->default_value("4096"));
    add("t,threads", "0: one for each core", cxxopts::value(o.threads)->default_value("0"));
    add("r,repeats", "samples", cxxopts::value(o.repeats)->default_value("7"));
    options.parse(argc, argv);
    if (o.threads <= 0) o.threads = kernels::usable_cores();
    return o;
}

}  // namespace
}  // namespace greenroom::perf

int main(int argc, char** argv) try {
    return greenroom::perf::measure_all(greenroom::perf::parse(argc, argv)) ? 0 : 1;
} catch (const std::exception& error) {  // cxxopts throws on wrong usage
    fmt::print(stderr, "perf/kernels: {}\n", error.what());
    return 2;
}
