// The commands, each in the source file of its name. argv[0] is the command's own name; the value
// is an ExitCode.
#pragma once

#include "cli/command.hpp"

namespace greenroom::cli {

int bench(CommandLine argv);
int chat(CommandLine argv);
int inspect(CommandLine argv);
int logits(CommandLine argv);
int perplexity(CommandLine argv);
int record_trace(CommandLine argv);     // of "trace"
int render_template(CommandLine argv);  // "template" is a word of the language
int run(CommandLine argv);
int simulate(CommandLine argv);
int synth(CommandLine argv);
int tokenize(CommandLine argv);
int trace(CommandLine argv);

// Those that work, in the order of --help.
std::span<const Command> commands();

}  // namespace greenroom::cli
