//! How a recorded test binary is started here.

use super::manifest::Record;
use super::paths::Remap;
use crate::build::{self, Built, LIBRARY_PATH, Variable};
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::suite::{Launch, Stamp};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// `runner` is this machine's. The environment is this machine's, and what cargo set on the other one.
pub(super) fn built(
    record: &Record,
    remap: &Remap,
    runner: Vec<OsString>,
    pass_env: &[String],
) -> Result<Built> {
    let path = |recorded: &str| remap.path(recorded).unwrap_or_else(|| recorded.into());
    let executable = path(&record.executable);
    let stamp = Stamp::of(&executable).map_err(|error| {
        Error::new(ExitCode::ListFailed, format!("failed to look at `{}`", executable.display()))
            .source(error)
    })?;
    let caller: Vec<Variable> = std::env::vars_os().collect();
    let mut inherited = caller.clone();
    for (name, value) in &record.env {
        set(&mut inherited, name, remap.value(value));
    }
    let folders: Vec<PathBuf> = record.library_path.iter().filter_map(|folder| remap.path(folder)).collect();
    if let Some(joined) = library_path(&folders, &caller)? {
        set(&mut inherited, LIBRARY_PATH, joined);
    }
    // What cargo sets counts as such, even where the caller happens to have the same.
    let names = record.env.iter().map(|(name, _)| name.clone()).chain([LIBRARY_PATH.to_owned()]);
    let pass: Vec<String> = pass_env.iter().cloned().chain(names).collect();
    Ok(Built {
        id: record.id.clone(),
        package: record.package.clone(),
        selector: build::selector(&record.package, &record.target),
        launch: Launch {
            sealed: build::seal(&inherited, &caller, &pass),
            inherited,
            executable,
            runner,
            platform: record.platform.clone(),
            dir: path(&record.dir),
            stamp,
        },
    })
}

fn set(variables: &mut Vec<Variable>, name: &str, value: OsString) {
    let same = |other: &OsStr| match cfg!(windows) {
        true => other.eq_ignore_ascii_case(name),
        false => other == name,
    };
    variables.retain(|(other, _)| !same(other));
    variables.push((name.into(), value));
}

fn library_path(folders: &[PathBuf], caller: &[Variable]) -> Result<Option<OsString>> {
    if folders.is_empty() {
        return Ok(None);
    }
    let is_path = |name: &OsStr| name.eq_ignore_ascii_case(LIBRARY_PATH);
    let old =
        caller.iter().find(|(name, _)| is_path(name)).map(|(_, value)| value.clone()).unwrap_or_default();
    let rest: Vec<PathBuf> =
        std::env::split_paths(&old).filter(|path| !path.as_os_str().is_empty()).collect();
    std::env::join_paths(folders.iter().chain(&rest)).map(Some).map_err(|error| {
        Error::new(ExitCode::Setup, "failed to put the archive's folders on the library path")
            .source(error)
            .hint("--extract-to names another folder, without separators of paths in its name")
    })
}
