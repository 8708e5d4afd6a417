// Reads the reference cases of the tokenizers: lines of JSON, and bytes in base64.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "io/json.hpp"
#include "runtime/text/tokenizer.hpp"

namespace greenroom::tests {

inline std::string from_base64(std::string_view text) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    std::uint32_t bits = 0;
    int n_bits = 0;
    for (const char c : text) {
        if (c == '=') break;
        bits = bits << 6 | static_cast<std::uint32_t>(kDigits.find(c));
        n_bits += 6;
        if (n_bits < 8) continue;
        n_bits -= 8;
        bytes += static_cast<char>(bits >> n_bits & 0xFF);
    }
    return bytes;
}

// The text under `name`, or under `name` + "_b64" where it is not UTF-8.
inline std::string text_of(const io::Json& line, const std::string& name) {
    const auto plain = line.find(name);
    if (plain != line.end()) return plain->get<std::string>();
    const std::string encoded = name == "text" ? "bytes_b64" : name + "_b64";
    return from_base64(line.at(encoded).get<std::string>());
}

inline std::vector<io::Json> read_lines(const std::filesystem::path& path) {
    std::vector<io::Json> lines;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) lines.push_back(io::Json::parse(line));
    return lines;
}

inline std::vector<runtime::TokenId> ids_of(const io::Json& line) {
    return line.at("ids").get<std::vector<runtime::TokenId>>();
}

// How the makers of the cases encode: BOS also before a text that brings its own.
inline runtime::EncodeOptions reference_options(const io::Json& line) {
    return {.add_special = line.at("add_special").get<bool>(),
            .repeat_bos = true,
            .parse_special = line.at("parse_special").get<bool>()};
}

}  // namespace greenroom::tests
