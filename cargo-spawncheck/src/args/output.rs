//! Reports besides the one on standard output, and putting them together.

use super::MessageFormat;
use crate::finding::Level;
use clap::Args;
use std::path::{Path, PathBuf};

/// What is written when everything is known.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct OutputArgs {
    /// Also write a JUnit file: one suite a binary, findings as failures, accepted ones as skipped
    #[arg(long, value_name = "FILE", help_heading = "Report options")]
    pub(crate) junit: Option<PathBuf>,

    /// Also write a page with the findings, a picture of them, and all tests
    #[arg(long, value_name = "FILE", help_heading = "Report options")]
    pub(crate) html: Option<PathBuf>,

    /// Also write annotations for GitHub Actions, and a step summary
    #[arg(long, help_heading = "Report options")]
    pub(crate) github: bool,
}

impl OutputArgs {
    /// All that are written.
    pub(crate) fn files(&self) -> Vec<&Path> {
        [&self.junit, &self.html].into_iter().flatten().map(PathBuf::as_path).collect()
    }
}

#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// Files that `--report-file` wrote, or the output of `--message-format json`
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// How much it matters that a test passes on one platform and fails on another, where no run has a finding
    #[arg(long, value_name = "LEVEL", default_value = "deny")]
    pub(crate) platform_differences: Level,

    #[command(flatten)]
    pub(crate) output: OutputArgs,

    /// How to write the result to standard output
    #[arg(long, value_name = "FMT", default_value = "human")]
    pub(crate) message_format: MessageFormat,
    /// Coloring
    #[arg(long, value_name = "WHEN", value_parser = ["auto", "always", "never"])]
    pub(crate) color: Option<String>,
    /// Show every test, and all that is known of each finding
    #[arg(short, long)]
    pub(crate) verbose: bool,
}
