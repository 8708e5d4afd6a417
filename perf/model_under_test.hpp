// The command line and the loaded model that perf/decode and perf/prefill share.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "io/result.hpp"
#include "kernels/thread_pool.hpp"
#include "runtime/model/model.hpp"

namespace greenroom::perf {

struct Settings {
    std::filesystem::path model = {};
    int threads = 0;         // 0: one for each core this process may use
    int prompt = 0;          // tokens read before, or instead of, decoding
    int predict = 0;         // tokens decoded one by one
    int repeats = 0;         // whole runs
    std::uint64_t seed = 1;  // of the token ids
};

// Parses -m -t -p -n -r -s over `defaults`; prints usage and ends the program where it has to.
Settings parse(int argc, char** argv, const char* question, Settings defaults);

class ModelUnderTest {
 public:
    static io::Result<ModelUnderTest> load(const Settings& settings);

    runtime::Model& model() { return *model_; }
    kernels::ThreadPool& pool() { return *pool_; }
    // Token ids of a fixed pseudo-random order: a routing as even as the model's router allows.
    std::vector<std::int32_t> ids(std::size_t n, std::uint64_t seed) const;

 private:
    std::unique_ptr<kernels::ThreadPool> pool_;
    std::unique_ptr<runtime::Model> model_;
};

// One measured question, printed as one JSON line.
struct Measurement {
    const char* question;
    std::vector<double> seconds;  // one per sample
    double tokens_per_sample = 1;
    double bytes_per_token = 0;  // weights read
};
void print(const Measurement& measured, const Settings& settings, ModelUnderTest& tested);

}  // namespace greenroom::perf
