#include "kernels/cpu/attention_lanes.hpp"
#include "kernels/cpu/lanes_avx512.hpp"

namespace greenroom::kernels {

const AttentionBody kAttentionAvx512 = {
    attend_tile<LanesAvx512>, attend_part<LanesAvx512>, merge_parts<LanesAvx512>};

}  // namespace greenroom::kernels
