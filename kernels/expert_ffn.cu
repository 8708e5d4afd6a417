#include "kernels/device/products.cuh"
#include "kernels/require.hpp"
#include "kernels/round_rows.hpp"

namespace greenroom::kernels::GREENROOM_BODIES {

// One launch where gate and up have the same type.
void expert_gate_up(const ExpertGateUp& op, Stream& stream) {
    require(op.n_rows > 0 && op.rows_per_token > 0, "expert_gate_up: empty input");
    require(op.gate.rows == op.up.rows && op.gate.cols == op.up.cols,
            "expert_gate_up: gate and up disagree on their shape");
    const bool is_one = op.gate.type == op.up.type;
    const bool is_same_x = rounding_of(op.gate.type) == rounding_of(op.up.type);
    RowProducts up{.w = op.up,
                   .experts = op.experts,
                   .expert_of = op.expert_of,
                   .part = ExpertPart::up,
                   .has_gate = is_one,
                   .x = is_same_x ? op.x : op.up_x,
                   .rows_per_x = op.rows_per_token,
                   .y = op.hidden,
                   .n = op.n_rows,
                   .finish = is_one ? Finish::store : Finish::silu_of_y};
    if (!is_one) {
        RowProducts gate = up;
        gate.w = op.gate;
        gate.part = ExpertPart::gate;
        gate.x = op.x;
        gate.finish = Finish::store;
        products(op.gate.type).rows("expert_gate", gate, stream);
    }
    products(op.up.type).rows("expert_gate_up", up, stream);
}

void expert_down(const ExpertDown& op, Stream& stream) {
    require(op.n_rows > 0, "expert_down: empty input");
    products(op.down.type)
        .rows("expert_down",
              {.w = op.down,
               .experts = op.experts,
               .expert_of = op.expert_of,
               .part = ExpertPart::down,
               .x = op.hidden,
               .y = op.y,
               .n = op.n_rows},
              stream);
}

}  // namespace greenroom::kernels::GREENROOM_BODIES
