//! Where test binaries come from: a project that cargo builds, or an archive of what it has built elsewhere.

use crate::archive::Extracted;
use crate::args::{CargoArgs, FromArchive};
use crate::build::{self, Built, Members, Project};
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::keep::Store;
use spawncheck::child::Interrupt;
use std::path::Path;

/// What a run is about, before anything is built.
#[derive(Debug)]
pub(crate) enum Origin {
    Project(Project),
    Archive(Extracted),
}

impl Origin {
    /// Finds the project, or unpacks the archive.
    pub(crate) fn locate(cargo: &CargoArgs, from: &FromArchive, interrupt: &Interrupt) -> Result<Self> {
        let Some(file) = &from.archive else { return Project::locate(cargo, interrupt).map(Self::Project) };
        if let Some(flag) = cargo.build_flag() {
            let message = format!("`{flag}` says how to build, and what is in an archive is built");
            return Err(Error::new(ExitCode::Usage, message)
                .hint("give it to `cargo spawncheck archive`, or leave out --archive"));
        }
        if let Some(selection) = cargo.selection_by_manifests() {
            let message =
                format!("`{selection}` is for cargo to understand, and with an archive there is none");
            return Err(Error::new(ExitCode::Usage, message)
                .hint("use whole names of packages and targets; `cargo spawncheck list` shows them"));
        }
        Extracted::open(file, from, interrupt).map(Self::Archive)
    }

    /// The workspace's root.
    pub(crate) fn root(&self) -> &Path {
        match self {
            Self::Project(project) => &project.root,
            Self::Archive(extracted) => &extracted.workspace,
        }
    }

    /// What could be built; unknown where nothing is.
    pub(crate) fn members(&self) -> Option<&Members> {
        match self {
            Self::Project(project) => Some(&project.members),
            Self::Archive(_) => None,
        }
    }

    /// Where findings are kept. What an archive is unpacked in may go away with the run.
    pub(crate) fn store(&self) -> Store {
        match self {
            Self::Project(project) => Store::new(&project.target),
            Self::Archive(extracted) => Store::new(&extracted.workspace.join("target")),
        }
    }

    /// The binaries that `cargo` selects, built if need be; `temp` is an empty folder of ours.
    pub(crate) fn built(
        &self,
        cargo: &CargoArgs,
        pass_env: &[String],
        temp: &Path,
        interrupt: &Interrupt,
    ) -> Result<Vec<Built>> {
        match self {
            Self::Project(project) => build::build(project, cargo, pass_env, temp, interrupt),
            Self::Archive(extracted) => {
                extracted.built(pass_env, |package, target| cargo.selects(package, target))
            }
        }
    }
}
