//! The cargo project: its root and its packages.

use crate::args::CargoArgs;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use cargo_metadata::{MetadataCommand, PackageId};
use std::collections::HashMap;
use std::path::PathBuf;

/// What `cargo metadata` says of the project.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) root: PathBuf,
    names: HashMap<PackageId, String>,
}

impl Project {
    /// Finds the project of the current directory, or of `--manifest-path`.
    pub(crate) fn locate(args: &CargoArgs) -> Result<Self> {
        let mut command = MetadataCommand::new();
        command.cargo_path(CargoArgs::cargo_path()).no_deps().other_options(args.metadata_flags());
        if let Some(path) = args.manifest_path() {
            command.manifest_path(path);
        }
        let metadata = command.exec().map_err(|error| {
            let reason = match &error {
                // Cargo's own words, without the prefix that we print ourselves.
                cargo_metadata::Error::CargoMetadata { stderr } => {
                    stderr.trim().trim_start_matches("error: ").to_owned()
                }
                other => other.to_string(),
            };
            Error::new(ExitCode::MetadataFailed, format!("`cargo metadata` failed: {reason}"))
                .hint("run it in a cargo project, or name one with --manifest-path")
        })?;
        Ok(Self {
            root: metadata.workspace_root.into(),
            names: metadata
                .packages
                .into_iter()
                .map(|package| (package.id, package.name.to_string()))
                .collect(),
        })
    }

    /// The name of a package of this project.
    pub(crate) fn package_name(&self, id: &PackageId) -> Option<&str> {
        self.names.get(id).map(String::as_str)
    }
}
