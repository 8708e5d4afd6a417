#include "runtime/text/pretokenize/character_set.hpp"

namespace greenroom::runtime {
namespace {

constexpr CharacterSet<22> kHan(
    "\u2E80-\u2E99\u2E9B-\u2EF3\u2F00-\u2FD5\u3005\u3007\u3021-\u3029\u3038-\u303B\u3400-\u4DBF"
    "\u4E00-\u9FFF\uF900-\uFA6D\uFA70-\uFAD9\U00016FE2-\U00016FE3\U00016FF0-\U00016FF1"
    "\U00020000-\U0002A6DF\U0002A700-\U0002B739\U0002B740-\U0002B81D\U0002B820-\U0002CEA1"
    "\U0002CEB0-\U0002EBE0\U0002F800-\U0002FA1D\U00030000-\U0003134A\U00031350-\U000323AF");

}  // namespace

bool is_han(char32_t value) {
    return value >= 0x2E80 && kHan.contains(value);
}

}  // namespace greenroom::runtime
