#include "runtime/text/jinja/library/filters.hpp"

#include <fmt/format.h>

namespace greenroom::runtime::jinja {

Operation find_filter(std::string_view name) {
    for (const auto table :
         {text_filters(), sequence_filters(), selection_filters(), number_filters()}) {
        if (const Operation found = look_up(table, name)) return found;
    }
    return nullptr;
}

Value apply_filter(Rendering& run,
                   std::string_view name,
                   const Value& self,
                   const Arguments& arguments) {
    const Operation filter = find_filter(name);
    if (filter == nullptr) return run.fail(fmt::format("no filter named '{}'", name));
    return filter(run, self, arguments);
}

}  // namespace greenroom::runtime::jinja
