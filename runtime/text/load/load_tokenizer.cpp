#include "runtime/text/load/gguf_tokenizer.hpp"
#include "runtime/text/tokenizer.hpp"

namespace greenroom::runtime {

io::Result<std::unique_ptr<Tokenizer>> load_tokenizer(const io::ModelFiles& files,
                                                      std::string_view pre) {
    auto parts = read_gguf_tokenizer(files.metadata, pre);
    if (!parts) return parts.error();
    return assemble(std::move(*parts));
}

io::Result<std::unique_ptr<Tokenizer>> load_tokenizer(const std::filesystem::path& path,
                                                      std::string_view pre) {
    auto files = io::open_model_files(path);
    if (!files) return files.error();
    return load_tokenizer(*files, pre);
}

}  // namespace greenroom::runtime
