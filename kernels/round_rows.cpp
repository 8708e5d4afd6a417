#include "kernels/round_rows.hpp"

#include "kernels/cpu/normal_form.hpp"

namespace greenroom::kernels {

int rounding_of(BlockType weights) {
    const NormalForm* form = find_normal_form(weights);
    return form == nullptr ? 0 : form->rounding;
}

}  // namespace greenroom::kernels
