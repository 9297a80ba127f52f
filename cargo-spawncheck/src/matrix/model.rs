//! What several reports say together: tests × (platform, leg), and each finding once.

use crate::explanation::{Carrier, Cause};
use crate::finding::{Kind, Level, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything that a merged report, a page or a JUnit file shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Matrix {
    /// One for each report that was read, in the order given.
    pub(crate) runs: Vec<Run>,
    /// The columns. Reports of one platform (its shards) are one column.
    pub(crate) platforms: Vec<Platform>,
    /// The rows, by package, binary, test.
    pub(crate) tests: Vec<Row>,
    /// What was found, each thing once, however many platforms show it. The worst first.
    pub(crate) stories: Vec<Story>,
    /// Tests that fail both ways somewhere.
    pub(crate) failures: Vec<Failure>,
    /// What a reader must know of the reports themselves: other commits, missing shards, cut off, skipped binaries, ...
    pub(crate) warnings: Vec<String>,
    /// What makes a run fail and is neither a finding nor a test that fails both ways. Among the warnings, too.
    pub(crate) unsettled: Vec<Unsettled>,
}

/// A difference that was not confirmed; or, without a test, a binary that ended badly after its last one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Unsettled {
    pub(crate) name: Name,
    /// An index into the platforms.
    pub(crate) platform: usize,
    pub(crate) text: String,
}

/// One report.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Run {
    /// The file's name; empty for the run that is just ending.
    pub(crate) file: String,
    pub(crate) version: String,
    /// An index into the platforms.
    pub(crate) platform: usize,
    pub(crate) commit: Option<String>,
    /// As given on its command line: `slice:1/4`.
    pub(crate) partition: Option<String>,
    pub(crate) wall_ms: f64,
    /// `None`: the report ends before its run did.
    pub(crate) exit_code: Option<u8>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Platform {
    /// What the tests were built for: `x86_64-unknown-linux-gnu`.
    pub(crate) target: String,
    pub(crate) os: String,
    pub(crate) arch: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(crate) struct Name {
    pub(crate) package: String,
    pub(crate) binary: String,
    pub(crate) test: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Row {
    pub(crate) name: Name,
    /// One for each platform.
    pub(crate) cells: Vec<Cell>,
    /// One for each platform: how long both legs took together.
    pub(crate) micros: Vec<u64>,
}

/// `None`: it did not run there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Cell {
    pub(crate) in_process: Option<Verdict>,
    pub(crate) spawned: Option<Verdict>,
}

/// Where a finding, or a difference, shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Spread {
    /// On every platform on which the test ran.
    Everywhere,
    /// On some of those platforms only.
    Some,
    /// No platform has a finding, and still the platforms disagree.
    BetweenPlatforms,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Story {
    /// `None` for `BetweenPlatforms`, which is no finding of any one run.
    pub(crate) kind: Option<Kind>,
    pub(crate) level: Level,
    pub(crate) name: Name,
    /// The worker, for findings of the harness.
    pub(crate) worker: Option<String>,
    pub(crate) spread: Spread,
    /// Where it shows: indices into the platforms.
    pub(crate) platforms: Vec<usize>,
    /// In a sentence: "passes on Linux in-process, fails on Windows spawned".
    pub(crate) headline: String,
    pub(crate) culprits: Option<Vec<String>>,
    pub(crate) causes: Vec<Cause>,
    pub(crate) also: Vec<Carrier>,
    /// `channel name (tests)` of what a racy test shares.
    pub(crate) suspects: Vec<String>,
    pub(crate) notes: Vec<String>,
    /// For workers: what each context did, by platform: `(platform, context, outcome)`.
    pub(crate) outcomes: Vec<(usize, String, String)>,
    pub(crate) input: Option<String>,
    pub(crate) history: Vec<String>,
    /// Output of the leg that failed, by platform.
    pub(crate) evidence: Vec<(usize, String)>,
    pub(crate) help: String,
    pub(crate) replay: String,
    /// Why the configuration accepts it.
    pub(crate) accepted: Option<String>,
}

impl Story {
    /// Of which nothing more is known yet.
    pub(crate) fn new(kind: Option<Kind>, level: Level, name: Name, spread: Spread) -> Self {
        Self {
            kind,
            level,
            name,
            worker: None,
            spread,
            platforms: Vec::new(),
            headline: String::new(),
            culprits: None,
            causes: Vec::new(),
            also: Vec::new(),
            suspects: Vec::new(),
            notes: Vec::new(),
            outcomes: Vec::new(),
            input: None,
            history: Vec::new(),
            evidence: Vec::new(),
            help: String::new(),
            replay: String::new(),
            accepted: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Failure {
    pub(crate) name: Name,
    pub(crate) platforms: Vec<usize>,
    /// By platform.
    pub(crate) output: BTreeMap<usize, String>,
}
