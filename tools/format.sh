#!/usr/bin/env bash
# Formats every source file in place; with --check only names those that differ, and exits 1.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
mapfile -t sources < <(git ls-files '*.cpp' '*.hpp' '*.cu' '*.cuh')
if [ "${1-}" != --check ]; then
    clang-format -i "${sources[@]}"
    exit
fi
status=0
for source in "${sources[@]}"; do
    clang-format "$source" | cmp --silent - "$source" || { echo "$source"; status=1; }
done
exit $status
