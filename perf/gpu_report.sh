#!/usr/bin/env bash
# What there is to know about Greenroom on the GPU of this machine, in less than eight minutes: the
# tests, the sanitizers where the toolkit has them, every op beside the card's memory, the link, and
# Mixtral 8x7B in Q3_K whose experts have 12 GiB. Everything is left in FOLDER.
#     perf/gpu_report.sh [FOLDER]
# BUILD is the folder of the build (build), LAYERS says how much of the model (32, its budget with
# it), MODEL is where it is written (FOLDER/model.gguf) and read again if it is there.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
out=${1:-gpu_report}
build=${BUILD:-build}
layers=${LAYERS:-32}
model=${MODEL:-$out/model.gguf}
mkdir -p "$out"
say() { echo "gpu_report: $*" >&2; }

status=0
timeout 90 "$build/gpu_tests" --gtest_brief=1 >"$out/tests.txt" 2>&1 || status=$?
if [ $status -eq 77 ]; then
    say "nothing to report: $(sed -n 's/^gpu_tests: skipped: //p' "$out/tests.txt")"
    exit 0
fi
say "tests: $(tail -n 1 "$out/tests.txt")"
[ $status -eq 0 ] || exit 1

# The bodies: tools that watch every access take their time.
if sanitizer=$(command -v compute-sanitizer); then
    for tool in memcheck racecheck synccheck; do
        timeout 40 "$sanitizer" --tool $tool --error-exitcode 1 "$build/gpu_tests" --gtest_brief=1 \
            >"$out/$tool.txt" 2>&1 &&
            say "$tool: clean" || say "$tool: see $out/$tool.txt"
    done
else
    say "no compute-sanitizer in PATH: not checked with it"
fi

"$build/perf_link" >"$out/link.jsonl"
"$build/perf_gpu_kernels" | tee "$out/kernels.jsonl" | grep '"gpu_copy"' >"$out/copy.jsonl"

if [ ! -e "$model" ]; then
    "$build/greenroom" synth mixtral-8x7b --quant q3_k --layers "$layers" -o "$model"
fi
budget=$((12 * 1024 * layers / 32))MiB
for limit in 12GB/s 0; do
    timeout 120 "$build/greenroom" bench -m "$model" -p 512 -n 32 -r 2 --format jsonl \
        --set device.kind=cuda --set device.expert_budget=$budget --set device.link_limit=$limit \
        >"$out/bench-${limit%%[^0-9]*}.jsonl"
done
perf/gpu_bound.py "$out" | tee "$out/model.jsonl"
