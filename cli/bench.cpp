#include "runtime/lab/bench.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "cli/bench_rows.hpp"
#include "cli/commands.hpp"
#include "cli/demo_model.hpp"
#include "cli/human.hpp"
#include "cli/input.hpp"
#include "cli/open_engine.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/recording.hpp"
#include "runtime/lab/cpu_name.hpp"
#include "runtime/lab/driven_routing.hpp"
#include "runtime/lab/imagined_model.hpp"
#include "runtime/lab/read_bandwidth.hpp"
#include "runtime/lab/read_trace.hpp"
#include "runtime/model/describe.hpp"

namespace greenroom::cli {
namespace {

struct BenchCommand : ModelCommand {
    std::string prompts = "512", predicts = "128", depths = "0", format = "md";
    std::optional<std::int64_t> seed = {};
    bool no_warm_up = false;
    runtime::BenchSettings how = {};
    runtime::SynthRequest like = {};  // without a shape: a model from a file
    std::string trace = {};
    std::optional<double> locality = {};
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

io::Result<BenchSubject> describe(const BenchCommand& command) {
    const std::string& path = command.settings.model.path;
    const auto files = io::open_model_files(path);
    if (!files) return files.error();
    const auto model = runtime::describe_model(*files);
    if (!model) return model.error();
    BenchSubject subject;
    subject.model_file = path;
    subject.model_bytes = model->bytes.total();
    subject.parameters = model->parameters;
    return subject;
}

// What every model has, wherever it comes from.
void complete(const BenchCommand& command, const runtime::Engine& engine, BenchSubject& subject) {
    subject.model_name = engine.identity.name;
    subject.bytes_per_token = engine.model->bytes_per_token();
    subject.cpu = runtime::cpu_name();
    subject.instructions = std::string(kernels::name(engine.pool->path()));
    subject.kv_type = command.settings.model.kv_type;
    subject.threads = engine.pool->size();
    subject.batch = engine.model->batch();
}

// Of the recorded routing of Mixtral-8x7B, 34 and 40 of a hundred experts are those of the token
// before.
constexpr double kUsualLocality = 0.35;

// Who chooses experts in the router's place, if somebody does, and what rows call it.
struct Driver {
    runtime::RoutingDriver choose = {};
    std::string name = "model";
};

io::Result<Driver> make_driver(const BenchCommand& command, const runtime::Engine& engine) {
    const runtime::RoutingFacts facts = engine.model->routing_facts();
    if (!command.trace.empty()) {
        const auto trace = runtime::read_trace(command.trace);
        if (!trace) return trace.error();
        auto made = runtime::TracedRouting::make(*trace, facts);
        if (!made) return io::Error{"--trace: " + made.error().message};
        return Driver{[routing = *std::move(made)](const runtime::RoutingChoice& choice) mutable {
                          routing.choose(choice);
                      },
                      "trace " + command.trace};
    }
    const bool is_stated = command.locality || !command.like.shape.empty();
    if (facts.experts == 0 || !is_stated) return Driver{};
    const double locality = command.locality.value_or(kUsualLocality);
    runtime::LocalRouting made(locality, facts, command.how.seed);
    return Driver{[routing = std::move(made)](const runtime::RoutingChoice& choice) mutable {
                      routing.choose(choice);
                  },
                  fmt::format("locality {:g}", locality)};
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

// A model that is made up in memory.
std::optional<int> imagine(BenchCommand& command,
                           Signals& signals,
                           runtime::Engine& engine,
                           BenchSubject& subject) {
    if (const auto found = default_to_demo(command.settings); !found) {
        return fail("bench", found.error().message);
    }
    if (command.settings.device.kind == "cuda") {
        return fail("bench",
                    "device.kind cuda: a model made up in memory runs on the CPU; expected none or "
                    "emulated",
                    kUsageError);
    }
    command.like.seed = command.how.seed;
    const std::stop_token stop = signals.begin_work(Signals::SecondInterrupt::ends_program);
    auto made = [&] {
        Progress progress({"filling", human_bytes}, !command.shared.quiet);
        const auto show = [&](std::uint64_t done, std::uint64_t total) {
            progress.update(done, total);
        };
        return runtime::imagine_model(command.like,
                                      command.settings.model.path,
                                      command.settings,
                                      {.progress = show, .stop = stop});
    }();
    signals.end_work();
    if (stop.stop_requested()) return end_by_interrupt();
    if (!made) return fail("bench", made.error().message);
    for (const std::string& warning : made->engine.warnings) note(command.shared, warning);
    note(command.shared, "random weights in memory: speed is measured, words mean nothing");
    subject.model_bytes = made->bytes;
    subject.parameters = made->parameters;
    engine = std::move(made->engine);
    return std::nullopt;
}

// Loads with Ctrl-C as a question; afterwards it ends the program, which holds nothing worth
// saving.
std::optional<int> open_for_measuring(BenchCommand& command,
                                      runtime::Engine& engine,
                                      BenchSubject& subject) {
    Signals signals;
    if (!command.like.shape.empty()) return imagine(command, signals, engine, subject);
    if (const auto ended = open_engine(command, signals, engine)) return ended;
    auto described = describe(command);
    if (!described) return fail("bench", described.error().message);
    subject = *std::move(described);
    return std::nullopt;
}

int measure(BenchCommand& command, const std::vector<runtime::BenchTest>& tests) {
    const std::optional<double> machine_read = measure_machine(tests, command.settings);
    runtime::Engine engine;
    BenchSubject subject;
    if (const auto ended = open_for_measuring(command, engine, subject)) return *ended;
    complete(command, engine, subject);
    subject.machine_read = machine_read;
    auto driver = make_driver(command, engine);
    if (!driver) return fail("bench", driver.error().message);
    subject.routing = driver->name;
    if (driver->choose) {
        if (!engine.model->drive_routing(std::move(driver->choose))) {
            return fail("bench", "only routers choose experts on a GPU; device.kind=none");
        }
        note(command.shared, "experts chosen by: " + subject.routing);
    }
    auto recording = begin_recording(command.settings, engine);
    if (!recording) return fail("bench", recording.error().message);
    Rows rows(command.format, subject);
    for (const runtime::BenchTest& test : tests) {
        const auto result = runtime::run_bench(*engine.model, test, command.how);
        if (!result) {
            return fail("bench", bench_test_name(test) + ": " + result.error().message);
        }
        rows.add(*result);
        if (is_faster_than_memory(subject, *result)) {
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
    arguments.add({"like", "NAME", "a shape of greenroom synth, made up in memory"},
                  &command.like.shape);
    arguments.add({"quant", "TYPE", "of its matrices: q4_k_m, q8_0, q3_k, ..."},
                  &command.like.quant);
    arguments.add({"layers", "N", "fewer or more layers", "the shape's"},
                  &command.like.layers,
                  {.least = 1, .most = runtime::kMaxLayers});
    arguments.add({"trace", "FILE", "its decoded tokens choose the experts"}, &command.trace);
    arguments.add({"locality", "P", "chance that a token keeps an expert", "--like: 0.35"},
                  &command.locality,
                  {.least = 0, .most = 1});
    arguments.exclusive({"trace", "locality"});
    arguments.exclusive({"like", "model"});
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
