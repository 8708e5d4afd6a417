#include "runtime/lab/perplexity.hpp"

#include <fmt/format.h>
#include <string>

#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/open_engine.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"

namespace greenroom::cli {
namespace {

struct PerplexityCommand : ModelCommand {
    std::string file = {}, method = "peer";
    int stride = 0;
    bool parse_special = false;
};

std::string windows_text(std::uint64_t n) {
    return fmt::format("{} windows", n);
}

io::Result<runtime::Perplexity> measure(const PerplexityCommand& command,
                                        runtime::Engine& engine,
                                        const std::string& text) {
    const auto ids = engine.tokenizer->encode(text, {.parse_special = command.parse_special});
    Progress progress({"scoring", windows_text}, !command.shared.quiet);
    runtime::PerplexitySettings settings;
    settings.windows =
        command.method == "peer" ? runtime::Windows::peer : runtime::Windows::sliding;
    settings.context = engine.model->context();
    settings.stride = command.stride;
    if (engine.tokenizer->adds_bos()) settings.first_id = engine.tokenizer->bos();
    settings.progress = [&](std::uint64_t done, std::uint64_t total) {
        progress.update(done, total);
    };
    return runtime::measure_perplexity(*engine.model, ids, settings);
}

// Loads with Ctrl-C as a question; afterwards it ends the program, which holds nothing worth
// saving.
std::optional<int> open_for_measuring(PerplexityCommand& command, runtime::Engine& engine) {
    Signals signals;
    return open_engine(command, signals, engine);
}

int print_perplexity(PerplexityCommand& command) {
    const auto text = read_input(command.file);
    if (!text) return fail("perplexity", text.error().message);
    runtime::Engine engine;
    if (const auto ended = open_for_measuring(command, engine)) return *ended;
    const auto measured = measure(command, engine, *text);
    if (!measured) return fail("perplexity", measured.error().message);
    if (command.shared.json) {
        print_json({{"perplexity", measured->perplexity},
                    {"nll", measured->nll},
                    {"tokens", measured->tokens},
                    {"stderr", measured->standard_error},
                    {"method", command.method},
                    {"context", engine.model->context()}});
    } else {
        print(fmt::format("perplexity {:.4f} ± {:.4f} over {} tokens\n",
                          measured->perplexity,
                          measured->standard_error,
                          measured->tokens));
    }
    return kDone;
}

}  // namespace

int perplexity(CommandLine argv) {
    PerplexityCommand command{{.name = "perplexity"}};
    command.settings.model.context = 512;
    Arguments arguments(
        "perplexity",
        "[-m MODEL] -f TEXT [flags]",
        "How well a model predicts a text: exp of the mean -log p. The text is cut\n"
        "into windows of --ctx tokens.");
    arguments.add({"f,file", "TEXT", "the text; -: standard input"}, &command.file);
    arguments.add({"method", "HOW", "windows: peer, as in llama.cpp, or sliding"},
                  &command.method,
                  {.choices = {"peer", "sliding"}});
    arguments.add(
        {"stride", "N", "tokens between sliding windows; 0: --ctx"}, &command.stride, {.least = 0});
    arguments.add({"parse-special", "", "control tokens in the text count as such"},
                  &command.parse_special);
    add_model_flags(arguments, command.settings, command.shared);
    add_output_flags(arguments, command.shared);
    if (const auto ended = start_command(arguments, argv, command.settings, command.shared)) {
        return *ended;
    }
    if (command.file.empty()) return fail("perplexity", "needs a text: -f FILE", kUsageError);
    return print_perplexity(command);
}

}  // namespace greenroom::cli
