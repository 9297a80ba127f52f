//! Have cargo build the test binaries, and learn from cargo itself how it would start each of them.

mod cargo;
mod compile;
mod environment;
mod project;
pub(crate) mod record;

pub(crate) use project::Project;

use crate::args::CargoArgs;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::suite::{Launch, Stamp};
use compile::Artifact;
use record::Start;
use spawncheck::child::Interrupt;
use std::path::Path;

/// A test binary that is ready to be asked for its tests.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) id: String,
    pub(crate) package: String,
    pub(crate) selector: String,
    pub(crate) launch: Launch,
}

/// Builds, and returns the binaries that `cargo test` would run, sorted by ID.
///
/// `temp` is an empty folder of ours; `pass_env` names variables that count as allow-listed.
pub(crate) fn build(
    project: &Project,
    args: &CargoArgs,
    pass_env: &[String],
    temp: &Path,
    interrupt: &Interrupt,
) -> Result<Vec<Built>> {
    let artifacts = compile::compile(project, args, interrupt)?;
    let (starts, configured) = record::starts(args, temp, interrupt)?;
    // Cargo's configuration may set a variable to the very value that the caller has: it counts as cargo's nevertheless.
    let pass_env = [pass_env, &configured].concat();
    let caller: Vec<_> = std::env::vars_os().collect();
    let mut built = starts
        .into_iter()
        .map(|start| {
            let artifact = find(&artifacts, &start)?;
            Ok(Built {
                id: artifact.id.clone(),
                package: artifact.package.clone(),
                selector: artifact.selector.clone(),
                launch: launch(start, &caller, &pass_env)?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    built.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(built)
}

fn find<'a>(artifacts: &'a [Artifact], start: &Start) -> Result<&'a Artifact> {
    artifacts.iter().find(|artifact| artifact.executable == start.executable).ok_or_else(|| {
        let message = format!("cargo started `{}`, which it did not build", start.executable.display());
        Error::new(ExitCode::Setup, message)
            .hint("something else is building in the same target directory; run again")
    })
}

fn launch(start: Start, caller: &[record::Variable], pass_env: &[String]) -> Result<Launch> {
    let stamp = Stamp::of(&start.executable).map_err(|error| {
        Error::new(ExitCode::ListFailed, format!("failed to look at `{}`", start.executable.display()))
            .source(error)
    })?;
    Ok(Launch {
        sealed: environment::seal(&start.env, caller, pass_env),
        inherited: start.env,
        executable: start.executable,
        runner: start.runner,
        dir: start.dir,
        stamp,
    })
}
