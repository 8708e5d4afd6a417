#include "cli/commands.hpp"

#include <array>

namespace greenroom::cli {

std::span<const Command> commands() {
    static constexpr std::array kCommands = {
        Command{"chat", "talk with a model", chat},
        Command{"run", "go on from a prompt, once", run},
        Command{"inspect", "what a model is: sizes, types, the memory it takes", inspect},
        Command{"tokenize", "text to token ids and back", tokenize},
        Command{"template", "render a conversation with a chat template", render_template},
        Command{"logits", "raw logits and router choices, for checking a model", logits},
        Command{"bench", "how fast a model is on this machine", bench},
        Command{"trace", "record, check and convert what a model routes", trace},
        Command{"simulate", "replay a trace through cache policies and budgets", simulate},
        Command{"synth", "write a model of a real shape with random weights", synth},
        Command{"perplexity", "how well a model predicts a text", perplexity},
    };
    return kCommands;
}

}  // namespace greenroom::cli
