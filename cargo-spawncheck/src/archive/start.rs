//! Whether the binaries of an archive start on this machine: by themselves, or by a target runner.

use super::manifest::{Manifest, Record};
use super::read::Wrong;
use crate::build;
use crate::error::Error;
use crate::exit::ExitCode;
use crate::platform::Platform;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

/// The target runners of this machine, by triple; the build machine's are not in an archive.
pub(super) type Runners = BTreeMap<String, Vec<OsString>>;

pub(super) fn runners(manifest: &Manifest) -> Result<Runners, Wrong> {
    let platforms: BTreeSet<&Platform> = manifest.binaries.iter().map(|record| &record.platform).collect();
    let of = |platform: &Platform| {
        let runner = build::runner(platform).map_err(|error| {
            let reason =
                format!("failed to find out which runner is configured here for {}", platform.triple);
            let variable = build::runner_variable(platform);
            Wrong::new(
                Error::new(ExitCode::Setup, reason).source(error).to_string(),
                format!("set {variable}, or run in a folder without that configuration"),
            )
        })?;
        Ok((platform.triple.clone(), runner))
    };
    platforms.into_iter().map(of).collect()
}

pub(super) fn check_platform(manifest: &Manifest, runners: &Runners) -> Result<(), Wrong> {
    let has_runner =
        |platform: &Platform| runners.get(&platform.triple).is_some_and(|words| !words.is_empty());
    let starts = |platform: &Platform| platform.starts_here() || has_runner(platform);
    match manifest.binaries.iter().find(|record| !starts(&record.platform)) {
        None => Ok(()),
        Some(Record { id, platform, .. }) => Err(Wrong::new(
            format!(
                "`{id}` is built for {}, and this is {} on {}",
                platform.triple,
                std::env::consts::OS,
                std::env::consts::ARCH
            ),
            format!(
                "build with --target for this machine, or name a runner in {}",
                build::runner_variable(platform)
            ),
        )),
    }
}
