# The device bodies: one list, compiled once by nvcc and once by the host compiler for the emulation.
set(device_bodies
    device_ops.cu
    rms_norm.cu)
