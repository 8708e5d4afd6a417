#include "runtime/lab/bench.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "cli/bench_rows.hpp"
#include "cli/commands.hpp"
#include "cli/demo_model.hpp"
#include "cli/input.hpp"
#include "cli/open_engine.hpp"
#include "cli/output.hpp"
#include "cli/recording.hpp"
#include "runtime/lab/cpu_name.hpp"
#include "runtime/lab/read_bandwidth.hpp"
#include "runtime/model/describe.hpp"

namespace greenroom::cli {
namespace {

struct BenchCommand : ModelCommand {
    std::string prompts = "512", predicts = "128", depths = "0", format = "md";
    std::optional<std::int64_t> seed = {};
    bool no_warm_up = false;
    runtime::BenchSettings how = {};
};

// One row for each prompt and each reply, at each depth; 0 leaves a row out.
io::Result<std::vector<runtime::BenchTest>> parse_tests(const BenchCommand& command) {
    std::vector<std::vector<std::int32_t>> lists;
    for (const auto& [flag, text] : {std::pair("-p", &command.prompts),
                                     std::pair("-n", &command.predicts),
                                     std::pair("-d", &command.depths)}) {
        auto list = parse_ids(*text);
        if (!list) return io::Error{fmt::format("{}: {}", flag, list.error().message)};
        lists.push_back(*std::move(list));
    }
    std::vector<runtime::BenchTest> tests;
    for (const std::int32_t depth : lists[2]) {
        for (const std::int32_t n : lists[0]) {
            if (n > 0) tests.push_back({.n_prompt = n, .n_gen = 0, .n_depth = depth});
        }
        for (const std::int32_t n : lists[1]) {
            if (n > 0) tests.push_back({.n_prompt = 0, .n_gen = n, .n_depth = depth});
        }
    }
    if (tests.empty()) return io::Error{"nothing to measure: -p and -n are 0"};
    return tests;
}

// The context that the tests need, where the user has named none.
void fit_context(const std::vector<runtime::BenchTest>& tests, runtime::Settings& settings) {
    if (settings.model.context != 0) return;
    for (const runtime::BenchTest& test : tests) {
        settings.model.context = std::max(settings.model.context, test.positions());
    }
}

// Before the model is loaded, so that the two do not need memory at the same time. Only replies are
// compared with it.
std::optional<double> measure_machine(const std::vector<runtime::BenchTest>& tests,
                                      const runtime::Settings& settings) {
    const bool is_needed =
        std::ranges::any_of(tests, [](const runtime::BenchTest& test) { return test.n_gen > 0; });
    if (!is_needed) return std::nullopt;
    const int threads = settings.model.threads;
    kernels::ThreadPool pool(threads > 0 ? threads : kernels::usable_cores());
    return runtime::read_bandwidth(pool);
}

io::Result<BenchSubject> describe(const BenchCommand& command, const runtime::Engine& engine) {
    const std::string& path = command.settings.model.path;
    const auto files = io::open_model_files(path);
    if (!files) return files.error();
    const auto model = runtime::describe_model(*files);
    if (!model) return model.error();
    return BenchSubject{.model_file = path,
                        .model_name = engine.identity.name,
                        .model_bytes = model->bytes.total(),
                        .parameters = model->parameters,
                        .bytes_per_token = engine.model->bytes_per_token(),
                        .cpu = runtime::cpu_name(),
                        .instructions = std::string(kernels::name(engine.pool->path())),
                        .kv_type = command.settings.model.kv_type,
                        .threads = engine.pool->size(),
                        .batch = engine.model->batch(),
                        .machine_read = {}};
}

// Prints rows in one format, as they come.
class Rows {
 public:
    Rows(std::string_view format, const BenchSubject& subject)
        : format_(format), subject_(subject) {}

