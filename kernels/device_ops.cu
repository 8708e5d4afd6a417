#include "kernels/device/bodies.hpp"
#include "kernels/device/vocabulary.cuh"

namespace greenroom::kernels::GREENROOM_BODIES {

void rms_norm(const RmsNorm& op, Stream& stream);

const DeviceOps& ops() {
    static constexpr DeviceOps kOps = {
        .rms_norm = rms_norm,
    };
    return kOps;
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
