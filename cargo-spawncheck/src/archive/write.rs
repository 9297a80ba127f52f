//! `cargo spawncheck archive`.

use super::collect::{self, Collection, text};
use super::manifest::{self, Manifest, Record};
use super::needed::needed;
use super::pack::pack;
use crate::args::ArchiveArgs;
use crate::build::{self, LIBRARY_PATH, Project, Recorded, Start};
use crate::config::{Config, Include};
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::report;
use spawncheck::child::Interrupt;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Builds, and writes what was built to the file that `args` names.
pub(crate) fn create(args: &ArchiveArgs, temp: &Path, interrupt: &Interrupt) -> Result<ExitCode> {
    let project = Project::locate(&args.cargo, interrupt)?;
    let config = Config::load(&project.root, args.profile.name().as_deref())?;
    // Before the build: a path that cannot be written to is not found out after it.
    let file = crate::files::temporary(&args.archive_file)
        .map_err(|error| failed(&args.archive_file, error).hint("does its folder exist?"))?;
    let recorded = build::record(&project, &args.cargo, temp, interrupt)?;
    if recorded.tests.is_empty() {
        return Err(Error::new(ExitCode::NoTests, "no test binaries to archive")
            .hint("`cargo spawncheck list` shows what there is"));
    }
    let (manifest, files) = collect(&project, &recorded, &config.archive.include)?;
    pack(file.as_file(), &manifest, &files, interrupt).map_err(|error| {
        if interrupt.is_raised() {
            return Error::already_reported(ExitCode::Interrupted);
        }
        failed(&args.archive_file, error)
    })?;
    let size = file.as_file().metadata().map_or(0, |metadata| metadata.len());
    crate::files::replace(file, &args.archive_file).map_err(|error| failed(&args.archive_file, error))?;
    if recorded.tests.iter().any(|(_, start)| !start.runner.is_empty()) {
        let message = "the target runner that is configured here is not part of the archive";
        report::warn(
            &Error::new(ExitCode::Ok, message)
                .hint("tests are started by the one of the machine that runs them"),
        );
    }
    if !args.cargo.quiet() {
        let bytes = [manifest.bytes, size];
        report::archived(manifest.binaries.len(), files.files.len(), bytes, &args.archive_file);
    }
    Ok(ExitCode::Ok)
}

/// What the archive says of itself, and the files in it.
fn collect(project: &Project, recorded: &Recorded, included: &[Include]) -> Result<(Manifest, Collection)> {
    let target = absolute(&project.target)?;
    let build = project.build.as_deref().map(absolute).transpose()?;
    let mut roots = vec![(target.as_path(), "target")];
    roots.extend(build.as_deref().filter(|build| *build != target).map(|build| (build, "build")));
    let mut files = Collection::new(&roots)?;
    let binaries = recorded
        .tests
        .iter()
        .map(|(artifact, start)| binary(artifact, start, recorded, &mut files))
        .collect::<Result<Vec<_>>>()?;
    // Tests may load them by their place.
    for library in recorded.libraries.iter().filter(|path| collect::is_library(path)) {
        files.add_file(library)?;
    }
    for include in included {
        add_included(include, &target, &mut files)?;
    }
    let manifest = Manifest {
        schema: manifest::SCHEMA,
        version: env!("CARGO_PKG_VERSION").into(),
        windows_paths: cfg!(windows),
        workspace: text(&project.root)?,
        roots: files.roots.clone(),
        bytes: size(&files)?,
        binaries,
    };
    // What is written can be read.
    let wrong = |reason| Error::new(ExitCode::Setup, format!("this cannot be archived: {reason}"));
    manifest.check().map_err(wrong)?;
    Ok((manifest, files))
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

fn size(files: &Collection) -> Result<u64> {
    files.files.values().try_fold(0, |sum, path| {
        let metadata = path.metadata().map_err(|error| {
            Error::new(ExitCode::Setup, format!("failed to look at `{}`", path.display())).source(error)
        })?;
        Ok(sum + metadata.len())
    })
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
