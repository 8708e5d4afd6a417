// Broken contracts between our own parts: said with values, then the process ends. Never for input.
#pragma once

#include <string_view>

namespace greenroom::kernels {

[[noreturn]] void contract_broken(std::string_view what);

inline void require(bool holds, std::string_view what) {
    if (!holds) [[unlikely]]
        contract_broken(what);
}

}  // namespace greenroom::kernels
