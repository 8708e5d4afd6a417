#include <fmt/format.h>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/open_engine.hpp"
#include "cli/output.hpp"
#include "cli/recording.hpp"
#include "cli/reply_printer.hpp"
#include "cli/stats_line.hpp"
#include "runtime/generate/prompt.hpp"

namespace greenroom::cli {
namespace {

// What the two commands that go on from a prompt are called.
struct RunNames {
    std::string_view command, usage, summary;
};

struct RunCommand : ModelCommand {
    std::string prompt = {}, file = {}, ids_text = {};
    std::vector<runtime::TokenId> ids = {};  // of ids_text
    bool chat = false;
    bool stats = false;
};

void describe(RunCommand& command, Arguments& arguments) {
    arguments.add({"p,prompt", "TEXT", "what to go on from; -: from standard input"},
                  &command.prompt);
    arguments.add({"f,file", "FILE", "the same from a file"}, &command.file);
    arguments.add({"prompt-ids", "1,2,3", "the same as token ids"}, &command.ids_text);
    arguments.add({"chat", "", "wrap the prompt in the model's template"}, &command.chat);
    add_reply_flags(arguments, command.settings);
    add_model_flags(arguments, command.settings, command.shared);
    add_sampling_flags(arguments, command.settings);
    arguments.add({"stats", "", "print speeds on stderr"}, &command.stats);
    add_output_flags(arguments, command.shared);
    arguments.exclusive({"prompt", "file", "prompt-ids"});
    arguments.exclusive({"chat", "prompt-ids"});
}

io::Result<std::string> prompt_text(const RunCommand& command) {
    if (!command.file.empty()) return read_input(command.file);
    return command.prompt == "-" ? read_input("-") : io::Result<std::string>(command.prompt);
}

// Control tokens count as such in a raw prompt, which is whoever runs the program speaking to the
// model directly; in a message they are text.
io::Result<std::vector<runtime::TokenId>> prompt_ids(const RunCommand& command,
                                                     const runtime::Engine& engine) {
    if (!command.ids.empty()) return command.ids;
    auto text = prompt_text(command);
    if (!text) return text.error();
    if (!command.chat) {
        return engine.tokenizer->encode(*text, {.add_special = true, .parse_special = true});
    }
    if (!engine.chat_template) return engine.chat_template.error();
    io::Json messages = io::Json::array();
    if (!command.settings.chat.system.empty()) {
        messages.push_back({{"role", "system"}, {"content", command.settings.chat.system}});
    }
    messages.push_back({{"role", "user"}, {"content", valid_utf8(*text)}});
    return runtime::PromptEncoder(*engine.tokenizer, *engine.chat_template)
        .encode(std::move(messages));
}

io::Json result_json(const std::vector<runtime::TokenId>& prompt,
                     const runtime::Generated& generated,
                     double load_seconds) {
    return {{"prompt_ids", prompt},
            {"ids", generated.ids},
            {"text", generated.text},
            {"finish_reason", runtime::stop_reason_name(generated.reason)},
            {"logprobs", generated.logprobs},
            {"timings", timings_json(generated.timings, load_seconds)},
            {"cache", tiers_json(generated)}};
}

io::Result<runtime::Generated> complete(const RunCommand& command,
                                        const std::vector<runtime::TokenId>& prompt,
                                        runtime::Engine& engine,
                                        Signals& signals) {
    runtime::Sampler sampler(
        runtime::sampler_settings(command.settings.sampling, engine.recommended.sampling),
        engine.tokenizer->vocabulary_size());
    runtime::Generator generator(*engine.model, *engine.tokenizer, sampler);
    ReplyPrinter printer;
    runtime::GenerateHooks hooks;
    hooks.stop = signals.begin_work(Signals::SecondInterrupt::ends_program);
    if (!command.shared.json) {
        hooks.on_text = [&](std::string_view text) {
            if (!printer.print(text)) signals.stop_work();
        };
    }
    auto generated = generator.generate(prompt,
                                        {.predict = command.settings.chat.predict,
                                         .ignore_eos = command.settings.chat.ignore_eos,
                                         .logprobs = command.shared.json,
                                         .drop_first_space = command.chat,
                                         .end_ids = engine.recommended.end_ids},
                                        hooks);
    if (!command.shared.json) printer.finish();
    return generated;
}

int run_prompt(RunCommand& command) {
    Signals signals;
    runtime::Engine engine;
    if (const auto ended = open_engine(command, signals, engine)) return *ended;
    auto recording = begin_recording(command.settings, engine);
    if (!recording) return fail(command.name, recording.error().message);
    const auto prompt = prompt_ids(command, engine);
    if (!prompt) return fail(command.name, prompt.error().message);
    const auto generated = complete(command, *prompt, engine, signals);
    if (!generated) return fail(command.name, generated.error().message);
    if (auto ok = finish_recording(*recording, command.shared); !ok) {
        return fail(command.name, ok.error().message);
    }
    if (command.shared.json) print_json(result_json(*prompt, *generated, engine.load_seconds));
    if (command.stats) fmt::print(stderr, "{}\n", end_line(*generated));
    signals.end_work();
    if (signals.interrupted().take()) return end_by_interrupt();
    return kDone;
}

int run_command(CommandLine argv, const RunNames& names, bool records) {
    RunCommand command{{.name = names.command}};
    Arguments arguments(names.command, names.usage, names.summary);
    if (records) {
        arguments.add({"o,output", "FILE", "the trace to write"}, &command.settings.trace.file);
        runtime::SettingField field = runtime::setting_field(command.settings, "trace.predictions");
        arguments.add({"predictions", "N", "and next_gate of N later layers"},
                      field.place,
                      std::move(field.accepts));
    }
    describe(command, arguments);
    if (const auto ended = start_command(arguments, argv, command.settings, command.shared)) {
        return *ended;
    }
    if (records && command.settings.trace.file.empty()) {
        return fail(command.name, "needs a file: -o FILE", kUsageError);
    }
    const bool prompted =
        arguments.given("prompt") || arguments.given("file") || arguments.given("prompt-ids");
    if (!prompted) {
        return fail(command.name, "needs a prompt: -p TEXT, -f FILE or --prompt-ids", kUsageError);
    }
    auto ids = parse_ids(command.ids_text);
    if (!ids) return fail(command.name, "--prompt-ids: " + ids.error().message, kUsageError);
    command.ids = std::move(*ids);
    return run_prompt(command);
}

}  // namespace

int run(CommandLine argv) {
    return run_command(
        argv, {"run", "[-m MODEL] -p PROMPT [flags]", "Goes on from a prompt, once."}, false);
}

int record_trace(CommandLine argv) {
    return run_command(argv,
                       {"trace record",
                        "[-m MODEL] -p PROMPT -o FILE [flags]",
                        "Goes on from a prompt, and records which experts the model chose.\n"
                        "Long prompts and replies make better traces: try -n 256."},
                       true);
}

}  // namespace greenroom::cli
