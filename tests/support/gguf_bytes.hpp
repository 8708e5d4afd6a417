// Writes GGUF files in memory, true ones and lies: every part is a string of bytes, so that a test
// can replace any of them. Checks nothing.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace greenroom::tests::gguf {

enum ValueType : std::uint32_t {
    kU8,
    kI8,
    kU16,
    kI16,
    kU32,
    kI32,
    kF32,
    kBool,
    kString,
    kArray,
    kU64,
    kI64,
    kF64
};

// A number as the file holds it.
template <class T>
requires std::is_arithmetic_v<T> || std::is_enum_v<T> std::string le(T value) {
    return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

// A string: its length, or a lie about it, then its bytes.
std::string text(std::string_view bytes, std::optional<std::uint64_t> length = {});

// A metadata entry. `value` is what follows the type.
std::string entry(std::string_view key, std::uint32_t type, std::string_view value);
std::string text_entry(std::string_view key, std::string_view value);
std::string u32_entry(std::string_view key, std::uint32_t value);

// An entry that holds an array. `elements` is what follows the count.
struct Array {
    std::uint32_t type = kU8;
    std::uint64_t count = 0;
    std::string elements;
};
std::string array_entry(std::string_view key, const Array& array);
std::string texts_entry(std::string_view key, const std::vector<std::string>& values);

// A tensor's description.
struct Tensor {
    std::string name = "a";
    std::vector<std::uint64_t> shape = {8};
    std::uint32_t type = 0;  // F32
    std::uint64_t offset = 0;
    std::optional<std::uint32_t> n_dims = {};  // instead of the shape's
};
std::string describe(const Tensor& tensor);

struct File {
    std::string magic = "GGUF";
    std::uint32_t version = 3;
    std::vector<std::string> metadata = {};        // of entry() and its like
    std::vector<std::string> tensors = {};         // of describe()
    std::optional<std::uint64_t> n_metadata = {};  // instead of metadata.size()
    std::optional<std::uint64_t> n_tensors = {};   // instead of tensors.size()
    std::uint64_t alignment = 32;                  // of the data section
    std::string data = {};

    std::string header() const;  // up to the padding before the data
    std::string bytes() const;
};

// Two tensors, one value of every type and an array of each: 112 bytes of data.
File sample();

}  // namespace greenroom::tests::gguf
