#!/usr/bin/env bash
# Cargo's runner for our own tests: Wine, and once more for the tests that fail. Wine 8 ends one process of hundreds before it has begun; what
# is wrong is wrong again. (Not for the tool's own runs, which have to see what happens.)
set -uo pipefail
runner=$(dirname "$0")/wine-runner.sh
log=$(mktemp)
trap 'rm -f "$log"' EXIT

"$runner" "$@" | tee "$log" && exit
# The last list of failures; its lines are indented.
mapfile -t failed < <(awk '/^failures:/ { list = "" } /^    [^ ]/ { list = list substr($0, 5) "\n" } END { printf "%s", list }' "$log" | tr -d '\r')
[ ${#failed[@]} -gt 0 ] || { echo "once more: $1" >&2; "$runner" "$@"; exit; }
# A list this long is no accident.
[ ${#failed[@]} -le 5 ] || exit 1
for name in "${failed[@]}"; do
    echo "once more: $name" >&2
    "$runner" "$1" --exact "$name" || exit
done
