// Template source as tokens: text between tags with its white space already stripped, and what
// stands inside tags. Knows no grammar.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "io/result.hpp"

namespace greenroom::runtime::jinja {

struct Token {
    enum class Kind : std::uint8_t {
        text,   // to be written as it is
        print,  // {{
        print_end,
        block,  // {%
        block_end,
        name,
        integer,
        real,
        string,  // with its quotes
        symbol,  // an operator or a bracket
        end,     // of the template
    };
    Kind kind = Kind::end;
    int line = 1;
    std::string_view text;  // part of the source
};

// One line of error: where in the template, and what is wrong.
io::Error template_error(int line, std::string_view problem);

// Line ends become \n and one at the end of the source goes, as jinja2 has it.
std::string normalized_source(std::string_view source);

// Block tags take the line end after them and the spaces before them (trim_blocks, lstrip_blocks).
// `source` is normalized and outlives the tokens, whose last is the only `end`.
io::Result<std::vector<Token>> tokenize(std::string_view source);

}  // namespace greenroom::runtime::jinja
