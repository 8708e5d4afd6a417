#include "cli/input.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <limits>

#include "io/file.hpp"
#include "io/utf8.hpp"
#include "runtime/setting_value.hpp"

namespace greenroom::cli {
namespace {

constexpr std::uint64_t kMostBytes = 1ull << 30;

io::Result<std::string> read_all(std::FILE* from) {
    std::string out;
    std::array<char, 65536> piece;
    std::size_t n = 0;
    while ((n = std::fread(piece.data(), 1, piece.size(), from)) > 0) {
        out.append(piece.data(), n);
        if (out.size() > kMostBytes) return io::Error{"stdin: more than 1 GiB"};
    }
    if (std::ferror(from) != 0) {
        return io::Error{fmt::format("stdin: {}", std::strerror(errno))};
    }
    return out;
}

std::string_view trim(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\n')) text.remove_suffix(1);
    return text;
}

}  // namespace

io::Result<std::string> read_input(const std::string& path) {
    if (path == "-") return read_all(stdin);
    return io::read_text_file(path, kMostBytes);
}

std::optional<std::string> read_input_line() {
    std::string line;
    int c = 0;  // character by character: fgets would lose what stands behind a NUL
    while ((c = getc_unlocked(stdin)) != EOF && c != '\n') line += static_cast<char>(c);
    if (c == EOF && line.empty()) return std::nullopt;
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

io::Result<std::vector<std::int32_t>> parse_ids(std::string_view text) {
    std::vector<std::int32_t> out;
    std::string_view left = trim(text);
    while (!left.empty()) {
        const std::size_t comma = left.find(',');
        const std::string_view one = trim(left.substr(0, comma));
        const auto id = runtime::parse_integer(one);
        if (!id || *id < 0 || *id > std::numeric_limits<std::int32_t>::max()) {
            return io::Error{
                fmt::format("expected token ids as in 1,2,3, got \"{}\"", io::printable(one))};
        }
        out.push_back(static_cast<std::int32_t>(*id));
        left = comma == std::string_view::npos ? "" : left.substr(comma + 1);
    }
    return out;
}

std::string valid_utf8(std::string_view text) {
    if (io::is_utf8(text)) return std::string(text);
    std::string out;
    while (!text.empty()) {
        const auto point = io::first_code_point(text);
        out += point ? text.substr(0, point->bytes) : "\uFFFD";
        text.remove_prefix(point ? point->bytes : 1);
    }
    return out;
}

}  // namespace greenroom::cli
