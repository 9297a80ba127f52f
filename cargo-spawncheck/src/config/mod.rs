//! The configuration file, `.config/spawncheck.toml` in the workspace root.

mod accept;
mod profile;
#[cfg(test)]
mod tests;

pub(crate) use accept::{Accept, Accepted, Looked};

use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::finding::{Kind, Level};
use crate::report::{FinalStatusLevel, OutputWhen, StatusLevel};
use crate::run::MaxFail;
use profile::{Profile, Wrong};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where the file is, below the workspace root.
pub(crate) const FILE: &str = ".config/spawncheck.toml";

/// A configuration is written by hand; a larger file is something else.
const MAX_BYTES: u64 = 1 << 20;

/// The file's content; everything is optional.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    lints: BTreeMap<Kind, Level>,
    env: Env,
    run: Run,
    report: Report,
    archive: Archive,
    accept: Vec<Accept>,
    profile: BTreeMap<String, Profile>,
}

/// What holds under one profile.
#[derive(Debug, Default)]
pub(crate) struct Config {
    pub(crate) lints: BTreeMap<Kind, Level>,
    pub(crate) env: Env,
    pub(crate) run: Run,
    pub(crate) report: Report,
    pub(crate) accept: Vec<Accept>,
    pub(crate) archive: Archive,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Archive {
    /// What goes into an archive besides.
    pub(crate) include: Vec<Include>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Include {
    /// A file or folder, below the target directory.
    pub(crate) path: PathBuf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Env {
    /// Variables that spawned tests may see besides the allow-listed ones.
    pub(crate) pass: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Run {
    /// How many tests run at the same time.
    pub(crate) jobs: Option<std::num::NonZeroUsize>,
    /// How long one test may take.
    #[serde(deserialize_with = "duration")]
    pub(crate) timeout: Option<Duration>,
    /// How long confirming may take in all.
    #[serde(deserialize_with = "duration")]
    pub(crate) budget: Option<Duration>,
    /// How many processes the search for the culprits of a finding may take.
    #[serde(rename = "culprit-runs")]
    pub(crate) culprit_runs: Option<usize>,
    /// How long it may take.
    #[serde(rename = "culprit-time", deserialize_with = "duration")]
    pub(crate) culprit_time: Option<Duration>,
    /// As `--thorough`, in every run.
    pub(crate) thorough: Option<bool>,
    /// As `--predict`, in every run.
    pub(crate) predict: Option<bool>,
    /// How often to run the tests on threads at first.
    #[serde(rename = "thread-runs")]
    pub(crate) thread_runs: Option<u32>,
    /// How often to run a failing test again.
    pub(crate) retries: Option<u32>,
    /// After how many failing tests to stop.
    #[serde(rename = "max-fail")]
    pub(crate) max_fail: Option<MaxFail>,
}

/// What the human report shows of each test.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Report {
    pub(crate) status_level: Option<StatusLevel>,
    pub(crate) final_status_level: Option<FinalStatusLevel>,
    pub(crate) success_output: Option<OutputWhen>,
    pub(crate) failure_output: Option<OutputWhen>,
    /// How long a test takes that is slow.
    #[serde(deserialize_with = "duration")]
    pub(crate) slow: Option<Duration>,
}

impl Config {
    /// Reads the file of a workspace, and chooses a profile of it; a missing file is an empty one.
    pub(crate) fn load(workspace_root: &Path, profile: Option<&str>) -> Result<Self> {
        let path = workspace_root.join(FILE);
        match read(&path) {
            Ok(text) => Self::parse(&text, &path, profile),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::parse("", &path, profile),
            Err(error) => {
                Err(Error::new(ExitCode::Setup, format!("failed to read `{}`", path.display())).source(error))
            }
        }
    }

    pub(crate) fn parse(text: &str, path: &Path, profile: Option<&str>) -> Result<Self> {
        let File { lints, env, run, report, archive, accept, profile: profiles } = File::parse(text, path)?;
        let default = Self { lints, env, run, report, archive, accept };
        profile::resolve(default, profiles, profile).map_err(|Wrong { message, nearest }| {
            let error = Error::new(ExitCode::Setup, format!("`{}`: {message}", path.display()));
            match nearest {
                Some(nearest) => error.hint(format!("did you mean `{nearest}`?")),
                None => error,
            }
        })
    }
}

impl File {
    fn parse(text: &str, path: &Path) -> Result<Self> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            let mut result = Error::new(
                ExitCode::Setup,
                format!("`{}`, line {line}: {}", PathBuf::from(path).display(), error.message().trim_end()),
            );
            if let Some(nearest) = nearest_alternative(error.message()) {
                result = result.hint(format!("did you mean `{nearest}`?"));
            }
            result
        })
    }
}

fn read(path: &Path) -> std::io::Result<String> {
    if path.metadata()?.len() > MAX_BYTES {
        return Err(std::io::Error::other(format!("larger than {MAX_BYTES} bytes")));
    }
    std::fs::read_to_string(path)
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    crate::args::duration(&text).map(Some).map_err(serde::de::Error::custom)
}

/// serde's messages for unknown keys and variants quote the wrong name first, then the valid ones.
fn nearest_alternative(message: &str) -> Option<&str> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let wrong = quoted.next()?;
    crate::select::nearest(wrong, quoted).into_iter().next()
}
