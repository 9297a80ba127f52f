//! Name the cause: what carries state from the culprits to the test that depends on it.
//!
//! Two processes are stopped where the test begins: one in which the culprits ran, and one in which they were passed over, so that
//! all else is the same. What differs is put back to its fresh value, and the test goes on: what flips the verdict is the
//! cause. For a call of a worker it is the same: one process has done what must come before, the other makes that call alone.
//! Nothing is named for differing alone; half of what differs does not matter.

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod linux;
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod other;

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
use linux as os;
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
use other as os;

pub(crate) use os::Images;

use crate::error::Result;
use crate::finding::{Finding, Kind, Level, Levels};
use crate::footprint::Footprint;
use crate::run::{Company, Processes, Schedule, Threaded, queue};
use crate::trace::Trouble;
use crate::worker::WorkerFinding;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// What attribution has to work with.
pub(crate) struct Attributor<'a> {
    pub(crate) processes: &'a Processes<'a>,
    /// A folder of ours, which tests may have open without knowing.
    pub(crate) temp: &'a Path,
    pub(crate) workers: usize,
    /// How long to look for the cause of one finding.
    pub(crate) time: Duration,
    /// Executables that were read, for all findings.
    pub(crate) images: Images,
    /// Several findings are worked on at a time.
    pub(crate) company: Company,
}

impl Attributor<'_> {
    /// Runs `schedule`, and says which of its tests leave something changed that few others change, as far as a short look shows;
    /// `None` where there is nothing to see.
    pub(crate) fn changers(&self, schedule: &Schedule) -> Result<Option<Vec<usize>>> {
        os::changers(self.processes, &self.images, schedule)
    }

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
            os::explain_tests(self, binary, &culprits, findings)
        })
    }

    /// Fills in the causes of all findings that say that a worker depends on its past, unless nobody wants to know.
    pub(crate) fn attribute_workers(&self, findings: &mut [WorkerFinding], levels: &Levels) -> Result<()> {
        if levels.get(Kind::Diverges) == Level::Allow {
            return Ok(());
        }
        let diverging = findings.iter_mut().filter(|finding| finding.has_past());
        self.each(diverging.collect(), |finding| os::explain_call(self, finding))
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
}

/// Sees what tests leave changed; what it learns about a binary is kept for the next time.
pub(crate) struct Watcher<'a> {
    processes: &'a Processes<'a>,
    /// A folder of ours, which tests may have open without knowing.
    temp: &'a Path,
    learned: os::Learned,
}

impl<'a> Watcher<'a> {
    pub(crate) fn new(processes: &'a Processes<'a>, temp: &'a Path) -> Self {
        Self { processes, temp, learned: os::Learned::default() }
    }

    /// What each test of `schedule` leaves changed, in the order given there; and, if asked for, which `variables` it uses.
    ///
    /// The inner error says why that cannot be seen.
    pub(crate) fn footprints(
        &self,
        schedule: &Schedule,
        variables: bool,
    ) -> Result<std::result::Result<Vec<Footprint>, Trouble>> {
        os::footprints(self.processes, self.temp, &self.learned, schedule, variables)
    }

    /// Runs tests beside each other in one new process: all from the same moment on, or the others after so many uses of variables by the
    /// first one (`lead`). No observation where that cannot be done.
    pub(crate) fn together(&self, schedule: &Schedule, lead: usize) -> Result<Threaded> {
        os::together(self.processes, &self.learned, schedule, lead)
    }
}
