#include "kernels/cpu/elementwise_lanes.hpp"
#include "kernels/cpu/lanes_avx512.hpp"

namespace greenroom::kernels {

const Elementwise kElementwiseAvx512 = {exp_each<LanesAvx512>, silu_times_each<LanesAvx512>};

}  // namespace greenroom::kernels
