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

/// An executable of the build.
#[derive(Debug)]
pub(super) struct Artifact {
    pub(super) executable: PathBuf,
    pub(super) package: String,
    pub(super) id: String,
    pub(super) selector: String,
}

/// Builds; cargo's progress and diagnostics go to our standard error.
pub(super) fn compile(project: &Project, args: &CargoArgs, interrupt: &Interrupt) -> Result<Vec<Artifact>> {
    let mut command = args.build_command();
    command.arg("--message-format=json-render-diagnostics").stdin(Stdio::null()).stdout(Stdio::piped());
    let (status, artifacts) = cargo::run(command, interrupt, |child| {
        let mut artifacts = Vec::new();
        for message in
            child.stdout.take().into_iter().flat_map(|out| Message::parse_stream(BufReader::new(out)))
        {
            if let Message::CompilerArtifact(artifact) = message? {
                artifacts.extend(test_artifact(project, artifact));
            }
        }
        Ok(artifacts)
    })?;
    match status.success() {
        true => Ok(artifacts),
        false => Err(Error::already_reported(ExitCode::BuildFailed)),
    }
}

/// `None` for what is no executable, or not built as a test.
fn test_artifact(project: &Project, artifact: cargo_metadata::Artifact) -> Option<Artifact> {
    let executable = artifact.executable?.into();
    if !artifact.profile.test {
        return None;
    }
    let package = project.package_name(&artifact.package_id);
    Some(Artifact {
        id: binary_id(&package, &artifact.target),
        selector: format!("-p {package} {}", target_flag(&artifact.target)),
        executable,
        package,
    })
}

/// nextest's binary IDs.
fn binary_id(package: &str, target: &Target) -> String {
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
