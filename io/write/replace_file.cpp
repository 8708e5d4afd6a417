#include "io/write/replace_file.hpp"

#include "io/write/draft.hpp"

namespace greenroom::io {

Result<void> replace_file(const std::filesystem::path& path, std::string_view contents) {
    Result<Draft> draft = Draft::create(path);
    if (!draft) return draft.error();
    if (auto ok = draft->append(std::as_bytes(std::span(contents))); !ok) return ok.error();
    return draft->publish();
}

}  // namespace greenroom::io
