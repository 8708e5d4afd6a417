#include "runtime/text/load_chat_template.hpp"

#include <optional>
#include <utility>

#include "io/file.hpp"
#include "runtime/text/find_chat_template.hpp"

namespace greenroom::runtime {
namespace {

std::string spelled(std::string found, const Tokenizer& tokenizer, std::optional<TokenId> id) {
    return found.empty() && id ? tokenizer.piece(*id, true) : found;
}

}  // namespace

io::Result<LoadedTemplate> load_chat_template(const io::ModelFiles& files,
                                              const Tokenizer& tokenizer,
                                              std::string_view wanted) {
    const auto has_token = [&](std::string_view token) {
        return tokenizer.find(token).has_value();
    };
    auto found = find_chat_template(files, has_token, wanted);
    if (!found) return found.error();
    auto parsed = ChatTemplate::parse(found->source);
    if (!parsed) {
        return io::Error{io::printable_path(files.root) + ": " + found->origin + ": " +
                         parsed.error().message};
    }
    return LoadedTemplate{.chat_template = std::move(*parsed),
                          .origin = std::move(found->origin),
                          .bos_token = spelled(found->bos_token, tokenizer, tokenizer.bos()),
                          .eos_token = spelled(found->eos_token, tokenizer, tokenizer.eos())};
}

}  // namespace greenroom::runtime
