#include "kernels/require.hpp"

#include <cstdio>
#include <cstdlib>

namespace greenroom::kernels {

void contract_broken(std::string_view what) {
    std::fprintf(
        stderr, "greenroom: broken contract: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

}  // namespace greenroom::kernels
