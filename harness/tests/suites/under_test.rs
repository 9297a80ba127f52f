//! The suites that are run.

#[cfg(target_os = "linux")]
use crate::lifelines;
use crate::{broken_suites, command_line, findings, hostile_workers, kept_cases};
use spawncheck::{Config, Suite};
use std::process::ExitCode;
use std::time::Duration;

/// Runs the suite of this name.
pub(crate) fn run(name: &str) -> ExitCode {
    let families: &[fn(&str) -> Option<Suite>] = &[
        findings::suite,
        command_line::suite,
        kept_cases::suite,
        broken_suites::suite,
        hostile_workers::suite,
        #[cfg(target_os = "linux")]
        lifelines::suite,
    ];
    families.iter().find_map(|family| family(name)).unwrap_or_else(|| panic!("no suite {name}")).run()
}

/// Enough for what these suites want to show.
pub(crate) fn config() -> Config {
    Config {
        cases: 24,
        seed: Some(1),
        timeout: Duration::from_secs(5),
        max_shrink_iters: 200,
        ..Config::default()
    }
}
