#!/usr/bin/env bash
# Checks the workflows against the schema of GitHub Actions: that of this repository, and the one that `init` writes.
# Needs PyPI, and Debian where Python with `venv` is missing; installs into the target directory.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.39.0
venv="${CARGO_TARGET_DIR:-target}/lint-workflow"
check="$venv/bin/check-jsonschema"
if ! "$check" --version 2>/dev/null | grep -qF "$version"; then
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        apt-get update
        DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3 python3-venv
    fi
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "check-jsonschema==$version"
fi
# The schema comes with the package: nothing else is fetched.
"$check" --builtin-schema vendor.github-workflows .github/workflows/*.yml cargo-spawncheck/src/init/github.yml
