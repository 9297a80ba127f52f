//! `cargo spawncheck init`: a commented configuration and a CI workflow, for the user to change. Nothing that exists is touched.

#[cfg(test)]
mod tests;

use crate::args::{self, CargoArgs, InitArgs, Workflow};
use crate::build::Project;
use crate::config;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::files;
use crate::report::printable;
use crate::session::write_failed;
use anstyle::{AnsiColor, Style};
use spawncheck::child::Interrupt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const CONFIGURATION: &str = include_str!("spawncheck.toml");
const GITHUB: &str = include_str!("github.yml");

/// Where GitHub looks for it, below the root of the repository.
const GITHUB_FILE: &str = ".github/workflows/spawncheck.yml";

/// Writes what is not there yet.
pub(crate) fn init(args: &InitArgs, interrupt: &Interrupt) -> Result<ExitCode> {
    let root = Project::locate(&CargoArgs::of_manifest(args.manifest_path.clone()), interrupt)?.root;
    let mut out = anstream::AutoStream::new(io::stdout(), args::color(args.color.as_deref()));
    for (path, text) in files_of(&root, args.workflow)? {
        let written = files::write_new(&path, text.as_bytes()).map_err(|error| {
            Error::new(ExitCode::WriteFailed, format!("failed to write `{}`", path.display())).source(error)
        })?;
        let (label, style, remark) = match written {
            true => ("Created", AnsiColor::Green.on_default().bold(), ""),
            false => ("Exists", Style::new().bold(), ", and stays as it is"),
        };
        let path = printable(&path.display().to_string());
        writeln!(out, "{style}{label:>12}{style:#}  {path}{remark}").map_err(write_failed)?;
    }
    Ok(ExitCode::Ok)
}

/// What belongs into a workspace, and where.
fn files_of(root: &Path, workflow: Workflow) -> Result<Vec<(PathBuf, String)>> {
    let mut files = vec![(root.join(config::FILE), CONFIGURATION.to_owned())];
    if workflow == Workflow::Github {
        // GitHub reads workflows of the repository only, which may be larger than the workspace.
        let repository = root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(root);
        let inside = root.strip_prefix(repository).unwrap_or(Path::new(""));
        files.push((repository.join(GITHUB_FILE), github(&inside.join("Cargo.toml"))?));
    }
    Ok(files)
}

/// The workflow for a workspace with its manifest there, below the repository's root.
fn github(manifest: &Path) -> Result<String> {
    // The words of a shell, in YAML, where GitHub replaces `${{ … }}`: what could mean anything there is refused.
    let plain = |c: char| c.is_alphanumeric() || "/\\._- +@".contains(c);
    let manifest = manifest.to_str().filter(|path| path.chars().all(plain)).ok_or_else(|| {
        Error::new(ExitCode::Setup, format!("`{}` cannot be named in a workflow", manifest.display()))
            .hint("pass --workflow none for the configuration only")
    })?;
    Ok(GITHUB
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
        .replace("@MANIFEST@", &format!("'{}'", manifest.replace('\\', "/"))))
}
