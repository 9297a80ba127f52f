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

/// The part of `recorded`, an environment that cargo made from `caller`'s, that a sealed child gets.
pub(super) fn seal(recorded: &[Variable], caller: &[Variable], pass: &[String]) -> Vec<Variable> {
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
    let Some(name) = name.to_str() else { return false };
    let folded = if cfg!(windows) { name.to_ascii_uppercase() } else { name.to_owned() };
    ALLOWED.iter().any(|pattern| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(suffix), _) => folded.ends_with(suffix),
        (None, Some(prefix)) => folded.starts_with(prefix),
        (None, None) => folded == *pattern,
    })
}

#[cfg(test)]
mod tests {
    use super::seal;

    #[test]
    fn sealed_is_what_cargo_sets_and_what_is_allowed() {
        let environment = |text: &str| -> Vec<_> {
            text.split_whitespace()
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (name.into(), value.into()))
                .collect()
        };
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
