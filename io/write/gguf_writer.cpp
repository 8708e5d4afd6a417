#include "io/write/gguf_writer.hpp"

#include <array>
#include <bit>
#include <fmt/format.h>
#include <limits>
#include <type_traits>
#include <utility>

#include "io/file.hpp"
#include "io/gguf/value_type.hpp"

namespace greenroom::io {
namespace {

using gguf::ValueType;
using enum gguf::ValueType;

static_assert(std::endian::native == std::endian::little, "GGUF files are little-endian");

constexpr std::uint64_t kAlignment = 32;  // the format's default

std::uint64_t padding_after(std::uint64_t bytes) {
    return (kAlignment - bytes % kAlignment) % kAlignment;
}

// The header, growing.
class HeaderBytes {
 public:
    template <class T>
    void put(T value) {
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void put_text(std::string_view text) {
        put(std::uint64_t{text.size()});
        bytes_.append(text);
    }
    void put_entry(std::string_view key, const MetadataValue& value) {
        put_text(key);
        std::visit([&](const auto& held) { put_value(held); }, value);
    }
    void pad() { bytes_.append(padding_after(bytes_.size()), '\0'); }
    const std::string& bytes() const { return bytes_; }

 private:
    template <class T>
    void put_typed(ValueType type, T value) {
        put(type);
        put(value);
    }
    template <class T>
    void put_array(ValueType type, const std::vector<T>& values) {
        put(kArray);
        put(type);
        put(std::uint64_t{values.size()});
        bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
    }

    void put_value(bool value) { put_typed(kBool, std::uint8_t{value}); }
    void put_value(std::uint64_t value) {
        if (std::in_range<std::uint32_t>(value)) {
            put_typed(kU32, static_cast<std::uint32_t>(value));
        } else {
            put_typed(kU64, value);
        }
    }
    void put_value(std::int64_t value) {
        if (std::in_range<std::int32_t>(value)) {
            put_typed(kI32, static_cast<std::int32_t>(value));
        } else {
            put_typed(kI64, value);
        }
    }
    void put_value(double value) {
        if (static_cast<double>(static_cast<float>(value)) == value) {
            put_typed(kF32, static_cast<float>(value));
        } else {
            put_typed(kF64, value);
        }
    }
    void put_value(const std::string& value) {
        put(kString);
        put_text(value);
    }
    void put_value(const std::vector<std::uint64_t>& values) { put_array(kU64, values); }
    void put_value(const std::vector<std::int64_t>& values) { put_array(kI64, values); }
    void put_value(const std::vector<double>& values) { put_array(kF64, values); }
    void put_value(const std::vector<float>& values) { put_array(kF32, values); }
    void put_value(const std::vector<std::int32_t>& values) { put_array(kI32, values); }
    void put_value(const std::vector<std::uint8_t>& values) { put_array(kU8, values); }
    void put_value(const std::vector<std::string>& values) {
        put(kArray);
        put(kString);
        put(std::uint64_t{values.size()});
        for (const std::string& value : values) put_text(value);
    }

    std::string bytes_;
};

std::string header_of(const Metadata& metadata, std::span<const TensorPlan> tensors) {
    HeaderBytes header;
    for (const char letter : std::string_view("GGUF")) header.put(letter);
    header.put(std::uint32_t{3});
    header.put(std::uint64_t{tensors.size()});
    header.put(std::uint64_t{metadata.size()});
    for (const std::string& key : metadata.keys()) header.put_entry(key, *metadata.find(key));
    std::uint64_t offset = 0;
    for (const TensorPlan& tensor : tensors) {
        header.put_text(tensor.name);
        header.put(static_cast<std::uint32_t>(tensor.shape.size()));
        for (const std::uint64_t extent : tensor.shape) header.put(extent);
        header.put(tensor.type);
        header.put(offset);
        offset += tensor.bytes() + padding_after(tensor.bytes());
    }
    header.pad();
    return header.bytes();
}

}  // namespace

std::uint64_t TensorPlan::bytes() const {
    std::uint64_t elements = 1;
    for (const std::uint64_t extent : shape) elements *= extent;
    const ElementFormat format = element_format(type);
    return elements / format.block_elements * format.block_bytes;
}

GgufWriter::GgufWriter(Draft draft, std::span<const TensorPlan> tensors)
    : draft_(std::move(draft)) {
    for (const TensorPlan& tensor : tensors) sizes_.push_back(tensor.bytes());
}

Result<GgufWriter> GgufWriter::create(const std::filesystem::path& path,
                                      const Metadata& metadata,
                                      std::span<const TensorPlan> tensors) {
    if (metadata.find("general.alignment") != nullptr) {
        return Error{
            fmt::format("{}: tensors are aligned to {} bytes, not as general.alignment says",
                        printable_path(path),
                        kAlignment)};
    }
    Result<Draft> draft = Draft::create(path);
    if (!draft) return draft.error();
    const std::string header = header_of(metadata, tensors);
    GgufWriter writer(*std::move(draft), tensors);
    std::uint64_t file_bytes = header.size();
    for (const std::uint64_t size : writer.sizes_) file_bytes += size + padding_after(size);
    if (auto ok = writer.draft_.reserve(file_bytes); !ok) return ok.error();
    if (auto ok = writer.draft_.append(std::as_bytes(std::span(header))); !ok) return ok.error();
    return writer;
}

Result<void> GgufWriter::write(std::span<const std::byte> bytes) {
    if (tensor_ == sizes_.size() || bytes.size() > sizes_[tensor_] - done_) {
        return Error{fmt::format("more bytes than planned for tensor {}", tensor_)};
    }
    if (auto ok = draft_.append(bytes); !ok) return ok.error();
    done_ += bytes.size();
    if (done_ < sizes_[tensor_]) return {};
    constexpr std::array<std::byte, kAlignment> kZeros = {};
    const std::uint64_t padding = padding_after(done_);
    ++tensor_;
    done_ = 0;
    return draft_.append(std::span(kZeros).first(padding));
}

Result<void> GgufWriter::finish() {
    if (tensor_ < sizes_.size()) {
        return Error{fmt::format("tensor {} of {} is incomplete", tensor_, sizes_.size())};
    }
    return draft_.publish();
}

}  // namespace greenroom::io
