// Tokenizer files of a few tokens, each part of which a test can replace.
#pragma once

#include <bit>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "io/json.hpp"
#include "io/metadata.hpp"

namespace greenroom::tests {

// The metadata of a GGUF file by key.
class SmallGguf {
 public:
    static SmallGguf spm() {
        SmallGguf file;
        file["model"] = std::string("llama");
        file["tokens"] = std::vector<std::string>{"<unk>", "<s>", "</s>", "<0x0A>", "▁", "a", "▁a"};
        file["scores"] = std::vector<float>{0, 0, 0, 0, -2, -1, 0};
        file["token_type"] = std::vector<std::int32_t>{2, 3, 3, 6, 1, 1, 1};
        return file;
    }
    static SmallGguf byte_bpe() {
        SmallGguf file;
        file["model"] = std::string("gpt2");
        file["pre"] = std::string("qwen2");
        file["tokens"] = std::vector<std::string>{"a", "b", "ab", "Ġ", "Ġab", "<|im_end|>"};
        file["token_type"] = std::vector<std::int32_t>{1, 1, 1, 1, 1, 3};
        file["merges"] = std::vector<std::string>{"a b", "Ġ ab"};
        return file;
    }

    // tokenizer.ggml.NAME
    io::MetadataValue& operator[](const std::string& name) {
        return values_["tokenizer.ggml." + name];
    }
    // Any key.
    io::MetadataValue& at_key(const std::string& key) { return values_[key]; }
    void erase(const std::string& name) { values_.erase("tokenizer.ggml." + name); }

    io::Metadata metadata() const {
        io::Metadata metadata("x.gguf");
        for (const auto& [key, value] : values_) metadata.insert(key, value);
        return metadata;
    }

 private:
    std::map<std::string, io::MetadataValue> values_;
};

inline io::Json json_token(int id, std::string_view content, bool special = true) {
    return {{"id", id},
            {"content", content},
            {"single_word", false},
            {"lstrip", false},
            {"rstrip", false},
            {"normalized", false},
            {"special", special}};
}

// A byte-level tokenizer.json.
inline io::Json small_json() {
    io::Json json;
    json["added_tokens"] = {json_token(5, "<|im_end|>"), json_token(6, "<think>", false)};
    json["normalizer"] = nullptr;
    json["pre_tokenizer"] = {
        {"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}};
    json["post_processor"] = nullptr;
    json["decoder"] = {{"type", "ByteLevel"}};
    json["model"] = {{"type", "BPE"},
                     {"vocab", {{"a", 0}, {"b", 1}, {"ab", 2}, {"Ġ", 3}, {"Ġab", 4}}},
                     {"merges", {"a b", "Ġ ab"}}};
    return json;
}

// A tokenizer.json that marks spaces.
inline io::Json small_marking_json() {
    io::Json json = small_json();
    const io::Json prepend = {{"type", "Prepend"}, {"prepend", "▁"}};
    const io::Json replace = {
        {"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", "▁"}};
    json["normalizer"] = {{"type", "Sequence"}, {"normalizers", {prepend, replace}}};
    json["pre_tokenizer"] = nullptr;
    json["decoder"] = nullptr;
    json["model"] = {{"type", "BPE"},
                     {"unk_token", "<unk>"},
                     {"byte_fallback", true},
                     {"vocab", {{"<unk>", 0}, {"<0x0A>", 1}, {"▁", 2}, {"a", 3}, {"▁a", 4}}},
                     {"merges", io::Json::array({io::Json::array({"▁", "a"})})}};
    return json;
}

// A field of the protobuf wire format.
inline std::string wire_number(unsigned field, std::uint64_t value) {
    std::string bytes(1, static_cast<char>(field << 3));
    if (field > 15)
        bytes = {static_cast<char>((field << 3 & 0x7F) | 0x80), static_cast<char>(field >> 4)};
    for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
    return bytes += static_cast<char>(value);
}

inline std::string wire_bytes(unsigned field, std::string_view value) {
    std::string bytes = wire_number(field, value.size());
    bytes[0] = static_cast<char>(bytes[0] | 2);
    return bytes.append(value);
}

inline std::string wire_piece(std::string_view text, float score, std::uint64_t type = 1) {
    const auto bits = std::bit_cast<std::uint32_t>(score);
    std::string piece = wire_bytes(1, text) + '\x15';  // field 2 of four bytes
    for (int i = 0; i < 4; ++i) piece += static_cast<char>(bits >> 8 * i & 0xFF);
    return wire_bytes(1, piece + wire_number(3, type));
}

// A tokenizer.model in its three parts.
struct SmallModel {
    std::string pieces = wire_piece("<unk>", 0, 2) + wire_piece("<s>", 0, 3) +
                         wire_piece("</s>", 0, 3) + wire_piece("<0x0A>", 0, 6) +
                         wire_piece("▁", -2) + wire_piece("a", -1) + wire_piece("▁a", 0);
    std::string trainer = wire_number(3, 2);
    std::string normalizer = wire_number(4, 0);

    std::string bytes() const {
        return pieces + wire_bytes(2, trainer) + wire_bytes(3, normalizer);
    }
};

}  // namespace greenroom::tests
