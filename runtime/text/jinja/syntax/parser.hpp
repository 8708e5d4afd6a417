// Source to syntax tree. Knows no values and evaluates nothing.
#pragma once

#include <memory>

#include "io/result.hpp"
#include "runtime/text/jinja/limits.hpp"
#include "runtime/text/jinja/syntax/ast.hpp"

namespace greenroom::runtime::jinja {

io::Result<std::unique_ptr<const ParsedTemplate>> parse_template(std::string_view source,
                                                                 const TemplateLimits& limits);

}  // namespace greenroom::runtime::jinja
