#!/bin/sh
# Cargo's runner for x86_64-pc-windows-gnu: Wine, without the variables that belong to the build.
unset RUSTC RUSTC_BOOTSTRAP
exec /usr/lib/wine/wine64 "$@"
