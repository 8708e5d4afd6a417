// The key-value section of a GGUF file. Knows types and names, not what they mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "io/result.hpp"

namespace greenroom::io {

// Arrays of booleans are kept as u8.
using MetadataValue = std::variant<bool,
                                   std::uint64_t,
                                   std::int64_t,
                                   double,
                                   std::string,
                                   std::vector<std::uint64_t>,
                                   std::vector<std::int64_t>,
                                   std::vector<double>,
                                   std::vector<float>,
                                   std::vector<std::int32_t>,
                                   std::vector<std::uint8_t>,
                                   std::vector<std::string>>;

// Every getter returns an Error naming file, key, and the type found when the type does not fit
// (an unsigned key that holds a negative number, a string where a number is due, …), and an empty
// optional when the key is absent. Integers of any width convert as long as the value fits; floats
// accept f32 and f64. Pointers stay valid as long as the Metadata lives and is not moved from.
class Metadata {
 public:
    Metadata() = default;
    explicit Metadata(std::string file_name) : file_(std::move(file_name)) {}

    // False when the key is there already.
    bool insert(std::string key, MetadataValue value);
    const MetadataValue* find(std::string_view key) const;
    std::size_t size() const { return values_.size(); }
    const std::string& file_name() const { return file_; }
    const std::vector<std::string>& keys() const { return order_; }  // as in the file

    Result<std::optional<std::uint64_t>> unsigned_integer(std::string_view key) const;
    Result<std::optional<double>> number(std::string_view key) const;  // integers convert
    Result<std::optional<bool>> boolean(std::string_view key) const;
    Result<const std::string*> text(std::string_view key) const;  // null when absent
    Result<const std::vector<std::string>*> texts(std::string_view key) const;
    // Arrays of any numeric width, converted; empty optional when absent.
    Result<std::optional<std::vector<float>>> floats(std::string_view key) const;
    Result<std::optional<std::vector<std::int64_t>>> integers(std::string_view key) const;

 private:
    Error wrong_type(std::string_view key, std::string_view expected) const;

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const {
            return std::hash<std::string_view>{}(s);
        }
    };
    std::string file_;
    std::vector<std::string> order_;
    std::unordered_map<std::string, MetadataValue, Hash, std::equal_to<>> values_;
};

}  // namespace greenroom::io
