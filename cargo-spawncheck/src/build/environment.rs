//! The sealed environment: what cargo sets, what the platform needs, and what the user lets through.

use super::record::Variable;
use std::ffi::OsStr;

/// Variables that programs need to run at all, or that say where and in which language they run. Names of one
/// letter case; a trailing `*` stands for anything.
const ALLOWED: &[&str] = &[
    // Cargo, rustup, the test harness, and what instruments tests from outside.
    "CARGO",
    "CARGO_*",
    "RUSTUP_*",
    "RUST_TEST_*",
    "RUST_MIN_STACK",
    "LLVM_PROFILE_FILE",
    "*SAN_OPTIONS",
    // Everywhere.
    "PATH",
    "HOME",
    "TMPDIR",
    "TZ",
    "LANG",
    "LANGUAGE",
    "LC_*",
    // Unix.
    "USER",
    "LOGNAME",
    "SHELL",
    "LD_LIBRARY_PATH",
    "DYLD_*",
    // Windows.
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "COMSPEC",
    "PATHEXT",
    "TEMP",
    "TMP",
    "OS",
    "USERPROFILE",
    "USERNAME",
    "USERDOMAIN",
    "HOMEDRIVE",
    "HOMEPATH",
    "APPDATA",
    "LOCALAPPDATA",
    "PROGRAMDATA",
    "PROGRAMFILES*",
    "PROGRAMW6432",
    "COMMONPROGRAMFILES*",
    "ALLUSERSPROFILE",
    "PUBLIC",
    "COMPUTERNAME",
    "NUMBER_OF_PROCESSORS",
    "PROCESSOR_*",
    "WINE*",
];

/// What cargo sets for tests, whatever its caller has.
const SET_BY_CARGO: &[&str] = &[
    "CARGO",
    "CARGO_BIN_EXE_*",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_*",
    "CARGO_PKG_*",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
];

/// What differs from the caller's because it is about this machine.
const OF_THIS_MACHINE: &[&str] =
    &["PATH", "LD_LIBRARY_PATH", "DYLD_*", "CARGO_HOME", "RUSTUP_*", "RUST_RECURSION_COUNT"];

/// The part of `recorded`, an environment that cargo made from `caller`'s, that cargo would set on any machine. What it only
/// hands down is left out: it may be secret. `configured` are the names that cargo's configuration sets.
pub(crate) fn set_by_cargo(
    recorded: &[Variable],
    caller: &[Variable],
    configured: &[String],
) -> Result<Vec<(String, String)>, String> {
    let is_set = |variable: &&Variable| {
        let name = &variable.0;
        let given = configured.iter().any(|configured| same(name, configured));
        given
            || matches(name, SET_BY_CARGO)
            || (!caller.contains(variable) && !matches(name, OF_THIS_MACHINE))
    };
    let text = |(name, value): &Variable| match (name.to_str(), value.to_str()) {
        (Some(name), Some(value)) => Ok((name.to_owned(), value.to_owned())),
        _ => Err(format!("the variable `{}` is no Unicode", name.display())),
    };
    recorded.iter().filter(is_set).map(text).collect()
}

/// The part of `recorded`, an environment that cargo made from `caller`'s, that a sealed child gets.
pub(crate) fn seal(recorded: &[Variable], caller: &[Variable], pass: &[String]) -> Vec<Variable> {
    let set_by_cargo = |variable: &Variable| !caller.contains(variable);
    let passed = |name: &OsStr| pass.iter().any(|pass| same(name, pass));
    recorded
        .iter()
        .filter(|variable| set_by_cargo(variable) || passed(&variable.0) || is_allowed(&variable.0))
        .cloned()
        .collect()
}

fn same(name: &OsStr, other: &str) -> bool {
    name.to_str()
        .is_some_and(|name| if cfg!(windows) { name.eq_ignore_ascii_case(other) } else { name == other })
}

fn is_allowed(name: &OsStr) -> bool {
    matches(name, ALLOWED)
}

fn matches(name: &OsStr, patterns: &[&str]) -> bool {
    let Some(name) = name.to_str() else { return false };
    let folded = if cfg!(windows) { name.to_ascii_uppercase() } else { name.to_owned() };
    patterns.iter().any(|pattern| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(suffix), _) => folded.ends_with(suffix),
        (None, Some(prefix)) => folded.starts_with(prefix),
        (None, None) => folded == *pattern,
    })
}

#[cfg(test)]
mod tests {
    use super::{seal, set_by_cargo};
    use crate::build::Variable;

    fn environment(text: &str) -> Vec<Variable> {
        text.split_whitespace()
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    }

    /// Neither what is secret nor what is true here only.
    #[test]
    fn archives_have_what_cargo_sets() {
        let caller = environment(
            "PATH=/bin HOME=/root TOKEN=1 CARGO_REGISTRY_TOKEN=2 CARGO_PKG_VERSION=1 CARGO=/c FROM_CONFIG=3",
        );
        let recorded = environment(
            "PATH=/c:/bin HOME=/root TOKEN=1 CARGO_REGISTRY_TOKEN=2 CARGO_PKG_VERSION=1 CARGO=/c FROM_CONFIG=3 \
             LD_LIBRARY_PATH=/t RUSTUP_TOOLCHAIN=stable OUT_DIR=/o FROM_BUILD_SCRIPT=4",
        );
        let names: Vec<_> = set_by_cargo(&recorded, &caller, &["FROM_CONFIG".into()])
            .unwrap()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["CARGO_PKG_VERSION", "CARGO", "FROM_CONFIG", "OUT_DIR", "FROM_BUILD_SCRIPT"]);
    }

    #[test]
    fn sealed_is_what_cargo_sets_and_what_is_allowed() {
        let caller =
            environment("PATH=/bin SECRET=1 DATABASE_URL=x LC_ALL=C OUT_DIR=old LIB=same ASAN_OPTIONS=a");
        let recorded = environment(
            "PATH=/bin SECRET=1 DATABASE_URL=x LC_ALL=C OUT_DIR=new LIB=same ASAN_OPTIONS=a CARGO_PKG_NAME=p ODD=cargo",
        );
        let sealed = seal(&recorded, &caller, &["DATABASE_URL".into()]);
        assert_eq!(
            sealed,
            environment(
                "PATH=/bin DATABASE_URL=x LC_ALL=C OUT_DIR=new ASAN_OPTIONS=a CARGO_PKG_NAME=p ODD=cargo"
            )
        );
    }
}