    void add(const runtime::BenchResult& result) {
        const io::Json row = bench_json(subject_, result);
        if (format_ == "json") {
            rows_.push_back(row);
        } else if (format_ == "jsonl") {
            print_now(row.dump() + "\n");
        } else if (format_ == "csv") {
            print_now((is_first_ ? bench_csv_header(row) : "") + bench_csv(row));
        } else {
            print_now((is_first_ ? bench_markdown_header() : "") +
                      bench_markdown(subject_, result) + bench_ops_markdown(subject_, result));
        }
        is_first_ = format_ == "md" && result.steps;  // a table of steps ends that of tests
    }
    void finish() const {
        if (format_ == "json") print_json(rows_);
    }

 private:
    std::string_view format_;
    const BenchSubject& subject_;
    io::Json rows_ = io::Json::array();
    bool is_first_ = true;
};

// Loads with Ctrl-C as a question; afterwards it ends the program, which holds nothing worth
// saving.
std::optional<int> open_for_measuring(BenchCommand& command, runtime::Engine& engine) {
    Signals signals;
    return open_engine(command, signals, engine);
}

int measure(BenchCommand& command, const std::vector<runtime::BenchTest>& tests) {
    const std::optional<double> machine_read = measure_machine(tests, command.settings);
    runtime::Engine engine;
    if (const auto ended = open_for_measuring(command, engine)) return *ended;
    auto recording = begin_recording(command.settings, engine);
    if (!recording) return fail("bench", recording.error().message);
    auto subject = describe(command, engine);
    if (!subject) return fail("bench", subject.error().message);
    subject->machine_read = machine_read;
    Rows rows(command.format, *subject);
    for (const runtime::BenchTest& test : tests) {
        const auto result = runtime::run_bench(*engine.model, test, command.how);
        if (!result) {
            return fail("bench", bench_test_name(test) + ": " + result.error().message);
        }
        rows.add(*result);
        if (is_faster_than_memory(*subject, *result)) {
            note(command.shared,
                 bench_test_name(test) + ": faster than memory, as the weights fit the caches");
        }
    }
    rows.finish();
    if (auto ok = finish_recording(*recording, command.shared); !ok) {
        return fail("bench", ok.error().message);
    }
    return kDone;
}

}  // namespace

int bench(CommandLine argv) {
    BenchCommand command{{.name = "bench"}};
    Arguments arguments(
        "bench",
        "[-m MODEL] [flags]",
        "How fast a model reads prompts (pp) and replies (tg), in tokens per second.\n"
        "Replies are compared with what the machine's memory allows: a token reads\n"
        "every weight that it uses.");
    arguments.add({"p,prompt", "N,…", "tokens of prompts read at once; 0: none"}, &command.prompts);
    arguments.add({"n,predict", "N,…", "tokens of replies; 0: none"}, &command.predicts);
    arguments.add({"d,depth", "N,…", "tokens read before"}, &command.depths);
    arguments.add({"r,repetitions", "N", "runs of each test"}, &command.how.repeats, {.least = 1});
    arguments.add({"no-warmup", "", "the first run counts"}, &command.no_warm_up);
    arguments.add({"format", "HOW", "md, csv, json or jsonl"},
                  &command.format,
                  {.choices = {"md", "csv", "json", "jsonl"}});
    arguments.add({"ops", "", "one more run of each test, timed step by step"}, &command.how.ops);
    arguments.add({"s,seed", "N", "of the token ids", "1"}, &command.seed, {.least = 0});
    add_model_flags(arguments, command.settings, command.shared);
    add_output_flags(arguments, command.shared);
    if (const auto ended = start_command(arguments, argv, command.settings, command.shared)) {
        return *ended;
    }
    if (command.shared.json && !arguments.given("format")) command.format = "jsonl";
    if (command.seed) command.how.seed = static_cast<std::uint64_t>(*command.seed);
    command.how.warm_up = !command.no_warm_up;
    const auto tests = parse_tests(command);
    if (!tests) return fail("bench", tests.error().message, kUsageError);
    fit_context(*tests, command.settings);
    return measure(command, *tests);
}

}  // namespace greenroom::cli
