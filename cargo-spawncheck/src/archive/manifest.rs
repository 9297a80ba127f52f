//! What an archive says of itself.

use super::paths;
use crate::platform::Platform;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Where it is: the first entry, so that a wrong archive is known before anything is unpacked.
pub(super) const PATH: &str = "spawncheck/manifest.json";

/// The version of the manifest's content.
pub(super) const SCHEMA: u32 = 1;

/// Room for the environments of some ten thousand binaries.
pub(super) const MAX_BYTES: u64 = 64 << 20;

/// Every path is compared with every root.
const MAX_ROOTS: usize = 1_000;

/// The content of any version.
#[derive(Deserialize)]
pub(super) struct Header {
    pub(super) schema: u32,
    pub(super) version: String,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) schema: u32,
    /// Of the program that wrote it.
    pub(super) version: String,
    /// Whether paths are those of Windows.
    pub(super) windows_paths: bool,
    /// The root of the workspace.
    pub(super) workspace: String,
    pub(super) roots: Vec<Root>,
    /// How much the files take.
    pub(super) bytes: u64,
    pub(super) binaries: Vec<Record>,
}

/// A folder of the build machine, and the archive's folder for what is below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Root {
    pub(super) path: String,
    pub(super) folder: String,
}

/// One test binary. Paths are those of the build machine.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) id: String,
    pub(super) package: String,
    /// The cargo flag that selects it within its package, e.g. `--lib`, `--test cli`.
    pub(super) target: String,
    pub(super) platform: Platform,
    pub(super) executable: String,
    pub(super) dir: String,
    /// What cargo sets.
    pub(super) env: Vec<(String, String)>,
    /// Where its dynamic libraries are.
    pub(super) library_path: Vec<String>,
}

impl Manifest {
    /// What is wrong with it, if it cannot be what this program wrote.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.roots.len() > MAX_ROOTS {
            return Err(format!("its files are in {} folders", self.roots.len()));
        }
        for (index, root) in self.roots.iter().enumerate() {
            if paths::components(&root.folder).is_none() || root.folder.contains('/') {
                return Err(format!("`{}` is no folder for files", root.folder));
            }
            if self.roots[..index].iter().any(|other| other.folder == root.folder) {
                return Err(format!("the folder `{}` is there twice", root.folder));
            }
        }
        // There may be a million of them.
        let mut ids = HashSet::new();
        for Record { id, env, .. } in &self.binaries {
            if !ids.insert(id) {
                return Err(format!("the binary `{id}` is there twice"));
            }
            if let Some((name, _)) = env.iter().find(|variable| !is_variable(variable)) {
                return Err(format!("no system has a variable `{name}` with such a value"));
            }
        }
        Ok(())
    }
}

fn is_variable((name, value): &(String, String)) -> bool {
    !name.is_empty() && !name.contains(['=', '\0']) && !value.contains('\0')
}
