//! `cargo test --no-run`, and the executables that it reports.

use super::{Project, cargo};
use crate::args::CargoArgs;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use cargo_metadata::{Message, Target, TargetKind};
use spawncheck::child::Interrupt;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::Stdio;

/// A test binary of the build.
#[derive(Debug)]
pub(crate) struct Artifact {
    pub(crate) executable: PathBuf,
    pub(crate) package: String,
    pub(crate) id: String,
    /// The cargo flag that selects it within its package.
    pub(crate) target: String,
}

/// A program of the build, which integration tests of its package may start.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) executable: PathBuf,
    pub(crate) package: String,
    pub(crate) name: String,
}

/// What was built.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    pub(super) tests: Vec<Artifact>,
    pub(super) programs: Vec<Program>,
    /// What dynamic libraries there are, and what came with them.
    pub(super) libraries: Vec<PathBuf>,
}

impl Artifact {
    /// Whether cargo tells it where its package's programs are.
    pub(crate) fn sees_programs(&self) -> bool {
        self.target.starts_with("--test ") || self.target.starts_with("--bench ")
    }
}

/// The cargo flags that select one binary: `target` is a flag, and the name behind it.
pub(crate) fn selector(package: &str, target: &str) -> Vec<String> {
    ["-p", package].into_iter().chain(target.splitn(2, ' ')).map(str::to_owned).collect()
}

/// Builds; cargo's progress and diagnostics go to our standard error.
pub(super) fn compile(project: &Project, args: &CargoArgs, interrupt: &Interrupt) -> Result<Compiled> {
    let mut command = args.build_command();
    command.arg("--message-format=json-render-diagnostics").stdin(Stdio::null()).stdout(Stdio::piped());
    let (status, compiled) = cargo::run(command, ExitCode::BuildFailed, interrupt, |child| {
        let mut compiled = Compiled::default();
        for message in
            child.stdout.take().into_iter().flat_map(|out| Message::parse_stream(BufReader::new(out)))
        {
            if let Message::CompilerArtifact(artifact) = message? {
                compiled.add(project, artifact);
            }
        }
        Ok(compiled)
    })?;
    match status.success() {
        true => Ok(compiled),
        false => Err(Error::already_reported(ExitCode::BuildFailed)),
    }
}

impl Compiled {
    /// What is no executable is none of ours.
    fn add(&mut self, project: &Project, artifact: cargo_metadata::Artifact) {
        let dynamic = |kind: &TargetKind| matches!(kind, TargetKind::DyLib | TargetKind::CDyLib);
        if !artifact.profile.test && artifact.target.kind.iter().any(dynamic) {
            self.libraries.extend(artifact.filenames.iter().map(PathBuf::from));
        }
        let Some(executable) = artifact.executable.map(PathBuf::from) else { return };
        let (package, target) = (project.package_name(&artifact.package_id), artifact.target);
        match (artifact.profile.test, target.kind.first()) {
            (true, _) => self.tests.push(Artifact {
                id: binary_id(&package, &target),
                target: target_flag(&target),
                executable,
                package,
            }),
            (false, Some(TargetKind::Bin)) => {
                self.programs.push(Program { executable, package, name: target.name });
            }
            _ => {}
        }
    }
}

/// nextest's binary IDs.
pub(super) fn binary_id(package: &str, target: &Target) -> String {
    let name = &target.name;
    match target.kind.first() {
        Some(TargetKind::Test) => format!("{package}::{name}"),
        Some(TargetKind::Bin) => format!("{package}::bin/{name}"),
        Some(TargetKind::Example) => format!("{package}::example/{name}"),
        Some(TargetKind::Bench) => format!("{package}::bench/{name}"),
        // A library of whatever kind; a package has one at most.
        _ => package.to_owned(),
    }
}

fn target_flag(target: &Target) -> String {
    let name = &target.name;
    match target.kind.first() {
        Some(TargetKind::Test) => format!("--test {name}"),
        Some(TargetKind::Bin) => format!("--bin {name}"),
        Some(TargetKind::Example) => format!("--example {name}"),
        Some(TargetKind::Bench) => format!("--bench {name}"),
        _ => "--lib".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::selector;

    #[test]
    fn names_are_one_word_each() {
        assert_eq!(selector("p", "--lib"), ["-p", "p", "--lib"]);
        assert_eq!(selector("p; q", "--test a $(b)"), ["-p", "p; q", "--test", "a $(b)"]);
    }
}
