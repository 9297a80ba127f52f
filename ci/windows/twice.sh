#!/bin/sh
# Cargo's runner for our own tests: Wine, and once more where that fails. Wine 8 ends one process of hundreds without a reason; what is
# wrong is wrong again. (Not for the tool's own runs, which have to see what happens.)
runner=$(dirname "$0")/wine-runner.sh
"$runner" "$@" && exit
echo "once more: $1" >&2
exec "$runner" "$@"
