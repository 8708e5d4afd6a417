#include "cli/csv.hpp"

#include <string_view>

namespace greenroom::cli {
namespace {

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

std::string cell(const io::Json& value, CsvText text) {
    if (value.is_null()) return "";
    if (!value.is_string()) return value.dump();
    const auto& string = value.get_ref<const std::string&>();
    return text == CsvText::quoted ? in_quotes(string) : string;
}

template <class Field>
std::string joined(const io::Json& row, const Field& field) {
    std::string out;
    bool is_first = true;
    for (const auto& [name, value] : row.items()) {
        if (value.is_array()) continue;
        if (!is_first) out += ",";
        out += field(name, value);
        is_first = false;
    }
    return out + "\n";
}

}  // namespace

std::string csv_header(const io::Json& row) {
    return joined(row, [](const std::string& name, const io::Json&) { return name; });
}

std::string csv_line(const io::Json& row, CsvText text) {
    return joined(row,
                  [&](const std::string&, const io::Json& value) { return cell(value, text); });
}

}  // namespace greenroom::cli
