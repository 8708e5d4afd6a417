#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "kernels/attention.hpp"
#include "tests/support/device_case.hpp"
#include "tests/support/random_values.hpp"

namespace greenroom::kernels {
namespace {

using tests::DeviceCase;
using tests::normal;
using tests::OnDevice;

constexpr int kCapacity = 9, kFirst = 5, kTokens = 3;

struct Rows {
    KvType type;
    int n_kv_heads, key_dim, value_dim;
    std::vector<float> keys, values;

    std::size_t bytes(int dim) const {
        return kCapacity * kv_row_bytes(type, std::int64_t{n_kv_heads} * dim);
    }
    KvStore op(std::byte* key_memory, std::byte* value_memory) const {
        return {{key_memory, value_memory, type, n_kv_heads, key_dim, value_dim},
                keys.data(),
                values.data(),
                kTokens,
                kFirst};
    }
};

Rows random_rows(KvType type, int n_kv_heads, int key_dim, int value_dim) {
    const auto n = static_cast<std::size_t>(kTokens * n_kv_heads);
    return {type,
            n_kv_heads,
            key_dim,
            value_dim,
            normal(n * static_cast<std::size_t>(key_dim), 1),
            normal(n * static_cast<std::size_t>(value_dim), 2)};
}

// Keys, then values.
std::vector<std::byte> on_cpu(const Rows& in) {
    ThreadPool pool(1);
    std::vector<std::byte> keys(in.bytes(in.key_dim)), values(in.bytes(in.value_dim));
    run_on_cpu(in.op(keys.data(), values.data()), pool);
    keys.insert(keys.end(), values.begin(), values.end());
    return keys;
}

std::vector<std::byte> on_device(DeviceCase& device, const Rows& in) {
    OnDevice<std::byte> keys(device, std::vector<std::byte>(in.bytes(in.key_dim)));
    OnDevice<std::byte> values(device, std::vector<std::byte>(in.bytes(in.value_dim)));
    OnDevice<float> from_keys(device, in.keys), from_values(device, in.values);
    KvStore op = in.op(keys.data(), values.data());
    op.keys = from_keys.data();
    op.values = from_values.data();
    launch(op, device.stream());
    std::vector<std::byte> out = keys.values();
    const std::vector<std::byte> more = values.values();
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

void expect_the_twins_bytes(const Rows& in) {
    EXPECT_EQ(tests::in_both_orders([&](DeviceCase& device) { return on_device(device, in); }),
              on_cpu(in));
}

TEST(KvStoreBody, StoresTheBytesThatItsTwinStores) {
    for (const KvType type : {KvType::f32, KvType::f16, KvType::q8_0}) {
        SCOPED_TRACE(static_cast<int>(type));
        expect_the_twins_bytes(random_rows(type, 1, 32, 32));
        expect_the_twins_bytes(random_rows(type, 3, 64, 96));
        expect_the_twins_bytes(random_rows(type, 9, 32, 64));
    }
    expect_the_twins_bytes(random_rows(KvType::f16, 1, 5, 7));
}

TEST(KvStoreBody, StoresTheSameBytesOfValuesThatAreNoNumbers) {
    const float inf = std::numeric_limits<float>::infinity();
    const float nan = std::numeric_limits<float>::quiet_NaN();
    for (const KvType type : {KvType::f32, KvType::f16, KvType::q8_0}) {
        Rows in = random_rows(type, 1, 32, 32);
        in.keys[3] = nan;
        in.keys[40] = -inf;
        for (std::size_t i = 64; i < 96; ++i) in.keys[i] = i % 2 ? 1e-41F : -3e-39F;
        for (std::size_t i = 0; i < 32; ++i) in.values[i] = 0;
        for (std::size_t i = 32; i < 64; ++i) in.values[i] = i % 3 ? 1e9F : -65519;
        expect_the_twins_bytes(in);
    }
}

// Halves of a step round away from zero.
TEST(KvStoreBody, RoundsHalvesAsItsTwinDoes) {
    Rows in = random_rows(KvType::q8_0, 1, 32, 32);
    for (std::size_t i = 0; i < in.keys.size(); ++i) {
        in.keys[i] = i % 32 == 0 ? 127 : static_cast<float>(i) - 40.5F;
    }
    expect_the_twins_bytes(in);
}

}  // namespace
}  // namespace greenroom::kernels
