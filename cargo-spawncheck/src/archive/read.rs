//! From an archive to test binaries that can be started here.

use super::launch;
use super::manifest::{self, Header, Manifest, Record};
use super::paths::Remap;
use super::start::{Runners, check_platform, runners};
use super::unpack::{self, Limits, unpack};
use crate::args::FromArchive;
use crate::build::Built;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::report::printable;
use spawncheck::child::Interrupt;
use std::io;
use std::path::{Path, PathBuf};

/// An archive that has been unpacked.
#[derive(Debug)]
pub(crate) struct Extracted {
    /// The checkout.
    pub(crate) workspace: PathBuf,
    folder: PathBuf,
    manifest: Manifest,
    runners: Runners,
    /// What goes away with the run.
    _temporary: Option<tempfile::TempDir>,
}

/// Why an archive cannot be used, and what to do.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) reason: String,
    pub(super) hint: String,
}

impl Wrong {
    pub(super) fn new(reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { reason: reason.into(), hint: hint.into() }
    }

    /// It is none, or no longer whole.
    pub(super) fn damaged(reason: impl std::fmt::Display) -> Self {
        Self::new(reason.to_string(), "is it whole? compare its size with that on the machine that made it")
    }

    /// It is one that this program would not write.
    pub(super) fn foreign(reason: impl Into<String>) -> Self {
        Self::new(reason, "`cargo spawncheck archive` makes none like this: do not trust where it comes from")
    }
}

impl Extracted {
    /// Unpacks `file`.
    ///
    /// # Errors
    /// It is no archive for this machine; then nothing is left of it.
    pub(crate) fn open(file: &Path, args: &FromArchive, interrupt: &Interrupt) -> Result<Self> {
        extract(file, args, interrupt).map_err(|Wrong { reason, hint }| {
            if interrupt.is_raised() {
                return Error::already_reported(ExitCode::Interrupted);
            }
            let message = format!("cannot use the archive `{}`: {}", file.display(), printable(&reason));
            Error::new(ExitCode::Setup, message).hint(printable(&hint))
        })
    }

    /// The binaries that `wanted` chooses by package and target, ready to be asked for their tests.
    pub(crate) fn built(
        &self,
        pass_env: &[String],
        wanted: impl Fn(&str, &str) -> bool,
    ) -> Result<Vec<Built>> {
        let remap = remap(&self.manifest, &self.workspace, &self.folder);
        let records = self.manifest.binaries.iter().filter(|record| wanted(&record.package, &record.target));
        let runner = |record: &Record| self.runners.get(&record.platform.triple).cloned().unwrap_or_default();
        records.map(|record| launch::built(record, &remap, runner(record), pass_env)).collect()
    }
}

fn extract(file: &Path, args: &FromArchive, interrupt: &Interrupt) -> std::result::Result<Extracted, Wrong> {
    let manifest = parse(&unpack::manifest(file)?)?;
    let runners = runners(&manifest)?;
    check_platform(&manifest, &runners)?;
    let workspace = workspace(&manifest, args.workspace_remap.as_deref())?;
    // Beside the folder in which it is to be, under another name until all of it is there.
    let parent = match &args.extract_to {
        None => std::env::temp_dir(),
        Some(folder) => parent(folder)?,
    };
    let failed = |error| cannot_write(&parent, error);
    let temporary =
        tempfile::Builder::new().prefix("spawncheck-archive-").tempdir_in(&parent).map_err(failed)?;
    let free = fs4::available_space(&parent).map_err(failed)?;
    unpack(file, temporary.path(), &manifest, &Limits { bytes: args.extract_limit, free, interrupt })?;
    check_whole(&manifest, &remap(&manifest, &workspace, temporary.path()), temporary.path())?;
    let (folder, temporary) = match &args.extract_to {
        None => (temporary.path().to_owned(), Some(temporary)),
        Some(folder) => (put(temporary, folder)?, None),
    };
    Ok(Extracted { workspace, folder, manifest, runners, _temporary: temporary })
}

