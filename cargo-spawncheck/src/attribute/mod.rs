//! Name the cause: what carries state from the culprits to the test that depends on it.
//!
//! Two processes are stopped where the test begins: one in which the culprits ran, and one in which they were passed over, so that
//! all else is the same. What differs is put back to its fresh value, and the test goes on: what flips the verdict is the
//! cause. For a call of a worker it is the same: one process has done what must come before, the other makes that call alone.
//! Nothing is named for differing alone; half of what differs does not matter.

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod linux;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod prove;

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) use linux::Images;

use crate::error::Result;
use crate::finding::{Finding, Kind, Level, Levels};
use crate::footprint::Footprint;
use crate::run::{Processes, Schedule, queue};
use crate::trace::Trouble;
use crate::worker::WorkerFinding;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
const ELSEWHERE: &str = "the cause can be looked for on Linux only";

/// What was read of executables, which is nothing here.
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
#[derive(Debug, Default)]
pub(crate) struct Images;

/// What attribution has to work with.
pub(crate) struct Attributor<'a> {
    pub(crate) processes: &'a Processes<'a>,
    /// A folder of ours, which tests may have open without knowing.
    pub(crate) temp: &'a Path,
    pub(crate) workers: usize,
    /// How long to look for the cause of one finding.
    pub(crate) time: Duration,
    /// Executables that were read, for all findings.
    #[cfg_attr(
        not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))),
        expect(dead_code, reason = "as where it is of use")
    )]
    pub(crate) images: Images,
}

impl Attributor<'_> {
    /// Fills in the causes of all findings that have culprits.
    pub(crate) fn attribute(&self, findings: &mut [Finding]) -> Result<()> {
        // Findings with the same culprits share most of the work.
        let mut groups: BTreeMap<(usize, Vec<usize>), Vec<&mut Finding>> = BTreeMap::new();
        for finding in findings {
            if let Some(culprits) = &finding.explanation.culprits {
                let key = (finding.test.binary, culprits.tests.clone());
                groups.entry(key).or_default().push(finding);
            }
        }
        self.each(groups.into_iter().collect(), |((binary, culprits), findings)| {
            self.group(binary, &culprits, findings)
        })
    }

    /// Fills in the causes of all findings that say that a worker depends on its past, unless nobody wants to know.
    pub(crate) fn attribute_workers(&self, findings: &mut [WorkerFinding], levels: &Levels) -> Result<()> {
        if levels.get(Kind::Diverges) == Level::Allow {
            return Ok(());
        }
        let diverging = findings.iter_mut().filter(|finding| finding.has_past());
        self.each(diverging.collect(), |finding| self.call(finding))
    }

    /// Does the work for all jobs, several at a time; returns the first error.
    fn each<J: Send>(&self, jobs: Vec<J>, work: impl Fn(J) -> Result<()> + Sync) -> Result<()> {
        let mut result = Ok(());
        queue::run(
            jobs,
            self.workers,
            |job, done| done(work(job)),
            |outcome| {
                if result.is_ok() {
                    result = outcome;
                }
            },
        );
        result
    }

    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    fn group(&self, binary: usize, culprits: &[usize], findings: Vec<&mut Finding>) -> Result<()> {
        linux::Group::new(self, binary, culprits).explain(findings)
    }

    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    fn call(&self, finding: &mut WorkerFinding) -> Result<()> {
        linux::explain_call(self, finding)
    }

    #[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as where it can be done")]
    fn call(&self, finding: &mut WorkerFinding) -> Result<()> {
        finding.explanation.notes.push(ELSEWHERE.into());
        Ok(())
    }

    #[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as where it can be done")]
    fn group(&self, _binary: usize, _culprits: &[usize], findings: Vec<&mut Finding>) -> Result<()> {
        for finding in findings {
            finding.explanation.notes.push(ELSEWHERE.into());
        }
        Ok(())
    }
}

/// Sees what tests leave changed; what it learns about a binary is kept for the next time.
pub(crate) struct Watcher<'a> {
    processes: &'a Processes<'a>,
    /// A folder of ours, which tests may have open without knowing.
    temp: &'a Path,
    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    learned: linux::Learned,
}

impl<'a> Watcher<'a> {
    pub(crate) fn new(processes: &'a Processes<'a>, temp: &'a Path) -> Self {
        Self {
            processes,
            temp,
            #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
            learned: linux::Learned::default(),
        }
    }

    /// What each test of `schedule` leaves changed, in the order given there.
    ///
    /// The inner error says why that cannot be seen.
    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    pub(crate) fn footprints(
        &self,
        schedule: &Schedule,
    ) -> Result<std::result::Result<Vec<Footprint>, Trouble>> {
        linux::footprints(self.processes, self.temp, &self.learned, schedule)
    }

    #[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
    #[expect(clippy::unnecessary_wraps, reason = "as where it can be done")]
    pub(crate) fn footprints(
        &self,
        _schedule: &Schedule,
    ) -> Result<std::result::Result<Vec<Footprint>, Trouble>> {
        let _ = (self.processes, self.temp);
        Ok(Err(Trouble("what tests change can be seen on Linux only".into())))
    }
}
