#!/usr/bin/env bash
# Looks at pages of `--html` in a real browser: content, keys, size, speed, accessibility, and what hostile names do.
#
#     ci/browser.sh [PAGES]        PAGES: a folder of pages in place of the samples that are made here
#
# Needs cargo. Chromium and node are installed from Debian's archive if they are missing; npm's packages are those of the lock file.
# With SPAWNCHECK_SCREENSHOTS=FOLDER it leaves pictures there.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if [ ${#missing[@]} -gt 0 ]; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" fonts-dejavu-core
fi
npm ci --prefix tests/browser --no-audit --no-fund

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# -gt 0 ]; then
    pages=$(cd "$1" && pwd)
else
    pages=$work
    # The whole workspace, because the features of its dependencies differ with what is selected: nothing is built again then.
    SPAWNCHECK_PAGES=$pages cargo test --workspace --locked --lib -- --ignored --exact html::tests::pages
fi
CHROMIUM=$(command -v chromium) SPAWNCHECK_PAGES=$pages npm test --prefix tests/browser
