#include "kernels/cpu/attention_lanes.hpp"
#include "kernels/cpu/lanes_avx2.hpp"

namespace greenroom::kernels {

const AttentionBody kAttentionAvx2 = {
    attend_tile<LanesAvx2>, attend_part<LanesAvx2>, merge_parts<LanesAvx2>};

}  // namespace greenroom::kernels
