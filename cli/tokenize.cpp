#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <string>
#include <vector>

#include "cli/base64.hpp"
#include "cli/commands.hpp"
#include "cli/demo_model.hpp"
#include "cli/input.hpp"
#include "cli/json_lines.hpp"
#include "cli/output.hpp"
#include "cli/shared_flags.hpp"
#include "runtime/text/tokenizer.hpp"

namespace greenroom::cli {
namespace {

using runtime::Tokenizer;

struct TokenizeCommand {
    runtime::Settings settings;
    SharedFlags shared;
    std::string text = "-", pre, decode;
    bool no_bos = false, parse_special = false, json_lines = false;
    bool decodes = false;  // --decode was given
};

io::Json pieces_json(const Tokenizer& tokenizer, const std::vector<runtime::TokenId>& ids) {
    io::Json out = io::Json::array();
    for (const runtime::TokenId id : ids) out.push_back(tokenizer.piece(id, true));
    return out;
}

// What stands in the text is what comes out, even a BOS behind the one that is added.
runtime::EncodeOptions plain_options(bool add_special, bool parse_special) {
    return {.add_special = add_special, .repeat_bos = true, .parse_special = parse_special};
}

// {"text" or "bytes_b64", "add_special", "parse_special"} -> {"ids"}
io::Result<io::Json> answer_encode(const TokenizeCommand& command,
                                   const Tokenizer& tokenizer,
                                   const io::Json& request) {
    RequestFields fields(request);
    const bool add_special = fields.boolean("add_special", !command.no_bos);
    const bool parse_special = fields.boolean("parse_special", command.parse_special);
    std::string text = fields.text("text");
    const std::string base64 = fields.text("bytes_b64");
    if (!fields.problem().empty()) return io::Error{fields.problem()};
    if (!base64.empty()) {
        auto bytes = from_base64(base64);
        if (!bytes) return io::Error{"bytes_b64: not base64"};
        text = std::move(*bytes);
    }
    const auto ids = tokenizer.encode(text, plain_options(add_special, parse_special));
    return io::Json{{"ids", ids}};
}

// {"ids", "special"} -> {"bytes_b64", "pieces_b64"}
io::Result<io::Json> answer_decode(const Tokenizer& tokenizer, const io::Json& request) {
    RequestFields fields(request);
    const bool special = fields.boolean("special", true);
    const std::vector<std::int32_t> ids = fields.ids("ids");
    if (!fields.problem().empty()) return io::Error{fields.problem()};
    io::Json pieces = io::Json::array();
    for (const runtime::TokenId id : ids) pieces.push_back(to_base64(tokenizer.piece(id, special)));
    return io::Json{{"bytes_b64", to_base64(tokenizer.decode(ids, special))},
                    {"pieces_b64", std::move(pieces)}};
}

int encode_once(const TokenizeCommand& command, const Tokenizer& tokenizer) {
    const auto text = command.text == "-" ? read_input("-") : io::Result<std::string>(command.text);
    if (!text) return fail("tokenize", text.error().message);
    const auto ids = tokenizer.encode(*text, plain_options(!command.no_bos, command.parse_special));
    if (command.shared.json) {
        print_json({{"ids", ids}, {"pieces", pieces_json(tokenizer, ids)}});
    } else {
        print(fmt::format("{}\n", fmt::join(ids, ",")));
    }
    return kDone;
}

int decode_once(const TokenizeCommand& command, const Tokenizer& tokenizer) {
    const auto ids = parse_ids(command.decode);
    if (!ids) return fail("tokenize", "--decode: " + ids.error().message, kUsageError);
    const std::string text = tokenizer.decode(*ids, true);
    if (command.shared.json) {
        print_json({{"text", text},
                    {"bytes_b64", to_base64(text)},
                    {"pieces", pieces_json(tokenizer, *ids)}});
    } else {
        print(text + "\n");
    }
    return kDone;
}

int work(TokenizeCommand& command) {
    if (const auto found = default_to_demo(command.settings); !found) {
        return fail("tokenize", found.error().message);
    }
    const auto tokenizer =
        runtime::load_tokenizer(std::filesystem::path(command.settings.model.path), command.pre);
    if (!tokenizer) return fail("tokenize", tokenizer.error().message);
    for (const std::string& warning : (*tokenizer)->warnings()) note(command.shared, warning);
    if (command.json_lines) {
        return answer_lines([&](const io::Json& request) {
            return command.decodes ? answer_decode(**tokenizer, request)
                                   : answer_encode(command, **tokenizer, request);
        });
    }
    return command.decodes ? decode_once(command, **tokenizer) : encode_once(command, **tokenizer);
}

// --decode needs no ids beside --jsonl, where requests bring them.
std::vector<const char*> with_optional_ids(CommandLine argv) {
    std::vector<const char*> out(argv.begin(), argv.end());
    for (std::size_t i = 0; i < out.size(); ++i) {
        const bool alone = i + 1 == out.size() || std::string_view(out[i + 1]).starts_with("--");
        if (alone && std::string_view(out[i]) == "--decode") out[i] = "--decode=";
    }
    return out;
}

}  // namespace

int tokenize(CommandLine argv) {
    TokenizeCommand command;
    Arguments arguments("tokenize",
                        "[-m MODEL] [-p TEXT] [flags]",
                        "Text to token ids and back. MODEL may also be a vocabulary-only GGUF, a\n"
                        "tokenizer.json or a tokenizer.model.");
    add_path_flags(arguments, command.settings, command.shared);
    arguments.add({"p,prompt", "TEXT", "the text; -: standard input"}, &command.text);
    arguments.add({"decode", "1,2,3", "ids to text instead"}, &command.decode);
    arguments.add({"pre", "NAME", "another pre-tokenizer", "as the file says"}, &command.pre);
    arguments.add({"no-bos", "", "add no beginning and no end of sequence"}, &command.no_bos);
    arguments.add({"parse-special", "", "control tokens in the text count as such"},
                  &command.parse_special);
    arguments.add({"jsonl", "", "a request per line on stdin, an answer per line"},
                  &command.json_lines);
    add_output_flags(arguments, command.shared);
    if (const auto ended =
            start_command(arguments, with_optional_ids(argv), command.settings, command.shared)) {
        return *ended;
    }
    command.decodes = arguments.given("decode");
    return work(command);
}

}  // namespace greenroom::cli
