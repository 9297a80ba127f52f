//! Have cargo build the test binaries, and learn from cargo itself how it would start each of them.

mod cargo;
mod commit;
mod compile;
mod environment;
mod given;
mod members;
mod project;
pub(crate) mod record;
mod runner;

pub(crate) use commit::commit;
pub(crate) use compile::{Artifact, Program, selector};
pub(crate) use environment::{seal, set_by_cargo};
pub(crate) use members::{Features, Members};
pub(crate) use project::Project;
pub(crate) use record::{Start, Variable};
pub(crate) use runner::{runner, variable as runner_variable};

use crate::args::CargoArgs;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::suite::{Launch, Stamp};
use spawncheck::child::Interrupt;
use std::path::{Path, PathBuf};

/// The variable in which cargo says where libraries are.
pub(crate) const LIBRARY_PATH: &str = if cfg!(windows) {
    "PATH"
} else if cfg!(target_os = "macos") {
    "DYLD_FALLBACK_LIBRARY_PATH"
} else {
    "LD_LIBRARY_PATH"
};

/// A test binary that is ready to be asked for its tests.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) id: String,
    pub(crate) package: String,
    pub(crate) selector: Vec<String>,
    pub(crate) launch: Launch,
}

/// What was built, and how cargo starts it.
#[derive(Debug)]
pub(crate) struct Recorded {
    /// Sorted by ID.
    pub(crate) tests: Vec<(Artifact, Start)>,
    pub(crate) programs: Vec<Program>,
    /// Dynamic libraries that were built, and what came with them.
    pub(crate) libraries: Vec<PathBuf>,
    /// The names of variables that cargo's configuration sets.
    pub(crate) configured: Vec<String>,
    /// The environment that cargo was called in.
    pub(crate) caller: Vec<Variable>,
}

/// Builds what `cargo test` would run. `temp` is an empty folder of ours.
pub(crate) fn record(
    project: &Project,
    args: &CargoArgs,
    temp: &Path,
    interrupt: &Interrupt,
) -> Result<Recorded> {
    let given = given::variables(args.config(), !args.targets().is_empty())?;
    let compiled = compile::compile(project, args, interrupt)?;
    let (starts, configured) = record::starts(args, temp, interrupt)?;
    Ok(Recorded {
        tests: pairs(compiled.tests, starts)?,
        programs: compiled.programs,
        libraries: compiled.libraries,
        configured: [configured, given].concat(),
        caller: std::env::vars_os().collect(),
    })
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
    let Recorded { tests, configured, caller, .. } = record(project, args, temp, interrupt)?;
    // Cargo's configuration may set a variable to the very value that the caller has: it counts as cargo's nevertheless.
    let pass_env = [pass_env, &configured].concat();
    let built = |(artifact, start): (Artifact, Start)| {
        Ok(Built {
            selector: selector(&artifact.package, &artifact.target),
            id: artifact.id,
            package: artifact.package,
            launch: launch(start, &caller, &pass_env)?,
        })
    };
    tests.into_iter().map(built).collect()
}

/// Each binary and how it is started, sorted by ID.
fn pairs(mut built: Vec<Artifact>, starts: Vec<Start>) -> Result<Vec<(Artifact, Start)>> {
    let mut pairs =
        starts.into_iter().map(|start| Ok((find(&mut built, &start)?, start))).collect::<Result<Vec<_>>>()?;
    if let Some(artifact) = built.first() {
        // Cargo has run it for real, unseen, if it started it at all.
        let message = format!("cargo built `{}`, and did not have us start it", artifact.id);
        return Err(Error::new(ExitCode::Setup, message)
            .hint("is another target configured where we do not look? name it with --target"));
    }
    pairs.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
    Ok(pairs)
}

fn find(artifacts: &mut Vec<Artifact>, start: &Start) -> Result<Artifact> {
    let index = artifacts.iter().position(|artifact| artifact.executable == start.executable);
    index.map(|index| artifacts.swap_remove(index)).ok_or_else(|| {
        let message = format!("cargo started `{}`, which it did not build", start.executable.display());
        Error::new(ExitCode::Setup, message)
            .hint("something else is building in the same target directory; run again")
    })
}

fn launch(start: Start, caller: &[Variable], pass_env: &[String]) -> Result<Launch> {
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
        platform: start.platform,
        stamp,
    })
}

#[cfg(test)]
mod tests {
    use super::{Artifact, Start, pairs};
    use crate::platform::Platform;

    fn built(id: &str) -> Artifact {
        Artifact { executable: id.into(), package: "p".into(), id: id.into(), target: "--lib".into() }
    }

    fn start(id: &str) -> Start {
        let platform = Platform { triple: "x86_64-unknown-linux-gnu".into() };
        Start { executable: id.into(), dir: ".".into(), env: Vec::new(), runner: Vec::new(), platform }
    }

    #[track_caller]
    fn check(built_ids: &[&str], started: &[&str], expected: Result<&[&str], &str>) {
        let found = pairs(
            built_ids.iter().map(|id| built(id)).collect(),
            started.iter().map(|id| start(id)).collect(),
        );
        match (found, expected) {
            (Ok(pairs), Ok(ids)) => {
                assert!(pairs.iter().all(|(artifact, start)| artifact.executable == start.executable));
                assert_eq!(pairs.iter().map(|(artifact, _)| &*artifact.id).collect::<Vec<_>>(), ids);
            }
            (Err(error), Err(text)) => assert!(error.to_string().contains(text), "{error}"),
            (found, _) => panic!("{found:?}"),
        }
    }

    #[test]
    fn each_binary_is_started_once() {
        check(&["b", "a"], &["a", "b"], Ok(&["a", "b"]));
        check(&[], &[], Ok(&[]));
        check(&["a"], &["a", "b"], Err("started `b`, which it did not build"));
        check(&["a", "b"], &["a"], Err("built `b`, and did not have us start it"));
        check(&["a"], &[], Err("built `a`, and did not have us start it"));
    }
}
