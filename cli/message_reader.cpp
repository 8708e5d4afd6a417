#include "cli/message_reader.hpp"

#include "cli/input.hpp"

namespace greenroom::cli {
namespace {

constexpr std::string_view kPrompt = "> ";
constexpr std::string_view kContinued = "... ";
constexpr std::string_view kQuotes = "\"\"\"";

// The rest of a message that `first` began, up to the closing quotes or the end of the input.
Message read_quoted(LineReader& lines, std::string first) {
    std::string text = first.substr(kQuotes.size());
    while (!text.ends_with(kQuotes)) {
        TypedLine line = lines.read(kContinued);
        if (line.end == TypedLine::End::interrupted) return {line.end, "", false, true};
        if (line.end == TypedLine::End::input) return {TypedLine::End::line, valid_utf8(text)};
        text += (text.empty() ? "" : "\n") + line.text;
    }
    text.resize(text.size() - kQuotes.size());
    if (text.ends_with('\n')) text.pop_back();
    return {TypedLine::End::line, valid_utf8(text)};
}

}  // namespace

Message read_message(LineReader& lines) {
    TypedLine line = lines.read(kPrompt);
    if (line.end != TypedLine::End::line) return {line.end, "", false, line.dropped_text};
    Message message;
    if (line.text.starts_with(kQuotes)) {
        message = read_quoted(lines, line.text);
    } else {
        message.text = valid_utf8(line.text);
        message.is_command =
            message.text.starts_with('/') && message.text.find('\n') == std::string::npos;
    }
    if (!message.text.empty()) lines.remember(message.text);
    return message;
}

}  // namespace greenroom::cli
