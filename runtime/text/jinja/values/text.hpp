// Text that remembers which of its bytes came from the conversation. Knows no values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/text/byte_range.hpp"
#include "runtime/text/jinja/values/meter.hpp"

namespace greenroom::runtime::jinja {

enum class Origin : std::uint8_t { source, input };  // the template's, or the conversation's

inline Origin either(Origin a, Origin b) {
    return a == Origin::input ? a : b;
}

struct Text {
    std::string bytes;
    std::vector<ByteRange> input;  // ascending, disjoint, not touching, not empty

    Text() = default;
    explicit Text(std::string all, Origin origin = Origin::source);
    bool operator==(const Text& other) const { return bytes == other.bytes; }

    std::size_t size() const { return bytes.size(); }
    std::string_view view() const { return bytes; }
    // input when any byte is.
    Origin origin() const { return input.empty() ? Origin::source : Origin::input; }
    void append(std::string_view more, Origin origin);
    void append(const Text& from, ByteRange part);  // with its marks
    Text slice(ByteRange part) const;
    // The stretches of one origin, in order: visit(bytes, origin).
    template <class Visit>
    void each_run(Visit visit) const;
};

// Builds a text within the limits of a meter; past them it takes nothing more.
class TextBuilder {
 public:
    explicit TextBuilder(Meter& meter) : meter_(meter) {}

    void append(std::string_view more, Origin origin = Origin::source);
    void append(const Text& from);
    void append(const Text& from, ByteRange part);
    void append_repeated(std::string_view unit, std::uint64_t times);
    std::size_t size() const { return text_.size(); }
    Text take() { return std::move(text_); }

 private:
    bool has_room(std::uint64_t bytes);

    Meter& meter_;
    Text text_;
};

template <class Visit>
void Text::each_run(Visit visit) const {
    std::size_t done = 0;
    for (const ByteRange& range : input) {
        if (range.begin > done) visit(view().substr(done, range.begin - done), Origin::source);
        visit(view().substr(range.begin, range.end - range.begin), Origin::input);
        done = range.end;
    }
    if (done < size()) visit(view().substr(done), Origin::source);
}

}  // namespace greenroom::runtime::jinja
