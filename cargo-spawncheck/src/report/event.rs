//! What a run tells its reporters. With a `type` tag in front, these are the lines of `--message-format json`.

use super::WorkerEvent;
use crate::confirm::Step;
use crate::culprits;
use crate::explanation::{Carrier, Cause, Channel, Culprits};
use crate::finding::{Evidence, Kind, Leg, Level, Verdict};
use crate::footprint::Change;
use crate::thorough;
use serde::{Serialize, Serializer};
use std::time::Duration;

/// The version of the JSON events.
pub(crate) const SCHEMA: u32 = 1;

/// A test, as a reader knows it.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct TestName<'a> {
    pub(crate) package: &'a str,
    pub(crate) binary: &'a str,
    pub(crate) test: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum Event<'a> {
    RunStarted {
        schema: u32,
        version: &'a str,
        os: &'a str,
        arch: &'a str,
        /// The triple that the tests are built for; `os` and `arch` are its parts. Unknown where there are none.
        #[serde(skip_serializing_if = "Option::is_none")]
        target: Option<&'a str>,
        /// What is checked out, `-dirty` if that was changed; for who puts reports together.
        #[serde(skip_serializing_if = "Option::is_none")]
        commit: Option<&'a str>,
        binaries: usize,
        /// The tests that run both ways.
        tests: usize,
        ignored: usize,
        /// Which shard of a larger run it is.
        #[serde(skip_serializing_if = "Option::is_none")]
        partition: Option<&'a str>,
    },
    /// A binary that takes no part.
    BinarySkipped {
        package: &'a str,
        binary: &'a str,
        reason: &'a str,
    },
    /// A binary whose in-process leg ended badly after every test in it had passed, with no test to answer for it.
    BinaryFailed {
        package: &'a str,
        binary: &'a str,
        reason: &'a str,
    },
    TestFinished {
        leg: Leg,
        #[serde(flatten)]
        name: TestName<'a>,
        verdict: Verdict,
        #[serde(rename = "duration_ms", serialize_with = "milliseconds")]
        duration: Duration,
    },
    /// What a test printed, as soon as that is known; for a screen only, since findings and failures have it in JSON.
    #[serde(skip)]
    TestOutput {
        leg: Leg,
        name: TestName<'a>,
        verdict: Verdict,
        output: &'a str,
    },
    /// A test that fails both ways ran again, for `--retries`.
    TestRetried {
        #[serde(flatten)]
        name: TestName<'a>,
        /// The second one at least.
        attempt: u32,
        verdict: Verdict,
        #[serde(rename = "duration_ms", serialize_with = "milliseconds")]
        duration: Duration,
    },
    /// What differed is being repeated; for progress on a screen only.
    #[serde(skip)]
    Confirming(Step),
    /// Culprits are being searched for; for progress on a screen only.
    #[serde(skip)]
    Searching(culprits::Progress),
    /// A test that fails both ways.
    Failure {
        #[serde(flatten)]
        name: TestName<'a>,
        in_process: Verdict,
        spawned: Verdict,
        output: &'a str,
    },
    /// All that is stated of tests, in one piece, so that a report can show together what belongs together. In JSON each of
    /// them is an event of its own.
    #[serde(skip)]
    Findings(&'a [FindingEvent<'a>]),
    /// A statement about a worker, which its test binary made.
    #[serde(rename = "finding")]
    Worker(WorkerEvent<'a>),
    /// A difference between the legs that was not repeated enough to say what it is.
    Unconfirmed {
        #[serde(flatten)]
        name: TestName<'a>,
        in_process: Option<Verdict>,
        spawned: Option<Verdict>,
    },
    /// What could not be looked into, and why.
    Limited {
        package: &'a str,
        binary: &'a str,
        reason: &'a str,
    },
    /// What is beyond both legs is being looked into; for progress on a screen only.
    #[serde(skip)]
    Exploring(thorough::Step),
    /// What that took.
    Explored {
        step: thorough::Step,
        #[serde(flatten)]
        effort: thorough::Effort,
    },
    RunFinished(&'a Summary),
    FootprintStarted {
        schema: u32,
        version: &'a str,
        os: &'a str,
        arch: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        target: Option<&'a str>,
        binaries: usize,
        tests: usize,
    },
    /// What one test leaves changed; of tests that leave nothing, there is none.
    Footprint {
        #[serde(flatten)]
        name: TestName<'a>,
        verdict: Verdict,
        changes: &'a [Change],
        /// How many statics of the standard library and the C library besides.
        library: usize,
    },
    FootprintFinished {
        /// How many tests were looked at, and how many of them leave something changed.
        tests: usize,
        leaving: usize,
        #[serde(rename = "wall_ms", serialize_with = "milliseconds")]
        wall: Duration,
    },
}

/// What a test shares with others, by their names.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Suspected<'a> {
    pub(crate) channel: Channel,
    pub(crate) name: &'a str,
    pub(crate) tests: Vec<&'a str>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// A confirmed statement about one test.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename = "finding")]
pub(crate) struct FindingEvent<'a> {
    pub(crate) kind: Kind,
    pub(crate) level: Level,
    #[serde(flatten)]
    pub(crate) name: TestName<'a>,
    pub(crate) in_process: Verdict,
    pub(crate) spawned: Verdict,
    /// `null`: no culprits were searched for, or none could be named.
    pub(crate) culprits: Option<Vec<&'a str>>,
    /// How they were found.
    #[serde(flatten)]
    pub(crate) search: Option<Search>,
    /// How long it took to search for culprits and causes.
    #[serde(
        rename = "explained_ms",
        skip_serializing_if = "Duration::is_zero",
        serialize_with = "milliseconds"
    )]
    pub(crate) explained: Duration,
    pub(crate) causes: &'a [Cause],
    /// What differs too, and does not matter.
    pub(crate) also: &'a [Carrier],
    /// The in-process verdict is that of another order of tests than the in-process leg's.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) other_order: bool,
    /// What a `racy` test shares with others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) suspects: Vec<Suspected<'a>>,
    /// Why no more is known.
    pub(crate) notes: &'a [String],
    /// What was seen in the leg that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) evidence: Option<&'a Evidence>,
    /// What to do about it, in a line.
    pub(crate) help: String,
    /// Why the configuration accepts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) accepted: Option<&'a str>,
    /// The command that shows it again.
    pub(crate) replay: String,
}

