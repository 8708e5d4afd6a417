#include "tests/support/gguf_bytes.hpp"

namespace greenroom::tests::gguf {

std::string text(std::string_view bytes, std::optional<std::uint64_t> length) {
    return le(length.value_or(bytes.size())).append(bytes);
}

std::string entry(std::string_view key, std::uint32_t type, std::string_view value) {
    return text(key).append(le(type)).append(value);
}

std::string text_entry(std::string_view key, std::string_view value) {
    return entry(key, kString, text(value));
}

std::string u32_entry(std::string_view key, std::uint32_t value) {
    return entry(key, kU32, le(value));
}

std::string array_entry(std::string_view key, const Array& array) {
    return entry(key, kArray, le(array.type) + le(array.count) + array.elements);
}

std::string texts_entry(std::string_view key, const std::vector<std::string>& values) {
    std::string elements;
    for (const std::string& value : values) elements += text(value);
    return array_entry(key, {kString, values.size(), elements});
}

std::string describe(const Tensor& tensor) {
    std::string out = text(tensor.name);
    out += le(tensor.n_dims.value_or(static_cast<std::uint32_t>(tensor.shape.size())));
    for (const std::uint64_t n : tensor.shape) out += le(n);
    return out + le(tensor.type) + le(tensor.offset);
}

std::string File::header() const {
    std::string out = magic + le(version);
    out += le(n_tensors.value_or(tensors.size()));
    out += le(n_metadata.value_or(metadata.size()));
    for (const std::string& part : metadata) out += part;
    for (const std::string& part : tensors) out += part;
    return out;
}

std::string File::bytes() const {
    std::string out = header();
    out.resize((out.size() + alignment - 1) / alignment * alignment);
    return out + data;
}

File sample() {
    File file;
    file.metadata = {
        text_entry("general.architecture", "llama"),
        u32_entry("general.alignment", 32),
        texts_entry("tokens", {"<s>", "", "a piece that is too long to lie in the string itself"}),
    };
    const std::string eight = le(1.5);
    constexpr std::uint64_t kSizes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    for (const std::uint32_t type :
         {kU8, kI8, kU16, kI16, kU32, kI32, kF32, kBool, kU64, kI64, kF64}) {
        const std::string value = type == kBool ? le(true) : eight.substr(8 - kSizes[type]);
        const std::string number = std::to_string(type);
        file.metadata.push_back(entry("value." + number, type, value));
        file.metadata.push_back(array_entry("array." + number, {type, 2, value + value}));
    }
    file.tensors = {
        describe({.name = "blk.0.ffn_norm.weight", .shape = {8}}),
        describe(
            {.name = "blk.0.ffn_up_exps.weight", .shape = {32, 2, 2}, .type = 2, .offset = 32})};
    for (int i = 0; i < 32 + 4 * 18; ++i) file.data += static_cast<char>(i + 1);
    return file;
}

}  // namespace greenroom::tests::gguf
