//! `cargo spawncheck archive`.

use super::collect::{self, Collection, text};
use super::manifest::{self, Manifest, Record};
use super::needed::needed;
use crate::args::ArchiveArgs;
use crate::build::{self, LIBRARY_PATH, Project, Recorded, Start};
use crate::config::{Config, Include};
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::report;
use spawncheck::child::Interrupt;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};

/// Beyond that, it takes much longer for little.
const LEVEL: i32 = 3;

/// Builds, and writes what was built to the file that `args` names.
pub(crate) fn create(args: &ArchiveArgs, temp: &Path, interrupt: &Interrupt) -> Result<ExitCode> {
    let project = Project::locate(&args.cargo)?;
    let config = Config::load(&project.root, args.profile.name().as_deref())?;
    // Before the build: a path that cannot be written to is not found out after it.
    let file = crate::files::temporary(&args.archive_file)
        .map_err(|error| failed(&args.archive_file, error).hint("does its folder exist?"))?;
    let recorded = build::record(&project, &args.cargo, temp, interrupt)?;
    if recorded.tests.is_empty() {
        return Err(Error::new(ExitCode::NoTests, "no test binaries to archive")
            .hint("`cargo spawncheck list` shows what there is"));
    }
    let target = absolute(&project.target)?;
    let build = project.build.as_deref().map(absolute).transpose()?;
    let mut roots = vec![(target.as_path(), "target")];
    roots.extend(build.as_deref().filter(|build| *build != target).map(|build| (build, "build")));
    let mut files = Collection::new(&roots)?;
    let binaries = recorded
        .tests
        .iter()
        .map(|(artifact, start)| binary(artifact, start, &recorded, &mut files))
        .collect::<Result<Vec<_>>>()?;
    // Tests may load them by their place.
    for library in recorded.libraries.iter().filter(|path| collect::is_library(path)) {
        files.add_file(library)?;
    }
    for include in &config.archive.include {
        add_included(include, &target, &mut files)?;
    }
    let bytes = size(&files).map_err(|error| failed(&args.archive_file, error))?;
    let manifest = Manifest {
        schema: manifest::SCHEMA,
        version: env!("CARGO_PKG_VERSION").into(),
        windows_paths: cfg!(windows),
        workspace: text(&project.root)?,
        roots: files.roots.clone(),
        bytes,
        binaries,
    };
    write(file.as_file(), &manifest, &files, interrupt).map_err(|error| {
        if interrupt.is_raised() {
            return Error::already_reported(ExitCode::Interrupted);
        }
        failed(&args.archive_file, error)
    })?;
    let size = file.as_file().metadata().map_or(0, |metadata| metadata.len());
    crate::files::replace(file, &args.archive_file).map_err(|error| failed(&args.archive_file, error))?;
    if recorded.tests.iter().any(|(_, start)| !start.runner.is_empty()) {
        report::warn(&Error::new(ExitCode::Ok, "the configured target runner is not part of the archive"));
    }
    if !args.cargo.quiet() {
        report::archived(manifest.binaries.len(), files.files.len(), [bytes, size], &args.archive_file);
    }
    Ok(ExitCode::Ok)
}

/// The record of one test binary; all that it needs is added to `files`.
fn binary(
    artifact: &build::Artifact,
    start: &Start,
    recorded: &Recorded,
    files: &mut Collection,
) -> Result<Record> {
    let unreadable = |error: io::Error| {
        let message = format!("failed to read `{}`", start.executable.display());
        Error::new(ExitCode::Setup, message).source(error)
    };
    files.add_file(&start.executable)?;
    let names = needed(&start.executable).map_err(unreadable)?;
    let mut env =
        build::set_by_cargo(&start.env, &recorded.caller, &recorded.configured).map_err(|reason| {
            Error::new(ExitCode::Setup, format!("failed to archive `{}`: {reason}", artifact.id))
        })?;
    for program in recorded.programs.iter().filter(|program| program.package == artifact.package) {
        files.add_file(&program.executable)?;
        let variable = (format!("CARGO_BIN_EXE_{}", program.name), text(&program.executable)?);
        if artifact.sees_programs() && !env.iter().any(|(name, _)| *name == variable.0) {
            env.push(variable);
        }
    }
    if let Some(folder) = start.variable("OUT_DIR").map(PathBuf::from).filter(|folder| folder.is_dir()) {
        files.add_folder(&folder)?;
    }
    let caller = recorded.caller.iter().find(|(name, _)| name == LIBRARY_PATH).map(|(_, value)| &**value);
    let folders = collect::added(start.variable(LIBRARY_PATH), caller);
    let mut libraries = collect::closure(&folders, names);
    for folder in folders.iter().filter(|folder| is_from_build_script(folder)) {
        // What a build script names need not exist.
        libraries.extend(collect::libraries(folder).unwrap_or_default());
    }
    libraries.iter().try_for_each(|library| files.add_file(library))?;
    let has_one = |folder: &&PathBuf| libraries.iter().any(|library| library.parent() == Some(folder));
    Ok(Record {
        id: artifact.id.clone(),
        package: artifact.package.clone(),
        target: artifact.target.clone(),
        platform: start.platform.clone(),
        executable: text(&start.executable)?,
        dir: text(&start.dir)?,
        env,
        library_path: folders.iter().filter(has_one).map(|folder| text(folder)).collect::<Result<_>>()?,
    })
}

