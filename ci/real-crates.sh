#!/usr/bin/env bash
# Runs cargo-spawncheck on public crates and prints what it finds, a table row each.
#
#     ci/real-crates.sh [NAME=VERSION[,CARGO-FLAGS] ...]        default: the list of docs/real-crates.md
#
# Sources come from the registry by `cargo vendor`; everything lands below $SPAWNCHECK_REAL_CRATES, else TMPDIR.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=${SPAWNCHECK_REAL_CRATES:-${TMPDIR:-/tmp}/spawncheck-real-crates} # outside of any repository: some build scripts write to its hooks
cargo build --quiet --release --manifest-path "$root/Cargo.toml" -p cargo-spawncheck
spawncheck=${CARGO_TARGET_DIR:-$root/target}/release/cargo-spawncheck

default=(
    facet-json=0.30.0 mock_instant=0.3.2,--features=sync ruvector-metrics=2.0.6 temp-env=0.3.6 ustr=0.8.1
    xshell=0.2.7 stdio-override=0.2.0 colored=3.1.1 cmd_lib=2.0.1 procfs=0.18.0
    dotenvy=0.15.7 env_logger=0.11.11 eyre=0.6.14 haphazard=0.1.8 log=0.4.35 mock_instant=0.6.1 rlimit=0.11.0
    ruvector-metrics=2.3.0 serial_test=4.0.1 shellexpand=3.1.2 signal-hook-registry=1.4.8 state=0.6.0 stakker=0.2.16
    tracing-core=0.1.36 petgraph=0.8.3
)
[ $# -gt 0 ] || set -- "${default[@]}"

echo "| crate | tests | agree | fail both ways | findings | exit | seconds |"
echo "| --- | --- | --- | --- | --- | --- | --- |"
for item in "$@"; do
    IFS=, read -r crate flags <<<"$item"
    name=${crate%%=*} version=${crate#*=}
    dir=$work/$name-$version
    if [ ! -d "$dir" ]; then
        fetch=$work/fetch-$name-$version
        mkdir -p "$fetch/src" && : >"$fetch/src/lib.rs"
        printf '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n[dependencies]\n%s = "=%s"\n' \
            "$name" "$version" >"$fetch/Cargo.toml"
        (cd "$fetch" && cargo vendor --quiet --versioned-dirs >/dev/null)
        cp -r "$fetch/vendor/$name-$version" "$dir.new"
        printf '\n[workspace]\n' >>"$dir.new/Cargo.toml"
        mv "$dir.new" "$dir" && rm -rf "$fetch"
    fi
    out=$dir.jsonl code=0
    # shellcheck disable=SC2086 # flags are words
    (cd "$dir" && "$spawncheck" spawncheck --message-format json --target-dir "$work/target/$name-$version" $flags) \
        >"$out" 2>"$dir.stderr" || code=$?
    last=$(grep '"type":"run-finished"' "$out" || echo '{}')
    field() { sed -E "s/.*\"$1\":([0-9.]+).*/\1/" <<<"$last"; }
    kinds=$(grep '"type":"finding"' "$out" | sed -E 's/.*"kind":"([a-z]+)".*/\1/' | sort | uniq -c |
        awk '{printf "%s%d %s", sep, $1, $2; sep=", "}' || true)
    printf '| %s %s%s | %s | %s | %s | %s | %s | %.1f |\n' "$name" "$version" "${flags:+ \`$flags\`}" "$(field tests)" \
        "$(field passed)" "$(field failed)" "${kinds:-none}" "$code" "$(awk -v ms="$(field wall_ms)" 'BEGIN{print ms/1000}')"
done
