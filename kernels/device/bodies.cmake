# The device bodies: one list, compiled once by nvcc and once by the host compiler for the emulation.
set(device_bodies
    add_bias.cu
    attention.cu
    best_tokens.cu
    combine.cu
    device_ops.cu
    embed_rows.cu
    kv_store.cu
    rms_norm.cu
    rope.cu
    route_top_k.cu
    silu_mul.cu)
