#!/usr/bin/env bash
# From a clone to a conversation: installs what is missing, builds, opens a chat.
#   ./quickstart.sh [ARGUMENTS OF greenroom chat]   e.g. ./quickstart.sh -m ~/mixtral.gguf
#   ./quickstart.sh build                           only builds build/greenroom
#   ./quickstart.sh test                            builds everything and runs the test suite
set -euo pipefail

# Every package Greenroom needs, by its name in Debian and Ubuntu, and why.
packages="
g++                   the compiler (C++20)
cmake                 configures the build
ninja-build           runs it on all cores
pkgconf               finds the libraries below that have no CMake files
libfmt-dev            messages and numbers as text
nlohmann-json3-dev    model configurations, tokenizer files and --json
libcxxopts-dev        the command line
libtomlplusplus-dev   settings files
libmimalloc-dev       a fast allocator for tokenizers and templates
libutf8proc-dev       Unicode classes (pkg-config)
libedit-dev           line editing and history in the chat (pkg-config)
liburing-dev          many direct reads of a model in flight (pkg-config)
"
test_packages="
libgtest-dev          the tests
libboost-context-dev  the threads of the emulated GPU in the tests
"

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
build=$root/build
stamp=$build/quickstart.stamp  # newer than the presets it was configured with
demo_prompt="Tell me a story about a fox and a lighthouse."

say() { printf 'quickstart: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

print_usage() { sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

names_of() { awk 'NF { print $1 }' <<<"$1"; }

# The lines of a package list whose package is not installed.
missing_of() {
    local names installed
    mapfile -t names < <(names_of "$1")
    installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${names[@]}" 2>/dev/null |
        awk '$2 == "installed" { print $1 }' || true)
    awk 'NR == FNR { have[$1]; next } NF && !($1 in have)' <(printf '%s\n' "$installed") - <<<"$1"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif ! command -v sudo >/dev/null; then
        fail "installing packages needs root and there is no sudo; as root, run: $*"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 "$@" </dev/null >&2
}

# Whether apt already knows where to fetch all of these; not so on a machine with empty lists.
apt_knows() {
    local name
    for name in "$@"; do
        [ -n "$(apt-cache madison "$name" 2>/dev/null)" ] || return 1
    done
}

install_missing() {
    local missing names
    missing=$(missing_of "$1")
    [ -n "$missing" ] || return 0
    say "installing these packages of your distribution, and what they depend on:"
    awk '{ print "  " $0 }' <<<"$missing" >&2
    mapfile -t names < <(names_of "$missing")
    if ! apt_knows "${names[@]}"; then
        apt_get update || say "apt-get update failed; trying with what is known"
    fi
    apt_get install -y --no-install-recommends "${names[@]}" ||
        { apt_get update && apt_get install -y --no-install-recommends "${names[@]}"; } ||
        fail "could not install: ${names[*]}. Greenroom is built on Debian 12 and Ubuntu 24.04;" \
            "an older release may lack some of them"
}

ensure_packages() {
    local wanted=$1
    if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
        install_missing "$wanted"
        return
    fi
    if ! command -v cmake >/dev/null || ! command -v c++ >/dev/null; then
        fail "this is neither Debian nor Ubuntu, so nothing is installed for you; install these" \
            "(Debian names) and run this again: $(list_names "$wanted")"
    fi
    say "this is neither Debian nor Ubuntu; trying with what is installed"
}

list_names() { names_of "$1" | tr '\n' ' '; }

cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt" 2>/dev/null; }

# Whether build/ is configured for this folder, with tests where they are wanted ($1 = ON).
configured() {
    [ -f "$build/build.ninja" ] || [ -f "$build/Makefile" ] || return 1
    [ "$(cached CMAKE_HOME_DIRECTORY)" = "$root" ] || return 1
    [ "$stamp" -nt "$root/CMakePresets.json" ] || return 1
    [ "$1" = OFF ] || [ "$(cached GREENROOM_TESTS)" = ON ]
}

# Where the CUDA toolkit's compiler is, if there is one.
find_nvcc() { command -v nvcc || ls /usr/local/cuda/bin/nvcc 2>/dev/null || true; }

# The GPUs of this machine as generations that nvcc knows, "75;86"; nothing without any.
gpu_generations() {
    { nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null || true; } |
        tr -d . | { grep -E '^[0-9]+$' || true; } | sort -un | paste -sd ';'
}

# Sets options for the device code, and says what will be built.
choose_device_code() {
    local nvcc generations
    nvcc=$(find_nvcc)
    if [ -z "$nvcc" ]; then
        say "no CUDA toolkit (nvcc): building for the CPU alone"
        return
    fi
    generations=$(gpu_generations)
    say "CUDA toolkit found ($nvcc): device code for" \
        "${generations:-75, as this machine shows no GPU}"
    export CUDACXX=$nvcc
    options+=(-DCMAKE_CUDA_ARCHITECTURES="${generations:-75}")
}

configure() {
    local tests=$1 options=()
    ! configured "$tests" || return 0
    say "configuring"
    choose_device_code
    mkdir -p "$build"
    if [ "$(cached CMAKE_HOME_DIRECTORY)" != "$root" ]; then
        rm -rf "$build/CMakeCache.txt" "$build/CMakeFiles"
        if command -v ninja >/dev/null; then options+=(-G Ninja); fi
        if command -v ccache >/dev/null; then options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
    fi
    if [ "$tests" = ON ] || [ -z "$(cached GREENROOM_TESTS)" ]; then
        options+=(-DGREENROOM_TESTS="$tests" -DGREENROOM_PERF="$tests")
    fi
    (cd "$root" && cmake --preset cpu "${options[@]}") >"$build/configure.log" 2>&1 || {
        cat "$build/configure.log" >&2
        fail "configuring failed. Needed (Debian names): $(list_names "$wanted")"
    }
    grep -o 'no device code: .*' "$build/configure.log" >&2 || true
    touch "$stamp"
}

# As many compilers as there are cores, and as memory allows at about 1 GB each.
n_jobs() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/^MemAvailable/ { print int($2 / 1000000) }' /proc/meminfo 2>/dev/null || true)
    if [ -n "$memory" ] && [ "$memory" -lt "$cores" ]; then cores=$memory; fi
    echo $((cores > 0 ? cores : 1))
}

up_to_date() {
    [ -f "$build/build.ninja" ] && ninja -C "$build" -n "$1" 2>/dev/null | grep -q "no work to do"
}

build_target() {
    up_to_date "$1" || cmake --build "$build" --parallel "$(n_jobs)" --target "$1" >&2
}

chat() {
    if [ -t 0 ]; then exec "$build/greenroom" chat "$@"; fi
    say "no terminal to chat in, so here is one answer to: $demo_prompt"
    printf '%s\n' "$demo_prompt" | "$build/greenroom" chat "$@"
}

mode=chat
case ${1-} in
    -h | --help) print_usage; exit 0 ;;
    test | build) mode=$1; shift ;;
esac

if [ "$mode" = test ]; then
    wanted=$packages$test_packages
    ensure_packages "$wanted"
    configure ON
    build_target all
    ctest --test-dir "$build" --output-on-failure --parallel "$(nproc)" --label-exclude slow "$@"
else
    wanted=$packages
    ensure_packages "$wanted"
    configure OFF
    build_target greenroom
    if [ "$mode" = chat ]; then chat "$@"; fi
fi
