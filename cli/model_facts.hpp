// What inspect tells of a model, gathered from its headers. Prints nothing.
#pragma once

#include <cstdint>
#include <string>

#include "io/result.hpp"
#include "runtime/model/describe.hpp"
#include "runtime/settings.hpp"

namespace greenroom::cli {

// Of tokenizer and template; an error where they cannot be used.
struct TextFacts {
    std::string tokenizer = {}, pre_tokenizer = {}, tokenizer_error = {};
    std::size_t tokens = 0;
    std::string template_origin = {};  // where it stands
    std::string template_error = {};   // empty: it renders
};

struct ModelFacts {
    io::ModelFiles files;
    runtime::ModelDescription model;
    TextFacts text = {};
    int run_context = 0;  // positions of a run with these settings
    std::uint64_t run_bytes = 0;

    std::uint64_t file_bytes() const;
};

io::Result<ModelFacts> gather_facts(const runtime::ModelSection& section);

}  // namespace greenroom::cli
