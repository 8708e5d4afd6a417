// A measured row of bench in the forms that people and scripts read: llama-bench's names where the
// meaning is the same. Measures and prints nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "io/json.hpp"
#include "runtime/lab/bench.hpp"

namespace greenroom::cli {

// What is the same in every row.
struct BenchSubject {
    std::string model_file, model_name;
    std::uint64_t model_bytes = 0, parameters = 0;
    std::uint64_t bytes_per_token = 0;  // weights that a decoded token reads
    std::string cpu, instructions;      // "Intel Xeon …", "avx2"
    std::string kv_type;
    std::string routing = "model";  // who chooses experts
    int threads = 0, batch = 0;
    std::optional<double> machine_read;  // bytes per second; empty: could not be measured
};

// Fields that do not apply, as the bound of a prompt that is read at once, are null.
io::Json bench_json(const BenchSubject& subject, const runtime::BenchResult& result);

// The steps of a test as a table with a title, where it was timed by steps; else empty.
std::string bench_ops_markdown(const BenchSubject& subject, const runtime::BenchResult& result);

// Decodes faster than memory can be read: the weights stay in the processor's caches.
bool is_faster_than_memory(const BenchSubject& subject, const runtime::BenchResult& result);

// "pp512", "tg128", "pp512+tg128", "tg128 @ d4096"
std::string bench_test_name(const runtime::BenchTest& test);

// Lines end with a newline.
std::string bench_csv_header(const io::Json& row);
std::string bench_csv(const io::Json& row);
std::string bench_markdown_header();
std::string bench_markdown(const BenchSubject& subject, const runtime::BenchResult& result);

}  // namespace greenroom::cli
