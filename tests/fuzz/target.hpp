// What every fuzz target offers, and how it says that a claim does not hold.
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

// The target that a program was built for (GREENROOM_FUZZ_TARGET is a name such as fuzz_gguf). Must
// return whatever the bytes are; a crash, a hang or a failed check is a finding.
void GREENROOM_FUZZ_TARGET(std::span<const std::byte> bytes);

namespace greenroom::fuzz {

// Ends the program, in every build, when `holds` is false.
inline void check(bool holds, const char* claim) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", claim);
    std::abort();
}

inline std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// What every message of an error must be: one line that can be shown on a terminal.
inline void check_message(std::string_view message) {
    check(!message.empty(), "an error has a message");
    for (const char c : message) {
        check(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "an error is one printable line");
    }
}

}  // namespace greenroom::fuzz
