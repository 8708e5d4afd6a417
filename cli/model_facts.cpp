#include "cli/model_facts.hpp"

#include <algorithm>

#include "runtime/generate/engine.hpp"
#include "runtime/text/load_chat_template.hpp"
#include "runtime/text/tokenizer.hpp"

namespace greenroom::cli {
namespace {

constexpr int kMostContext = 4096;  // of a run that asks for none

// Renders a question, an answer and a question, as a chat would.
void try_template(const io::ModelFiles& files,
                  const runtime::Tokenizer& tokenizer,
                  TextFacts& out) {
    const auto loaded = runtime::load_chat_template(files, tokenizer);
    if (!loaded) {
        out.template_error = loaded.error().message;
        return;
    }
    out.template_origin = loaded->origin;
    runtime::TemplateInput input;
    input.messages = {{{"role", "user"}, {"content", "Hi"}},
                      {{"role", "assistant"}, {"content", "Hello"}},
                      {{"role", "user"}, {"content", "Who are you?"}}};
    input.bos_token = loaded->bos_token;
    input.eos_token = loaded->eos_token;
    const auto rendered = loaded->chat_template.render(input);
    if (!rendered) out.template_error = rendered.error().message;
}

TextFacts text_facts(const io::ModelFiles& files) {
    TextFacts out;
    const auto tokenizer = runtime::load_tokenizer(files);
    if (!tokenizer) {
        out.tokenizer_error = tokenizer.error().message;
        out.template_error = "cannot be tried without a tokenizer";
        return out;
    }
    out.tokenizer = (*tokenizer)->kind();
    out.pre_tokenizer = (*tokenizer)->pre_tokenizer();
    out.tokens = (*tokenizer)->vocabulary_size();
    try_template(files, **tokenizer, out);
    return out;
}

}  // namespace

std::uint64_t ModelFacts::file_bytes() const {
    std::uint64_t sum = 0;
    for (const io::File& file : files.files) sum += file.size();
    return sum;
}

io::Result<ModelFacts> gather_facts(const runtime::ModelSection& section) {
    auto files = io::open_model_files(section.path);
    if (!files) return files.error();
    auto model = runtime::describe_model(*files);
    if (!model) return model.error();
    ModelFacts facts{std::move(*files), std::move(*model)};
    facts.text = text_facts(facts.files);
    const runtime::ModelSettings settings = runtime::model_settings(section);
    facts.run_context = settings.context > 0
                            ? settings.context
                            : std::min(facts.model.hyperparameters.context, kMostContext);
    facts.run_bytes = runtime::run_bytes(facts.model, facts.run_context, settings.kv_type);
    return facts;
}

}  // namespace greenroom::cli
