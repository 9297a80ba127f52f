#!/usr/bin/env bash
# Checks the JUnit files of a run and of a merge against the schema of Jenkins' xunit plugin. A copy of it comes with the sources of pytest,
# which is tested against the same one.
# Needs cargo and PyPI, and Debian where Python with `venv` or xmllint is missing; installs into the target directory.
set -euo pipefail
cd "$(dirname "$0")/.."

version=8.4.2
folder=${CARGO_TARGET_DIR:-target}/validate-junit
schema=$folder/junit-10.xsd
missing=()
command -v xmllint >/dev/null || missing+=(libxml2-utils)
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
fi
mkdir -p "$folder"
if [ ! -e "$schema" ]; then
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --no-binary :all: --dest "$folder" "pytest==$version"
    tar --extract --gzip --file "$folder/pytest-$version.tar.gz" --directory "$folder" --strip-components=3 \
        "pytest-$version/testing/example_scripts/junit-10.xsd"
fi

spawncheck() { cargo run --quiet --locked --release -p cargo-spawncheck -- spawncheck "$@"; }
# finds COMMAND …: expects the exit code for findings.
finds() {
    local code=0
    "$@" >/dev/null || code=$?
    [ "$code" -eq 120 ] || { echo "expected exit code 120, got $code: $*" >&2; exit 1; }
}
# Findings with causes, accepted ones, failures, workers.
finds spawncheck --manifest-path tests/fixtures/statics/Cargo.toml --target-dir "$folder/statics" \
    --junit "$folder/statics.xml" --report-file "$folder/statics.jsonl" --thorough
finds spawncheck --manifest-path examples/pyfork/Cargo.toml --target-dir "$folder/pyfork" \
    --junit "$folder/pyfork.xml" --report-file "$folder/pyfork.jsonl"
finds spawncheck merge "$folder/statics.jsonl" "$folder/pyfork.jsonl" --junit "$folder/merged.xml"
xmllint --noout --schema "$schema" "$folder"/{statics,pyfork,merged}.xml