pub(super) fn parse(bytes: &[u8]) -> std::result::Result<Manifest, Wrong> {
    let header: Header = serde_json::from_slice(bytes).map_err(Wrong::damaged)?;
    if header.schema != manifest::SCHEMA {
        let (schema, version) = (header.schema, header.version);
        let (known, own) = (manifest::SCHEMA, env!("CARGO_PKG_VERSION"));
        let reason =
            format!("it has schema {schema} (version {version}), and this is {known} (version {own})");
        return Err(Wrong::new(reason, "use the same version on both machines"));
    }
    let manifest: Manifest = serde_json::from_slice(bytes).map_err(Wrong::damaged)?;
    manifest.check().map_err(Wrong::foreign)?;
    Ok(manifest)
}

/// The checkout on this machine, in which every package has its folder.
fn workspace(manifest: &Manifest, given: Option<&Path>) -> std::result::Result<PathBuf, Wrong> {
    let path = given.unwrap_or(Path::new(&manifest.workspace));
    let hint = "check out the same commit, and name its folder with --workspace-remap";
    let missing = || Wrong::new(format!("there is no workspace `{}` here", path.display()), hint);
    // As the system would report it to a test; on Windows, that form is one that many programs do not understand.
    let real = if cfg!(windows) { std::path::absolute(path) } else { path.canonicalize() };
    let path = real.ok().filter(|path| path.is_dir()).ok_or_else(missing)?;
    let none: Vec<manifest::Root> = Vec::new();
    let remap = Remap::new((&manifest.workspace, &path), &none, Path::new(""), manifest.windows_paths);
    for Record { id, dir, .. } in &manifest.binaries {
        let here = remap.path(dir).unwrap_or_else(|| dir.into());
        if !here.is_dir() {
            return Err(Wrong::new(format!("`{id}` runs in `{}`, which is not there", here.display()), hint));
        }
    }
    Ok(path)
}

fn remap(manifest: &Manifest, workspace: &Path, folder: &Path) -> Remap {
    Remap::new((&manifest.workspace, workspace), &manifest.roots, folder, manifest.windows_paths)
}

/// Every binary is there, and is what has been unpacked.
fn check_whole(manifest: &Manifest, remap: &Remap, folder: &Path) -> std::result::Result<(), Wrong> {
    let is_there = |record: &&Record| {
        remap.path(&record.executable).is_some_and(|path| path.starts_with(folder) && path.is_file())
    };
    match manifest.binaries.iter().find(|record| !is_there(record)) {
        None => Ok(()),
        Some(record) => Err(Wrong::damaged(format!("the executable of `{}` is not in it", record.id))),
    }
}

fn parent(folder: &Path) -> std::result::Result<PathBuf, Wrong> {
    let folder = std::path::absolute(folder).map_err(|error| cannot_write(folder, error))?;
    let is_free = match folder.read_dir() {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    if !is_free {
        let reason = format!("`{}` is no empty folder", folder.display());
        return Err(Wrong::new(reason, "name a new one with --extract-to, or remove it"));
    }
    let parent = folder.parent().unwrap_or(&folder).to_owned();
    std::fs::create_dir_all(&parent).map_err(|error| cannot_write(&parent, error))?;
    Ok(parent)
}

/// Gives what is complete its name.
fn put(temporary: tempfile::TempDir, folder: &Path) -> std::result::Result<PathBuf, Wrong> {
    let failed = |error| cannot_write(folder, error);
    let folder = std::path::absolute(folder).map_err(failed)?;
    // Windows renames to nothing that is there, not even an empty folder.
    match std::fs::remove_dir(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    std::fs::rename(temporary.path(), &folder).map_err(failed)?;
    // It is no longer there to be removed.
    drop(temporary.keep());
    Ok(folder)
}

fn cannot_write(folder: &Path, error: io::Error) -> Wrong {
    Wrong::new(
        format!("cannot write to `{}`: {error}", folder.display()),
        "--extract-to names another folder to unpack it in",
    )
}
