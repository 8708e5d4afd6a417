#include "kernels/cpu/elementwise_lanes.hpp"
#include "kernels/cpu/lanes_avx2.hpp"

namespace greenroom::kernels {

const Elementwise kElementwiseAvx2 = {exp_each<LanesAvx2>, silu_times_each<LanesAvx2>};

}  // namespace greenroom::kernels
