// Rows of JSON as lines of CSV, which end with a newline. Knows no command.
#pragma once

#include <string>

#include "io/json.hpp"

namespace greenroom::cli {

enum class CsvText {
    quoted,  // as llama-bench has it, a quote inside doubled
    bare,    // for words that hold neither commas nor quotes
};

// The fields of `row` in its order: their names, and their values. Arrays have no place in a cell
// and are left out of both; null is an empty cell.
std::string csv_header(const io::Json& row);
std::string csv_line(const io::Json& row, CsvText text);

}  // namespace greenroom::cli
