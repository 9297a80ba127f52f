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
use std::path::PathBuf;

/// The variable that names the file of the step summary.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// GitHub takes no more, and counts what other commands of the step have written.
const MOST: u64 = 1 << 20;

/// Where it all goes.
#[derive(Debug)]
pub(super) struct Github {
    format: MessageFormat,
    summary: Option<PathBuf>,
    /// Switches commands on again; nobody else can guess it.
    token: String,
}

impl Github {
    /// # Errors
    /// The file of the summary cannot be written.
    pub(super) fn new(format: MessageFormat) -> Result<Self> {
        let summary = std::env::var_os(SUMMARY).filter(|path| !path.is_empty()).map(PathBuf::from);
        if let Some(path) = &summary {
            append(path).map_err(|error| super::files::unwritable(path, error))?;
        }
        let random = || RandomState::new().hash_one(());
        Ok(Self { format, summary, token: format!("spawncheck-{:016x}{:016x}", random(), random()) })
    }

    pub(super) fn begin(&self) -> io::Result<()> {
        match self.format {
            MessageFormat::Human => writeln!(io::stdout(), "::stop-commands::{}", self.token),
            // No line of it begins with a colon.
            MessageFormat::Json => Ok(()),
        }
    }

    pub(super) fn write(&self, matrix: &Matrix) -> io::Result<()> {
        let annotations = annotation::annotations(matrix);
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

fn append(path: &PathBuf) -> io::Result<File> {
    File::options().append(true).create(true).open(path)
}
