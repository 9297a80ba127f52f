//! The target runner of this machine, for binaries that were built on another one.
//!
//! It is the one that cargo would use: of a variable, or of the configuration of the current directory. There may be no compiler here, and
//! without one nobody knows which `cfg(…)` of a configuration hold for a target. So it is asked only where that can matter.

use crate::platform::Platform;
use cargo_config2::{Config, Error, PathAndArgs, de};
use std::ffi::{OsStr, OsString};

/// The runner and its arguments; empty if there is none.
pub(crate) fn runner(platform: &Platform) -> Result<Vec<OsString>, Error> {
    let named = std::env::var_os(variable(platform)).map(|value| words(&value)).unwrap_or_default();
    if named.is_empty() { configured(platform.name()).map(command) } else { Ok(named) }
}

/// `None` without asking the compiler, if no runner can be meant.
fn configured(target: &str) -> Result<Option<PathAndArgs>, Error> {
    let any = |config: &de::Config| {
        let can_be_meant = |key: &str| key == target || key.starts_with("cfg(");
        config.target.iter().any(|(key, table)| can_be_meant(key) && table.runner.is_some())
    };
    match any(&de::Config::load()?) {
        true => Config::load()?.runner(target),
        false => Ok(None),
    }
}

/// The words of a runner that is configured.
pub(super) fn command(runner: Option<PathAndArgs>) -> Vec<OsString> {
    let Some(PathAndArgs { path, args, .. }) = runner else { return Vec::new() };
    [path.into_os_string()].into_iter().chain(args).collect()
}

/// Where the runner is named for one target.
pub(crate) fn variable(platform: &Platform) -> String {
    format!("CARGO_TARGET_{}_RUNNER", platform.name().replace(['-', '.'], "_").to_uppercase())
}

/// As cargo takes it apart: at blanks, with no way to quote one.
fn words(value: &OsStr) -> Vec<OsString> {
    value.to_string_lossy().split_whitespace().map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use super::{variable, words};
    use crate::platform::Platform;

    #[test]
    fn variables_of_targets() {
        let of = |triple: &str| variable(&Platform { triple: triple.into() });
        assert_eq!(of("x86_64-pc-windows-gnu"), "CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER");
        assert_eq!(of("targets/thumbv8m.main-none-eabi.json"), "CARGO_TARGET_THUMBV8M_MAIN_NONE_EABI_RUNNER");
    }

    #[test]
    fn a_runner_and_its_arguments() {
        assert_eq!(words(" qemu-arm  -L /usr ".as_ref()), ["qemu-arm", "-L", "/usr"]);
        assert!(words(" ".as_ref()).is_empty());
    }
}
