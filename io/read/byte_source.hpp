// Bytes addressed by position: an open file, or memory that holds what a file would. The header
// readers know only this, so that they can be driven from memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "io/file.hpp"
#include "io/result.hpp"

namespace greenroom::io {

class ByteSource {
 public:
    virtual ~ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;

    const std::string& name() const { return name_; }  // for messages, printable
    std::uint64_t size() const { return size_; }       // bytes

    // Fills all of `out` from `offset`; an error when that is not possible.
    virtual Result<void> read_at(std::uint64_t offset, std::span<std::byte> out) const = 0;

 protected:
    ByteSource(std::string name, std::uint64_t size) : name_(std::move(name)), size_(size) {}

 private:
    std::string name_;
    std::uint64_t size_;
};

// The file must outlive this.
class FileSource final : public ByteSource {
 public:
    explicit FileSource(const File& file)
        : ByteSource(printable_path(file.path()), file.size()), file_(file) {}
    Result<void> read_at(std::uint64_t offset, std::span<std::byte> out) const override {
        return file_.read_at(offset, out);
    }

 private:
    const File& file_;
};

// The bytes must outlive this.
class MemorySource final : public ByteSource {
 public:
    MemorySource(std::string name, std::span<const std::byte> bytes)
        : ByteSource(std::move(name), bytes.size()), bytes_(bytes) {}
    Result<void> read_at(std::uint64_t offset, std::span<std::byte> out) const override;

 private:
    std::span<const std::byte> bytes_;
};

}  // namespace greenroom::io
