# Every source file <floor>/**/<stem>.cpp has a test file tests/<floor>/**/<stem>_test.cpp, or a
# line below that says where it is tested instead. Run: cmake -DSOURCE=DIR -P stems.cmake
cmake_policy(VERSION 3.24)
set(exempt
    # stem                      reason
    cli/main                    "every test in tests/cli runs it"
    kernels/device/cuda/cuda_gpu "needs a card: device_test is for what stands on it"
    kernels/device/cuda/cuda_gpu_absent "nothing happens there"
    kernels/device/emulated/block "emulated_gpu_test"
    kernels/device/float_products "mat_mul_test: every type"
    kernels/device/iq_products  "mat_mul_test: every type"
    kernels/device/k_products   "mat_mul_test: every type"
    kernels/device/q_products   "mat_mul_test: every type"
    kernels/device/small_products "mat_mul_test: every type"
    runtime/model/device_attention "device_layers_test: the whole pass against the CPU's"
    runtime/model/device_experts "device_layers_test: the whole pass against the CPU's"
    runtime/model/device_feed_forward "device_layers_test: the whole pass against the CPU's"
    runtime/model/device_weights "device_layers_test: the whole pass against the CPU's"
    runtime/model/host_share "device_layers_test: the CPU's share against the device's"
    kernels/device_ops          "every test of a device body calls through it: rms_norm_test"
    kernels/cpu/amx_kernels     "mat_mul_test: every path against the plain twin"
    kernels/cpu/float_rows      "mat_mul_test: every path against the plain twin"
    kernels/cpu/lattice_avx2    "mat_mul_test: every path against the plain twin"
    kernels/cpu/lattice_avx512  "mat_mul_test: every path against the plain twin"
    kernels/cpu/lattice_avx_vnni "mat_mul_test: every path against the plain twin"
    kernels/cpu/panel_kernels   "mat_mul_test: every path against the plain twin"
    kernels/cpu/panel_rows      "mat_mul_test: every path against the plain twin"
    kernels/cpu/plain_rows      "mat_mul_test: the plain twin against sums in double"
    kernels/cpu/products_amx    "mat_mul_test: every path against the plain twin"
    kernels/cpu/products_avx2   "mat_mul_test: every path against the plain twin"
    kernels/cpu/products_avx512 "mat_mul_test: every path against the plain twin"
    kernels/cpu/products_avx_vnni "mat_mul_test: every path against the plain twin"
    kernels/cpu/row_product     "mat_mul_test, expert_ffn_test"
)

set(bad "")
set(tested_elsewhere "")
list(LENGTH exempt n_exempt)
math(EXPR last "${n_exempt} - 1")
foreach(i RANGE 0 ${last} 2)
    list(GET exempt ${i} stem)
    math(EXPR reason_at "${i} + 1")
    list(GET exempt ${reason_at} reason)
    list(APPEND tested_elsewhere "${stem}")
    string(REGEX MATCHALL "[a-z0-9_]+_test" named "${reason}")
    foreach(test IN LISTS named)
        file(GLOB_RECURSE found "${SOURCE}/tests/${test}.cpp")
        if(NOT found)
            list(APPEND bad "${stem}.cpp is exempt because of ${test}, which does not exist")
        endif()
    endforeach()
    if(NOT EXISTS "${SOURCE}/${stem}.cpp" AND NOT EXISTS "${SOURCE}/${stem}.cu")
        list(APPEND bad "${stem}.cpp is exempt and does not exist")
    endif()
endforeach()

set(n_stems 0)
foreach(floor IN ITEMS io kernels cache prefetch runtime cli)
    file(GLOB_RECURSE sources RELATIVE "${SOURCE}" "${SOURCE}/${floor}/*.cpp"
        "${SOURCE}/${floor}/*.cu")
    file(GLOB_RECURSE tests "${SOURCE}/tests/${floor}/*_test.cpp")
    foreach(source IN LISTS sources)
        math(EXPR n_stems "${n_stems} + 1")
        string(REGEX REPLACE "\\.(cpp|cu)$" "" name "${source}")
        get_filename_component(stem "${name}" NAME)
        # The test of an op covers its bodies on every path.
        string(REGEX REPLACE "_(cpu|avx2|avx_vnni|avx512|amx)$" "" stem "${stem}")
        if(NOT name IN_LIST tested_elsewhere AND NOT tests MATCHES "/${stem}_test\\.cpp(;|$)")
            list(APPEND bad "${source} has no tests/${floor}/**/${stem}_test.cpp")
        elseif(name IN_LIST tested_elsewhere AND tests MATCHES "/${stem}_test\\.cpp(;|$)")
            list(APPEND bad "${source} is exempt and has a test: remove the exemption")
        endif()
    endforeach()
endforeach()

if(n_stems EQUAL 0)
    list(APPEND bad "no sources under ${SOURCE}")
endif()
if(bad)
    list(JOIN bad "\n  " lines)
    message(FATAL_ERROR "sources and their tests do not match:\n  ${lines}")
endif()
