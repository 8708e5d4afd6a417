#include "perf/model_under_test.hpp"

#include <cstdlib>
#include <cxxopts.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <random>

#include "perf/run_facts.hpp"

#include "io/model_files.hpp"
#include "runtime/lab/cpu_name.hpp"
#include "runtime/lab/read_bandwidth.hpp"

namespace greenroom::perf {
namespace {

constexpr const char* kDemoModel = GREENROOM_SOURCE "/configs/demo/greenroom-demo-Q4_K_M.gguf";

[[noreturn]] void leave(const std::string& line, int code) {
    fmt::print(code == 0 ? stdout : stderr, "{}\n", line);
    std::exit(code);
}

}  // namespace

Settings parse(int argc, char** argv, const char* question, Settings defaults) try {
    Settings s = defaults;
    cxxopts::Options options(fmt::format("perf/{}", question), "Prints one JSON line.");
    auto add = options.add_options();
    const auto number = [](auto& where) {
        return cxxopts::value(where)->default_value(std::to_string(where));
    };
    add("m,model", "GGUF file or folder", cxxopts::value(s.model)->default_value(kDemoModel));
    add("t,threads", "0: one for each core", number(s.threads));
    add("p,prompt", "tokens read first", number(s.prompt));
    add("n,predict", "tokens decoded", number(s.predict));
    add("r,repeats", "whole runs", number(s.repeats));
    add("s,seed", "of the token ids", number(s.seed));
    add("h,help", "this");
    if (options.parse(argc, argv).count("help") > 0) leave(options.help(), 0);
    if (s.prompt < 1 || s.predict < 0 || s.repeats < 1) {
        leave("a prompt of one token and one run are the least", 2);
    }
    if (s.threads <= 0) s.threads = kernels::usable_cores();
    return s;
} catch (const std::exception& error) {  // cxxopts throws on wrong usage
    leave(error.what(), 2);
}

io::Result<ModelUnderTest> ModelUnderTest::load(const Settings& settings) {
    io::Result<io::ModelFiles> files = io::open_model_files(settings.model);
    if (!files) return files.error();
    ModelUnderTest tested;
    tested.pool_ = std::make_unique<kernels::ThreadPool>(settings.threads);
    runtime::ModelSettings how;
    how.context = settings.prompt + settings.predict;
    auto model = runtime::Model::load(*std::move(files), how, *tested.pool_);
    if (!model) return model.error();
    tested.model_ = *std::move(model);
    return tested;
}

std::vector<std::int32_t> ModelUnderTest::ids(std::size_t n, std::uint64_t seed) const {
    std::mt19937_64 random(seed);
    std::vector<std::int32_t> out(n);
    for (std::int32_t& id : out) {
        id = static_cast<std::int32_t>(random() %
                                       static_cast<std::uint64_t>(model_->vocabulary_size()));
    }
    return out;
}

void print(const Measurement& measured, const Settings& settings, ModelUnderTest& tested) {
    const double median = quantile(measured.seconds, 0.5);
    const double read_bytes_per_s = measured.bytes_per_token * measured.tokens_per_sample / median;
    const double machine = runtime::read_bandwidth(tested.pool()).value_or(0);
    const nlohmann::ordered_json line = {
        {"question", measured.question},
        {"model", settings.model.filename().string()},
        {"tokens_per_s", measured.tokens_per_sample / median},
        {"median_s", median},
        {"p99_s", quantile(measured.seconds, 0.99)},
        {"samples", measured.seconds.size()},
        {"tokens_per_sample", measured.tokens_per_sample},
        {"bytes_per_token", measured.bytes_per_token},
        {"read_gbps", read_bytes_per_s / 1e9},
        {"machine_read_gbps", machine / 1e9},
        {"percent_of_machine_read", 100 * read_bytes_per_s / machine},
        {"device", runtime::cpu_name()},
        {"commit", commit()},
        {"config",
         {{"threads", tested.pool().size()},
          {"prompt", settings.prompt},
          {"predict", settings.predict},
          {"repeats", settings.repeats},
          {"seed", settings.seed},
          {"weight_bytes", tested.model().weight_bytes()},
          {"kv_bytes", tested.model().kv_bytes()}}},
    };
    fmt::print("{}\n", line.dump());
}

}  // namespace greenroom::perf
