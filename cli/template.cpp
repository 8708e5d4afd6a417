#include <fmt/format.h>
#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "cli/demo_model.hpp"
#include "cli/input.hpp"
#include "cli/json_lines.hpp"
#include "cli/output.hpp"
#include "cli/shared_flags.hpp"
#include "cli/utc_time.hpp"
#include "runtime/text/chat_template.hpp"
#include "runtime/text/load_chat_template.hpp"
#include "runtime/text/tokenizer.hpp"

namespace greenroom::cli {
namespace {

using runtime::ChatTemplate;
using runtime::LoadedTemplate;
using runtime::TemplateInput;

struct TemplateCommand {
    runtime::Settings settings;
    SharedFlags shared;
    std::string file, messages, kwargs, now;
    std::string bos_text, eos_text;
    std::optional<std::string> bos, eos;  // the same where they were given
    bool no_generation_prompt = false, json_lines = false;
};

io::Result<LoadedTemplate> open_file(const std::string& path) {
    const auto text = read_input(path);
    if (!text) return text.error();
    auto parsed = ChatTemplate::parse(*text);
    if (!parsed) return io::Error{fmt::format("{}: {}", path, parsed.error().message)};
    return LoadedTemplate{std::move(*parsed), path, "", ""};
}

io::Result<LoadedTemplate> open_model(TemplateCommand& command) {
    if (const auto found = default_to_demo(command.settings); !found) return found.error();
    const auto files = io::open_model_files(command.settings.model.path);
    if (!files) return files.error();
    const auto tokenizer = runtime::load_tokenizer(*files);
    if (!tokenizer) return tokenizer.error();
    return runtime::load_chat_template(*files, **tokenizer);
}

// What a request says goes before what the flags say, field by field.
io::Result<TemplateInput> template_input(const TemplateInput& flags, const io::Json& request) {
    RequestFields fields(request);
    TemplateInput input = flags;
    input.messages = fields.value("messages");
    input.tools = fields.value("tools");
    input.documents = fields.value("documents");
    input.add_generation_prompt =
        fields.boolean("add_generation_prompt", flags.add_generation_prompt);
    if (request.contains("bos_token")) input.bos_token = fields.text("bos_token");
    if (request.contains("eos_token")) input.eos_token = fields.text("eos_token");
    if (const io::Json kwargs = fields.value("kwargs"); !kwargs.is_null()) input.kwargs = kwargs;
    const std::string now = fields.text("now");
    if (!fields.problem().empty()) return io::Error{fields.problem()};
    if (!now.empty()) {
        const auto seconds = parse_utc(now);
        if (!seconds) return io::Error{"now: " + seconds.error().message};
        input.now = *seconds;
    }
    return input;
}

io::Result<std::string> render(const ChatTemplate& chat_template,
                               const TemplateInput& flags,
                               const io::Json& request) {
    if (!request.is_object()) return io::Error{"expected an object with \"messages\""};
    const auto input = template_input(flags, request);
    if (!input) return input.error();
    auto rendered = chat_template.render(*input);
    if (!rendered) return rendered.error();
    return std::move(rendered->text);
}

// A file of messages: an array of them, or an object that also holds tools.
io::Result<io::Json> read_messages(const std::string& path) {
    const auto text = read_input(path);
    if (!text) return text.error();
    auto json = io::parse_json(*text, path == "-" ? "stdin" : path);
    if (!json || !json->is_array()) return json;
    return io::Json{{"messages", std::move(*json)}};
}

io::Result<TemplateInput> input_of_flags(const TemplateCommand& command) {
    TemplateInput input;
    input.add_generation_prompt = !command.no_generation_prompt;
    if (!command.kwargs.empty()) {
        auto kwargs = io::parse_json(command.kwargs, "--kwargs");
        if (!kwargs) return kwargs.error();
        if (!kwargs->is_object()) return io::Error{"--kwargs: expected a JSON object"};
        input.kwargs = std::move(*kwargs);
    }
    if (!command.now.empty()) {
        const auto now = parse_utc(command.now);
        if (!now) return io::Error{"--now: " + now.error().message};
        input.now = *now;
    }
    return input;
}

int render_once(const TemplateCommand& command,
                const ChatTemplate& chat_template,
                const TemplateInput& flags) {
    const auto request = read_messages(command.messages);
    if (!request) return fail("template", request.error().message);
    const auto text = render(chat_template, flags, *request);
    if (!text) return fail("template", text.error().message);
    if (command.shared.json) {
        print_json({{"text", *text}});
    } else {
        print(*text);
    }
    return kDone;
}

int work(TemplateCommand& command) {
    auto flags = input_of_flags(command);
    if (!flags) return fail("template", flags.error().message, kUsageError);
    const auto source = command.file.empty() ? open_model(command) : open_file(command.file);
    if (!source) return fail("template", source.error().message);
    flags->bos_token = command.bos.value_or(source->bos_token);
    flags->eos_token = command.eos.value_or(source->eos_token);
    if (!command.json_lines) return render_once(command, source->chat_template, *flags);
    return answer_lines([&](const io::Json& request) -> io::Result<io::Json> {
        auto text = render(source->chat_template, *flags, request);
        if (!text) return text.error();
        return io::Json{{"text", std::move(*text)}};
    });
}

}  // namespace

int render_template(CommandLine argv) {
    TemplateCommand command;
    Arguments arguments("template",
                        "[-m MODEL | --template-file FILE] --messages FILE",
                        "Renders a conversation with a chat template, exactly.");
    add_path_flags(arguments, command.settings, command.shared);
    arguments.add({"template-file", "FILE", "a template instead of the model's"}, &command.file);
    arguments.add({"messages", "FILE", "JSON: messages, or messages and tools"}, &command.messages);
    arguments.add({"kwargs", "JSON", "further variables of the template"}, &command.kwargs);
    arguments.add({"no-generation-prompt", "", "do not begin the model's reply"},
                  &command.no_generation_prompt);
    arguments.add({"bos-token", "TEXT", "what bos_token stands for", "the model's"},
                  &command.bos_text);
    arguments.add({"eos-token", "TEXT", "what eos_token stands for", "the model's"},
                  &command.eos_text);
    arguments.add({"now", "TIME", "2025-03-07T12:34:56 instead of the clock"}, &command.now);
    arguments.add({"jsonl", "", "a request per line on stdin, an answer per line"},
                  &command.json_lines);
    add_output_flags(arguments, command.shared);
    if (const auto ended = start_command(arguments, argv, command.settings, command.shared)) {
        return *ended;
    }
    if (command.messages.empty() && !command.json_lines) {
        return fail("template", "needs --messages FILE or --jsonl", kUsageError);
    }
    if (arguments.given("bos-token")) command.bos = command.bos_text;
    if (arguments.given("eos-token")) command.eos = command.eos_text;
    return work(command);
}

}  // namespace greenroom::cli
