#!/usr/bin/env bash
# The Windows lane: everything that Windows can show without Windows, as Windows executables under Wine. What it cannot show is in
# docs/windows.md. Needs Debian 12 or later (it installs the packages that are missing), Rust and a registry.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
triple=x86_64-pc-windows-gnu
windows=$target/windows
packages=(rustc-web rust-web-src libstd-rust-web-dev gcc-mingw-w64-x86-64 wine64)
# Debian's compiler, because it comes with the sources of its standard library; no other one is to be replaced by it.
rustc=/usr/bin/rustc

export WINEPREFIX=$target/wine WINEDEBUG=-all
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER=$PWD/ci/windows/wine-runner.sh
# There is no cargo under Wine to ask for it.
export INSTA_WORKSPACE_ROOT=$PWD INSTA_UPDATE=no

times=()
name=
step() {
    if [ -n "$name" ]; then times+=("$SECONDS s  $name"); fi
    name=$*
    SECONDS=0
    if [ -n "$name" ]; then printf '\n==> %s\n' "$name"; fi
}
wine() { ci/windows/wine-runner.sh "$@"; }
build_std=-Zbuild-std=std,panic_abort,panic_unwind,test
# How cargo builds for Windows. Without debug info: causes, which it is for, are named on Linux only; and with the same profile
# everywhere, the standard library is built once for all projects.
for_windows=(env "RUSTC=$rustc" RUSTC_BOOTSTRAP=1 CARGO_PROFILE_DEV_DEBUG=0)
# cargo SUBCOMMAND …, for Windows.
windows_cargo() {
    "${for_windows[@]}" CARGO_TARGET_DIR="$windows" cargo "$1" "$build_std" --target "$triple" --locked "${@:2}"
}

step "Debian packages"
missing=()
for package in "${packages[@]}"; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    sudo=()
    [ "$(id -u)" -eq 0 ] || sudo=(sudo)
    "${sudo[@]}" apt-get update
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"
fi

step "a prefix for Wine"
# One server for the whole lane, started here: whoever needed it first would be its parent, and would seem to leave it behind.
mkdir -p "$WINEPREFIX"
/usr/lib/wine/wineserver64 --persistent || [ $? -eq 2 ] # it runs already
trap '/usr/lib/wine/wineserver64 --kill' EXIT
wine wineboot.exe --init
system32=$WINEPREFIX/drive_c/windows/system32
x86_64-w64-mingw32-gcc -shared -O -o "$system32/bcryptprimitives.dll" ci/windows/bcryptprimitives.c -ladvapi32
# A crash is to end the process, as on a machine that nobody watches, instead of starting a debugger.
wine reg.exe delete 'HKLM\Software\Microsoft\Windows NT\CurrentVersion\AeDebug' /v Debugger /f >/dev/null 2>&1 || true

# All that is built is selected each time: with another selection, dependencies have other features, and are built again.
tests=(-p spawncheck -p cargo-spawncheck --lib --bins --tests)

step "build for $triple"
windows_cargo test --no-run "${tests[@]}"

step "the harness, all tests; the subcommand, unit tests"
# Random programs by the hundred are for Linux: here each process takes a tenth of a second to start.
# They mostly wait for that, so there are more of them at a time than cores. There is no git under Wine.
GENERATED_PROGRAMS=8 CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER=$PWD/ci/windows/twice.sh \
    windows_cargo test --no-fail-fast "${tests[@]}" -- --test-threads 4 --skip head_and_whether_it_is_what_is_there

step "the subcommand as an executable for Windows"
windows_cargo build -p cargo-spawncheck
exe=$windows/$triple/debug/cargo-spawncheck.exe
wine "$exe" spawncheck --help | grep -q 'Usage: cargo spawncheck'

step "the subcommand for Linux"
# As the tests have built it.
cargo test --workspace --locked --no-run
tool=$target/debug/cargo-spawncheck-under-test
# spawncheck COMMAND …, with tests that are built for Windows.
spawncheck() {
    "${for_windows[@]}" "$tool" spawncheck "$@" --target-dir "$windows" --target "$triple" "$build_std"
}
# finds COMMAND …: runs it, and expects the exit code for findings; if need be, from a second attempt.
finds() {
    local code
    for attempt in first second; do
        code=0
        "$@" || code=$?
        [ "$code" -ne 120 ] || return 0
        echo "$attempt attempt: expected exit code 120, got $code" >&2
    done
    exit 1
}

step "a script that is right after fork only"
list=$(windows_cargo run --manifest-path examples/pyfork/Cargo.toml --quiet -- -i 2 --method spawn)
[ "${list%$'\r'}" = "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]" ] || { echo "got $list" >&2; exit 1; }
# The Windows half of a matrix; the Linux half is the same command without a target.
finds spawncheck run --manifest-path examples/pyfork/Cargo.toml --timeout 5m --report-file "$windows/pyfork.jsonl"

step "one matrix of both platforms"
finds "$tool" spawncheck --manifest-path examples/pyfork/Cargo.toml --report-file "$windows/pyfork-linux.jsonl"
finds "$tool" spawncheck merge "$windows"/pyfork{-linux,}.jsonl --html "$windows/pyfork.html" | tee "$windows/matrix"
grep -q 'DIVERGES.*pyfork.*worker' "$windows/matrix"
grep -q '2 platforms' "$windows/matrix"

step "an archive from Linux, run by the executable for Windows"
spawncheck archive --manifest-path examples/pricing/Cargo.toml --archive-file "$windows/pricing.tar.zst"
# There, nobody has to run Wine for it.
finds env -u CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER ci/windows/wine-runner.sh "$exe" spawncheck run --archive "$windows/pricing.tar.zst" --workspace-remap "Z:${PWD//\//\\}\\examples\\pricing"

step "fixtures, by the subcommand on Linux"
SPAWNCHECK_WINDOWS_TARGET=$windows SPAWNCHECK_WINDOWS_RUSTC=$rustc \
    cargo test --workspace --locked --test windows -- --no-capture

step
printf '\n'
printf '%s\n' "${times[@]}"
