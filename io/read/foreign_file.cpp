#include "io/read/foreign_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <fmt/format.h>

namespace greenroom::io {
namespace {

struct Signature {
    std::string_view start;
    std::string_view meaning;
};

// From the formats' own descriptions. The GGML family is little-endian words of four letters.
constexpr std::array kSignatures = {
    Signature{"<!doctype", "is an HTML page; the download needs a log-in or another link"},
    Signature{"<html", "is an HTML page; the download needs a log-in or another link"},
    Signature{"<?xml", "is an XML page; the download link has expired or is wrong"},
    Signature{"version https://git-lfs",
              "is a git-lfs pointer; fetch the file itself: git lfs pull"},
    Signature{"PK\x03\x04", "is a ZIP archive (PyTorch checkpoints are): convert it first"},
    Signature{"lmgg", "is a GGML file of 2023, older than GGUF: download a GGUF file"},
    Signature{"fmgg", "is a GGMF file of 2023, older than GGUF: download a GGUF file"},
    Signature{"tjgg", "is a GGJT file of 2023, older than GGUF: download a GGUF file"},
    Signature{"algg", "is a GGLA adapter of 2023, not a model"},
    Signature{"FUGG", "is a GGUF file with reversed bytes"},
    Signature{"GGUF", "is a GGUF file"},
    Signature{"\x1f\x8b", "is a gzip archive: unpack it first"},
    Signature{"\xfd"
              "7zXZ",
              "is an xz archive: unpack it first"},
    Signature{"7z\xbc\xaf", "is a 7-Zip archive: unpack it first"},
    Signature{"\x28\xb5\x2f\xfd", "is a zstd archive: unpack it first"},
    Signature{"Rar!", "is a RAR archive: unpack it first"},
    Signature{"\x89HDF", "is an HDF5 file"},
    Signature{"\x80\x02", "is a Python pickle (a PyTorch checkpoint): convert it first"},
};

bool starts_with_any_case(std::string_view text, std::string_view start) {
    return text.size() >= start.size() &&
           std::equal(start.begin(), start.end(), text.begin(), [](char a, char b) {
               return std::tolower(static_cast<unsigned char>(a)) ==
                      std::tolower(static_cast<unsigned char>(b));
           });
}

// Eight bytes of header length, then a JSON object.
bool looks_like_safetensors(std::string_view start, std::uint64_t size) {
    if (start.size() < 9 || start[8] != '{') return false;
    std::uint64_t length = 0;
    std::memcpy(&length, start.data(), sizeof(length));
    return length <= size - 8;
}

bool is_text(std::string_view start) {
    return std::ranges::all_of(start, [](char c) {
        return std::isprint(static_cast<unsigned char>(c)) || c == '\n' || c == '\r' || c == '\t';
    });
}

}  // namespace

Result<ModelFormat> recognise_model(const ByteSource& source) {
    std::array<char, 9> bytes{};
    const std::size_t length = std::min<std::uint64_t>(bytes.size(), source.size());
    const std::string_view start(bytes.data(), length);
    if (auto read = source.read_at(0, std::as_writable_bytes(std::span(bytes).first(length)));
        !read) {
        return read.error();
    }
    if (start.starts_with("GGUF")) return ModelFormat::gguf;
    if (looks_like_safetensors(start, source.size())) return ModelFormat::safetensors;
    return ModelFormat::other;
}

std::string describe_foreign_file(const ByteSource& source) {
    if (source.size() == 0) return "is empty";
    std::array<char, 64> bytes{};
    const std::size_t length = std::min<std::uint64_t>(bytes.size(), source.size());
    if (!source.read_at(0, std::as_writable_bytes(std::span(bytes).first(length)))) {
        return "cannot be read";
    }
    const std::string_view start(bytes.data(), length);
    for (const Signature& signature : kSignatures) {
        if (starts_with_any_case(start, signature.start)) return std::string(signature.meaning);
    }
    if (looks_like_safetensors(start, source.size())) return "is a safetensors file";
    if (start.find_first_not_of('\0') == std::string_view::npos) {
        return "begins with zeros (a download that has not begun?)";
    }
    if (is_text(start)) return fmt::format("is text: \"{}\"", printable(start, 60));
    return fmt::format("begins with \"{}\"", printable(start.substr(0, 4)));
}

}  // namespace greenroom::io
