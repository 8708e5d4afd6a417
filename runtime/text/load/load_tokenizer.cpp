#include <fmt/format.h>
#include <utility>

#include "io/file.hpp"
#include "runtime/text/load/folder_facts.hpp"
#include "runtime/text/load/gguf_tokenizer.hpp"
#include "runtime/text/load/sentencepiece_model.hpp"
#include "runtime/text/load/tokenizer_json.hpp"
#include "runtime/text/tokenizer.hpp"

namespace greenroom::runtime {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxModelBytes = 32ull << 20;  // of a tokenizer.model

io::Result<TokenizerParts> read_json_file(const fs::path& path, std::string_view pre) {
    const auto facts = read_folder_facts(path.parent_path());
    if (!facts) return facts.error();
    const auto json = io::read_json_file(path);
    if (!json) return json.error();
    return read_tokenizer_json(*json, io::printable_path(path), *facts, pre);
}

io::Result<TokenizerParts> read_model_file(const fs::path& path) {
    const auto facts = read_folder_facts(path.parent_path());
    if (!facts) return facts.error();
    const auto bytes = io::read_text_file(path, kMaxModelBytes);
    if (!bytes) return bytes.error();
    return read_sentencepiece_tokenizer(*bytes, io::printable_path(path), *facts);
}

io::Result<TokenizerParts> read_folder(const fs::path& folder, std::string_view pre) {
    std::error_code failed;  // not because there is no such file
    const fs::path json = folder / "tokenizer.json";
    if (fs::exists(json, failed)) return read_json_file(json, pre);
    if (failed) {
        return io::Error{fmt::format("{}: {}", io::printable_path(json), failed.message())};
    }
    const fs::path model = folder / "tokenizer.model";
    if (fs::exists(model, failed)) return read_model_file(model);
    return io::Error{fmt::format("{}: has no tokenizer.json and no tokenizer.model",
                                 io::printable_path(folder))};
}

io::Result<TokenizerParts> read_model_files(const io::ModelFiles& files, std::string_view pre) {
    if (files.kind == io::ModelFiles::Kind::gguf) return read_gguf_tokenizer(files.metadata, pre);
    std::error_code ignored;
    const bool is_folder = fs::is_directory(files.root, ignored);
    return read_folder(is_folder ? files.root : files.root.parent_path(), pre);
}

io::Result<TokenizerParts> read_path(const fs::path& path, std::string_view pre) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return read_folder(path, pre);
    if (path.extension() == ".json") return read_json_file(path, pre);
    // Also tokenizer.model.v3 and the like.
    const bool model = path.filename().string().starts_with("tokenizer.model");
    if (model || path.extension() == ".model") return read_model_file(path);
    const auto files = io::open_model_files(path);
    if (!files) return files.error();
    return read_model_files(*files, pre);
}

io::Result<std::unique_ptr<Tokenizer>> assembled(io::Result<TokenizerParts> parts) {
    if (!parts) return parts.error();
    return assemble(std::move(*parts));
}

}  // namespace

io::Result<std::unique_ptr<Tokenizer>> load_tokenizer(const io::ModelFiles& files,
                                                      std::string_view pre) {
    return assembled(read_model_files(files, pre));
}

io::Result<std::unique_ptr<Tokenizer>> load_tokenizer(const fs::path& path, std::string_view pre) {
    return assembled(read_path(path, pre));
}

}  // namespace greenroom::runtime
