//! The cargo project: its root and its packages.

use super::{Members, cargo};
use crate::args::CargoArgs;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use cargo_metadata::{MetadataCommand, PackageId};
use spawncheck::child::Interrupt;
use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Stdio;

/// What `cargo metadata` says of the project.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) root: PathBuf,
    /// Where it is built.
    pub(crate) target: PathBuf,
    /// Where what is in between is, if cargo says so.
    pub(crate) build: Option<PathBuf>,
    pub(crate) members: Members,
    names: HashMap<PackageId, String>,
}

impl Project {
    /// Finds the project of the current directory, or of `--manifest-path`.
    pub(crate) fn locate(args: &CargoArgs, interrupt: &Interrupt) -> Result<Self> {
        let mut command = MetadataCommand::new();
        command.cargo_path(CargoArgs::cargo_path()).no_deps().other_options(args.metadata_flags());
        if let Some(path) = args.manifest_path() {
            command.manifest_path(path);
        }
        let mut command = command.cargo_command();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let (status, [said, complaint]) =
            cargo::run(command, ExitCode::MetadataFailed, interrupt, cargo::output)?;
        let parsed = match status.success() {
            true => {
                let said = String::from_utf8_lossy(&said);
                // Wrappers of cargo may have words of their own around it.
                let json = said.lines().find(|line| line.starts_with('{')).unwrap_or_default();
                MetadataCommand::parse(json).map_err(|error| error.to_string())
            }
            // Cargo's own words, without the prefix that we print ourselves.
            false => Err(String::from_utf8_lossy(&complaint).trim().trim_start_matches("error: ").to_owned()),
        };
        let metadata = parsed.map_err(|reason| {
            Error::new(ExitCode::MetadataFailed, format!("`cargo metadata` failed: {reason}"))
                .hint("run it in a cargo project, or name one with --manifest-path")
        })?;
        Ok(Self {
            members: Members::of(&metadata),
            root: metadata.workspace_root.into(),
            target: args.target_dir().cloned().unwrap_or_else(|| metadata.target_directory.into()),
            build: metadata.build_directory.map(Into::into),
            names: metadata
                .packages
                .into_iter()
                .map(|package| (package.id, package.name.to_string()))
                .collect(),
        })
    }

    /// The name of a package: a member's, or that of a dependency that `-p` selects.
    pub(crate) fn package_name(&self, id: &PackageId) -> String {
        self.names.get(id).cloned().unwrap_or_else(|| name_in_id(&id.repr))
    }
}

/// The name in a package ID: `URL#NAME@VERSION`, or `URL/NAME#VERSION`.
fn name_in_id(id: &str) -> String {
    let (url, fragment) = id.rsplit_once('#').unwrap_or((id, ""));
    match fragment.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => url.rsplit('/').next().unwrap_or(url).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::name_in_id;

    #[test]
    fn names_in_ids() {
        assert_eq!(name_in_id("path+file:///home/me/pricing#0.1.0"), "pricing");
        assert_eq!(name_in_id("path+file:///home/me/other#pricing@0.1.0"), "pricing");
        assert_eq!(name_in_id("registry+https://example.org/index#log@0.4.1"), "log");
    }
}
