//! `--github`: annotations at file and line, and a step summary.
//!
//! Annotations are workflow commands, which the runner of GitHub Actions takes from any line of output that begins with `::`, also after
//! blanks. They go to standard output, after the report, so that both are in order; with `--message-format json` to standard error,
//! which is read as well. Until then commands are switched off: what tests print is quoted in the report, and must not become one.

mod annotation;
mod summary;

use crate::args::MessageFormat;
use crate::error::Result;
use crate::matrix::Matrix;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The variable that names the file of the step summary.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// The variable that names the root of the checkout: annotations are at paths from there.
const CHECKOUT: &str = "GITHUB_WORKSPACE";

/// GitHub takes no more, and counts what other commands of the step have written.
const MOST: u64 = 1 << 20;

/// Where it all goes.
#[derive(Debug)]
pub(super) struct Github {
    format: MessageFormat,
    summary: Option<PathBuf>,
    /// Where the workspace is in the repository.
    folder: String,
    /// Switches commands on again; nobody else can guess it.
    token: String,
}

impl Github {
    /// In a workspace at the current directory, unless [`at`](Self::at) says otherwise.
    ///
    /// # Errors
    /// The file of the summary cannot be written.
    pub(super) fn new(format: MessageFormat) -> Result<Self> {
        let summary = std::env::var_os(SUMMARY).filter(|path| !path.is_empty()).map(PathBuf::from);
        if let Some(path) = &summary {
            append(path).map_err(|error| super::files::unwritable(path, error))?;
        }
        let random = || RandomState::new().hash_one(());
        let token = format!("spawncheck-{:016x}{:016x}", random(), random());
        let mut github = Self { format, summary, folder: String::new(), token };
        github.at(Path::new("."));
        Ok(github)
    }

    /// The root of the workspace.
    pub(super) fn at(&mut self, root: &Path) {
        let checkout = std::env::var_os(CHECKOUT).map(PathBuf::from);
        self.folder = checkout.and_then(|checkout| folder_in(&checkout, root)).unwrap_or_default();
    }

    pub(super) fn begin(&self) -> io::Result<()> {
        match self.format {
            MessageFormat::Human => writeln!(io::stdout(), "::stop-commands::{}", self.token),
            // No line of it begins with a colon.
            MessageFormat::Json => Ok(()),
        }
    }

    pub(super) fn write(&self, matrix: &Matrix) -> io::Result<()> {
        let annotations = annotation::annotations(matrix, &self.folder);
        match self.format {
            MessageFormat::Human => write!(io::stdout(), "::{}::\n{annotations}", self.token)?,
            MessageFormat::Json => write!(io::stderr(), "{annotations}")?,
        }
        let Some(path) = &self.summary else { return Ok(()) };
        let mut file = append(path)?;
        let room = MOST.saturating_sub(file.metadata()?.len());
        file.write_all(summary::summary(matrix, room as usize).as_bytes())
    }
}

/// The path from `checkout` to `root`, with a slash behind each folder; `None` if it is not in there.
fn folder_in(checkout: &Path, root: &Path) -> Option<String> {
    let root = root.canonicalize().ok()?;
    let folders = root.strip_prefix(checkout.canonicalize().ok()?).ok()?;
    Some(folders.components().map(|folder| format!("{}/", folder.as_os_str().to_string_lossy())).collect())
}

fn append(path: &PathBuf) -> io::Result<File> {
    File::options().append(true).create(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::folder_in;
    use std::path::Path;

    #[test]
    fn a_workspace_in_a_repository() {
        let checkout = tempfile::tempdir().unwrap();
        let root = checkout.path().join("tools").join("p");
        std::fs::create_dir_all(&root).unwrap();
        assert_eq!(folder_in(checkout.path(), &root).as_deref(), Some("tools/p/"));
        assert_eq!(folder_in(checkout.path(), checkout.path()).as_deref(), Some(""));
        assert_eq!(folder_in(&root, checkout.path()), None);
        assert_eq!(folder_in(Path::new("no such folder"), &root), None);
    }
}