/// A search for culprits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Search {
    /// How many tests could have been it.
    pub(crate) candidates: usize,
    /// How many processes it took.
    pub(crate) runs: usize,
    /// Whether no smaller set does it.
    pub(crate) minimal: bool,
}

impl From<&Culprits> for Search {
    fn from(culprits: &Culprits) -> Self {
        let Culprits { candidates, runs, minimal, .. } = *culprits;
        Self { candidates, runs, minimal }
    }
}

/// The numbers at the end.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Summary {
    /// Tests that ran both ways.
    pub(crate) tests: usize,
    /// Of those, the ones that pass both ways and have no finding.
    pub(crate) passed: usize,
    /// Of those, the ones that fail both ways.
    pub(crate) failed: usize,
    /// Binaries that ended badly after every test had passed.
    pub(crate) binaries_failed: usize,
    /// Findings at a level above `allow`, accepted ones included.
    pub(crate) findings: usize,
    pub(crate) ignored: usize,
    pub(crate) accepted: usize,
    pub(crate) unconfirmed: usize,
    /// Tests that did not come to run both ways, because the run was stopped.
    pub(crate) not_run: usize,
    #[serde(rename = "wall_ms", serialize_with = "milliseconds")]
    pub(crate) wall: Duration,
    pub(crate) exit_code: u8,
    /// Findings by kind, for the summary line.
    #[serde(skip)]
    pub(crate) by_kind: Vec<(Kind, usize)>,
}

fn milliseconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    // Microseconds are enough, and keep the lines short.
    serializer.serialize_f64((duration.as_secs_f64() * 1e6).round() / 1e3)
}
