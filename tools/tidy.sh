#!/usr/bin/env bash
# Runs clang-tidy with the checks of .clang-tidy on the sources named, or on all of them. Needs a
# configured build/ (it holds compile_commands.json).
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
if [ $# -eq 0 ]; then
    mapfile -t sources < <(git ls-files 'io/*.cpp' 'kernels/*.cpp' 'cache/*.cpp' 'prefetch/*.cpp' \
        'runtime/*.cpp' 'cli/*.cpp')
    set -- "${sources[@]}"
fi
printf '%s\0' "$@" | xargs -0 -n 4 -P "$(nproc)" clang-tidy -p build --quiet
