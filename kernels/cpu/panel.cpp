#include "kernels/cpu/panel.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "kernels/require.hpp"

namespace greenroom::kernels {
namespace {

// `count` units of `unit` bytes each.
struct Field {
    int unit, count;
};

struct Fields {
    BlockType type;
    Field fields[5];
    int high_bits = -1;  // byte of the field whose bits are reordered
};

constexpr Fields kFields[] = {
    {BlockType::q4_0, {{2, 1}, {4, 4}}},
    {BlockType::q4_1, {{2, 2}, {4, 4}}},
    {BlockType::q5_0, {{2, 1}, {4, 1}, {4, 4}}, 2},
    {BlockType::q5_1, {{2, 2}, {4, 1}, {4, 4}}, 4},
    {BlockType::q8_0, {{2, 1}, {4, 8}}},
    {BlockType::iq4_nl, {{2, 1}, {4, 4}}},
    {BlockType::mxfp4, {{1, 1}, {4, 4}}},
    {BlockType::q2_k, {{4, 4}, {4, 16}, {2, 2}}},
    {BlockType::q3_k, {{4, 8}, {4, 16}, {4, 3}, {2, 1}}},
    {BlockType::q4_k, {{2, 2}, {4, 3}, {4, 32}}},
    {BlockType::q5_k, {{2, 2}, {4, 3}, {4, 8}, {4, 32}}},
    {BlockType::q6_k, {{4, 32}, {4, 16}, {4, 4}, {2, 1}}},
    {BlockType::iq4_xs, {{2, 2}, {4, 1}, {4, 32}}},
    {BlockType::iq1_s, {{2, 1}, {4, 8}, {2, 8}}},
    {BlockType::iq1_m, {{4, 8}, {4, 4}, {2, 4}}},
    {BlockType::iq2_xxs, {{2, 1}, {4, 16}}},
    {BlockType::iq2_xs, {{2, 1}, {4, 16}, {4, 2}}},
    {BlockType::iq2_s, {{2, 1}, {4, 8}, {4, 8}, {4, 2}, {4, 2}}},
    {BlockType::iq3_xxs, {{2, 1}, {4, 16}, {4, 8}}},
    {BlockType::iq3_s, {{2, 1}, {4, 16}, {4, 2}, {4, 8}, {4, 1}}},
    {BlockType::tq1_0, {{4, 12}, {4, 1}, {2, 1}}},
    {BlockType::tq2_0, {{4, 16}, {2, 1}}},
    {BlockType::nvfp4, {{4, 1}, {4, 8}}},
};

const Fields* find_fields(BlockType type) {
    const auto* found = std::ranges::find(kFields, type, &Fields::type);
    return found == std::end(kFields) ? nullptr : found;
}

const Fields& fields_of(BlockType type) {
    const Fields* fields = find_fields(type);
    require(fields != nullptr, "panel: the type has no panel layout");
    return *fields;
}

// Moves bit 4 * w + i to bit 8 * i + w, or back.
std::uint32_t spread(std::uint32_t bits, bool back) {
    std::uint32_t out = 0;
    for (int w = 0; w < 8; ++w) {
        for (int i = 0; i < 4; ++i) {
            const int from = back ? 8 * i + w : 4 * w + i, to = back ? 4 * w + i : 8 * i + w;
            out |= (bits >> from & 1) << to;
        }
    }
    return out;
}

void spread_at(std::byte* at, bool back) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, at, sizeof bits);
    bits = spread(bits, back);
    std::memcpy(at, &bits, sizeof bits);
}

template <int kUnit>
void interleave(const std::byte* rows, std::size_t row_bytes, int count, std::byte* out) {
    for (int r = 0; r < kPanelRows; ++r) {
        const std::byte* from = rows + static_cast<std::size_t>(r) * row_bytes;
        for (int u = 0; u < count; ++u) {
            std::memcpy(out + (u * kPanelRows + r) * kUnit, from + u * kUnit, kUnit);
        }
    }
}

// One block of 16 rows.
void pack_block(const Fields& fields,
                const std::byte* rows,
                std::size_t row_bytes,
                std::byte* out) {
    for (const Field& field : fields.fields) {
        switch (field.unit) {
            case 1:
                interleave<1>(rows, row_bytes, field.count, out);
                break;
            case 2:
                interleave<2>(rows, row_bytes, field.count, out);
                break;
            case 4:
                interleave<4>(rows, row_bytes, field.count, out);
                break;
            default:
                break;
        }
        rows += field.unit * field.count;
        out += field.unit * field.count * kPanelRows;
    }
}

}  // namespace

bool has_panels(BlockType type) {
    return find_fields(type) != nullptr;
}

void pack(const PanelPacking& p) {
    const Fields& fields = fields_of(p.type);
    const std::size_t block = block_format(p.type).bytes;
    for (std::int64_t b = 0; b < p.n_blocks; ++b) {
        const std::byte* from = p.rows + static_cast<std::size_t>(b) * block;
        std::byte* to = p.panel + static_cast<std::size_t>(b) * block * kPanelRows;
        if (p.n_rows == kPanelRows) {
            pack_block(fields, from, p.row_bytes, to);
        } else {
            std::byte padded[kPanelRows * 256] = {};
            for (int r = 0; r < p.n_rows; ++r) {
                std::memcpy(padded + static_cast<std::size_t>(r) * block,
                            from + static_cast<std::size_t>(r) * p.row_bytes,
                            block);
            }
            pack_block(fields, padded, block, to);
        }
        if (fields.high_bits < 0) continue;
        for (int r = 0; r < kPanelRows; ++r) {
            spread_at(to + fields.high_bits * kPanelRows + r * 4, false);
        }
    }
}

void unpack_block(BlockType type, const std::byte* panel_block, int row, std::byte* block) {
    const Fields& fields = fields_of(type);
    std::byte* out = block;
    for (const Field& field : fields.fields) {
        for (int u = 0; u < field.count; ++u) {
            std::memcpy(out + u * field.unit,
                        panel_block + (u * kPanelRows + row) * field.unit,
                        static_cast<std::size_t>(field.unit));
        }
        out += field.unit * field.count;
        panel_block += field.unit * field.count * kPanelRows;
    }
    if (fields.high_bits >= 0) spread_at(block + fields.high_bits, true);
}

}  // namespace greenroom::kernels
