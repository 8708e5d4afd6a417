#include "tests/support/screen.hpp"

#include <algorithm>
#include <utf8proc.h>

namespace greenroom::tests {
namespace {

// The first number of a control sequence's parameters; `absent` when there is none.
int number(std::string_view parameters, int absent) {
    int value = 0;
    for (const char c : parameters) {
        if (c < '0' || c > '9') break;
        value = 10 * value + (c - '0');
    }
    return value == 0 ? absent : value;
}

// The bytes of the UTF-8 character that begins with `first`.
std::size_t character_bytes(char first) {
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

void append_utf8(char32_t c, std::string& out) {
    utf8proc_uint8_t bytes[4];
    const auto n = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes);
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(n));
}

constexpr char32_t kCovered = 0;  // the second half of a wide character

}  // namespace

std::u32string& Screen::row() {
    const std::size_t index = top_ + static_cast<std::size_t>(row_);
    if (lines_.size() <= index) lines_.resize(index + 1);
    return lines_[index];
}

void Screen::line_feed() {
    if (row_ + 1 < rows_) {
        ++row_;
    } else {
        ++top_;
    }
    row();
}

void Screen::put(char32_t c) {
    const int width = utf8proc_charwidth(static_cast<utf8proc_int32_t>(c));
    if (width == 0) return;
    if (wrap_pending_ || column_ + width > columns_) {
        column_ = 0;
        line_feed();
    }
    std::u32string& line = row();
    const auto at = static_cast<std::size_t>(column_);
    if (line.size() < at + static_cast<std::size_t>(width)) {
        line.resize(at + static_cast<std::size_t>(width), U' ');
    }
    line[at] = c;
    if (width == 2) line[at + 1] = kCovered;
    column_ += width;
    wrap_pending_ = column_ >= columns_;
    if (wrap_pending_) column_ = columns_ - 1;
}

void Screen::control(char final_byte, std::string_view parameters) {
    wrap_pending_ = false;
    std::u32string& line = row();
    const auto at = std::min(static_cast<std::size_t>(column_), line.size());
    const int n = number(parameters, 1);
    switch (final_byte) {
        case 'A':
            row_ = std::max(row_ - n, 0);
            break;
        case 'B':
            row_ = std::min(row_ + n, rows_ - 1);
            break;
        case 'C':
            column_ = std::min(column_ + n, columns_ - 1);
            break;
        case 'D':
            column_ = std::max(column_ - n, 0);
            break;
        case 'G':
            column_ = std::min(n, columns_) - 1;
            break;
        case 'K':
            line.resize(at);
            break;
        case 'J':
            line.resize(at);
            lines_.resize(top_ + static_cast<std::size_t>(row_) + 1);
            break;
        case 'P':
            line.erase(at, static_cast<std::size_t>(n));
            break;
        case '@':
            line.insert(at, static_cast<std::size_t>(n), U' ');
            break;
        case 'm':
        case 'h':
        case 'l':
            break;  // colours and modes
        default:
            ++unknown_;
    }
}

void Screen::write(std::string_view bytes) {
    pending_ += bytes;
    std::string_view left = pending_;
    while (!left.empty()) {
        std::size_t used = 1;
        if (left[0] == '\x1b') {
            if (left.size() < 2) break;
            if (left[1] == '[') {
                const std::size_t end = left.find_first_not_of("0123456789;?", 2);
                if (end == std::string_view::npos) break;
                control(left[end], left.substr(2, end - 2));
                used = end + 1;
            } else {
                ++unknown_;
                used = 2;
            }
        } else if (left[0] == '\n') {
            wrap_pending_ = false;
            line_feed();
        } else if (left[0] == '\r') {
            wrap_pending_ = false;
            column_ = 0;
        } else if (left[0] == '\b') {
            wrap_pending_ = false;
            column_ = std::max(column_ - 1, 0);
        } else if (left[0] != '\a') {
            used = character_bytes(left[0]);
            if (left.size() < used) break;
            utf8proc_int32_t c = 0;
            utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(left.data()),
                             static_cast<utf8proc_ssize_t>(used),
                             &c);
            put(static_cast<char32_t>(c));
        }
        left.remove_prefix(used);
    }
    pending_ = std::string(left);
}

std::string Screen::text() const {
    std::string out;
    for (const std::u32string& line : lines_) {
        std::string shown;
        for (const char32_t c : line) {
            if (c != kCovered) append_utf8(c, shown);
        }
        shown.erase(shown.find_last_not_of(' ') + 1);
        out += shown + "\n";
    }
    while (out.ends_with("\n\n")) out.pop_back();
    return out;
}

}  // namespace greenroom::tests
