//! What a run tells its reporters. With a `type` tag in front, these are the lines of `--message-format json`.

use crate::confirm::Step;
use crate::explanation::Cause;
use crate::finding::{Evidence, Kind, Leg, Level, Verdict};
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
        binaries: usize,
        /// The tests that run both ways.
        tests: usize,
        ignored: usize,
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
    /// What differed is being repeated; for progress on a screen only.
    #[serde(skip)]
    Confirming(Step),
    /// A test that fails both ways.
    Failure {
        #[serde(flatten)]
        name: TestName<'a>,
        in_process: Verdict,
        spawned: Verdict,
        output: &'a str,
    },
    Finding {
        kind: Kind,
        level: Level,
        #[serde(flatten)]
        name: TestName<'a>,
        in_process: Verdict,
        spawned: Verdict,
        /// `null`: no culprits were searched for.
        culprits: Option<Vec<&'a str>>,
        causes: &'a [Cause],
        /// What was seen in the leg that failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        evidence: Option<&'a Evidence>,
        /// Why the configuration accepts it.
        #[serde(skip_serializing_if = "Option::is_none")]
        accepted: Option<&'a str>,
        replay: &'a str,
    },
    /// A difference between the legs that was not repeated enough to say what it is.
    Unconfirmed {
        #[serde(flatten)]
        name: TestName<'a>,
        in_process: Option<Verdict>,
        spawned: Option<Verdict>,
    },
    RunFinished(&'a Summary),
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
