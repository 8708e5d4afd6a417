#include "runtime/text/jinja/values/text.hpp"

#include <algorithm>
#include <limits>

namespace greenroom::runtime::jinja {
namespace {

// Past this many the last one grows over what lies between: more is taken for input, never less.
constexpr std::size_t kMostRanges = 1 << 16;

void mark(std::vector<ByteRange>& ranges, ByteRange range) {
    if (range.begin == range.end) return;
    const bool touches = !ranges.empty() && ranges.back().end == range.begin;
    if (touches || ranges.size() == kMostRanges) {
        ranges.back().end = range.end;
    } else {
        ranges.push_back(range);
    }
}

}  // namespace

Text::Text(std::string all, Origin origin) : bytes(std::move(all)) {
    if (origin == Origin::input) mark(input, {0, bytes.size()});
}

void Text::append(std::string_view more, Origin origin) {
    if (origin == Origin::input) mark(input, {bytes.size(), bytes.size() + more.size()});
    bytes += more;
}

void Text::append(const Text& from, ByteRange part) {
    const std::size_t start = bytes.size();
    const auto ends_later = [&](const ByteRange& range) { return range.end <= part.begin; };
    auto range = std::partition_point(from.input.begin(), from.input.end(), ends_later);
    for (; range != from.input.end() && range->begin < part.end; ++range) {
        const std::size_t begin = std::max(range->begin, part.begin) - part.begin;
        const std::size_t end = std::min(range->end, part.end) - part.begin;
        mark(input, {start + begin, start + end});
    }
    bytes.append(from.bytes, part.begin, part.end - part.begin);
}

Text Text::slice(ByteRange part) const {
    Text out;
    out.append(*this, part);
    return out;
}

bool TextBuilder::has_room(std::uint64_t bytes) {
    return meter_.fits(text_.size() + bytes) && meter_.spend_bytes(bytes);
}

void TextBuilder::append(std::string_view more, Origin origin) {
    if (has_room(more.size())) text_.append(more, origin);
}

void TextBuilder::append(const Text& from) {
    append(from, {0, from.size()});
}

void TextBuilder::append(const Text& from, ByteRange part) {
    if (has_room(part.end - part.begin)) text_.append(from, part);
}

void TextBuilder::append_repeated(std::string_view unit, std::uint64_t times) {
    if (unit.empty() || times == 0) return;
    if (times > std::numeric_limits<std::uint64_t>::max() / 2 / unit.size()) {
        times = std::numeric_limits<std::uint64_t>::max() / 2 / unit.size();
    }
    if (!has_room(unit.size() * times)) return;
    for (; times > 0; --times) text_.append(unit, Origin::source);
}

}  // namespace greenroom::runtime::jinja