/// Whether a folder on the library path is below the output of a build script: the others are cargo's own.
fn is_from_build_script(folder: &Path) -> bool {
    let names: Vec<_> = folder.components().map(Component::as_os_str).collect();
    names
        .iter()
        .position(|name| *name == "build")
        .is_some_and(|at| names[at..].iter().any(|name| *name == "out"))
}

/// What the configuration names, below the target directory.
fn add_included(include: &Include, target: &Path, files: &mut Collection) -> Result<()> {
    let path = target.join(&include.path);
    let below = include.path.components().all(|part| matches!(part, Component::Normal(_)));
    let wrong = |reason: &str| {
        let message = format!("`{}` in [archive] include {reason}", include.path.display());
        Error::new(ExitCode::Setup, message).hint("name a file or folder below the target directory")
    };
    match path.metadata() {
        _ if !below => Err(wrong("leads out of the target directory")),
        Ok(metadata) if metadata.is_dir() => files.add_folder(&path),
        Ok(_) => files.add_file(&path),
        Err(error) => Err(wrong("cannot be read").source(error)),
    }
}

fn size(files: &Collection) -> io::Result<u64> {
    files.files.values().try_fold(0, |sum, path| Ok(sum + path.metadata()?.len()))
}

fn write(file: &File, manifest: &Manifest, files: &Collection, interrupt: &Interrupt) -> io::Result<()> {
    let mut encoder = zstd::Encoder::new(BufWriter::new(file), LEVEL)?;
    encoder.include_checksum(true)?;
    let mut tar = tar::Builder::new(encoder);
    let text = serde_json::to_vec_pretty(manifest)?;
    tar.append_data(&mut header(text.len() as u64, 0o644), manifest::PATH, &*text)?;
    for folder in &files.folders {
        let mut header = header(0, 0o755);
        header.set_entry_type(tar::EntryType::Directory);
        tar.append_data(&mut header, folder, io::empty())?;
    }
    for (place, path) in &files.files {
        if interrupt.is_raised() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        let mut exact = Exact { rest: metadata.len(), inner: file };
        tar.append_data(&mut header(metadata.len(), mode(&metadata)), place, &mut exact)?;
    }
    tar.into_inner()?.finish()?.flush()
}

/// The same for the same files, whenever and by whomever it is written.
fn header(size: u64, mode: u32) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(mode);
    header.set_mtime(0);
    header
}

#[cfg(unix)]
fn mode(metadata: &std::fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    if metadata.permissions().mode() & 0o111 == 0 { 0o644 } else { 0o755 }
}

#[cfg(not(unix))]
fn mode(_: &std::fs::Metadata) -> u32 {
    0o755
}

/// As many bytes as the header says: one more or less, and everything after it would be read wrongly.
struct Exact {
    rest: u64,
    inner: File,
}

impl Read for Exact {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.rest).map_or(buffer.len(), |rest| rest.min(buffer.len()));
        let read = self.inner.read(&mut buffer[..wanted])?;
        if read == 0 && wanted > 0 {
            return Err(io::Error::other("a file has become shorter: is something else building?"));
        }
        self.rest -= read as u64;
        Ok(read)
    }
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|error| {
        Error::new(ExitCode::Setup, format!("failed to find `{}`", path.display())).source(error)
    })
}

fn failed(path: &Path, error: io::Error) -> Error {
    Error::new(ExitCode::WriteFailed, format!("failed to write the archive `{}`", path.display()))
        .source(error)
}
