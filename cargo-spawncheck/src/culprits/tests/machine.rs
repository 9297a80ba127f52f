//! A machine in memory: tests that set and clear flags, and tests that mind them.

use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::finding::Verdict;
use crate::run::{Executor, Observation, Schedule};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// What a test of the machine does; flags are bits.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Does {
    Nothing,
    Sets(u8),
    Clears(u8),
    /// Passes only where all of these are set.
    Needs(u8),
    /// Passes only where none of these is set.
    Minds(u8),
    /// The same, but every second time it passes anyway.
    MindsAtTimes(u8),
    /// The same, and always passes while anything else runs.
    MindsInQuiet(u8),
    Crashes,
    /// Crashes unless this is set, and sets the other.
    CrashesWithout(u8, u8),
    /// Ends its process badly after its result unless this is set.
    EndsBadlyWithout(u8),
    /// The same, in a way that looks like a harness that tells of failures.
    EndsAsIfFailedWithout(u8),
}

/// What a look at its tests shows.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Sees {
    #[default]
    NotAtAll,
    /// Which of them change flags.
    Changes,
    /// That none does.
    Nothing,
    /// Tests that do nothing.
    Other,
}

#[derive(Default)]
pub(super) struct Machine {
    pub(super) binaries: Vec<Vec<Does>>,
    /// How many tests go into a process.
    pub(super) reach: Option<usize>,
    /// Whether a whole binary does nevertheless, as one that needs no filters.
    pub(super) whole: bool,
    /// Whether it breaks at the next run.
    pub(super) broken: bool,
    pub(super) sees: Sees,
    /// How long each test takes, as it says.
    pub(super) duration: Duration,
    pub(super) live: AtomicUsize,
    pub(super) runs: AtomicUsize,
    pub(super) asked: Mutex<Vec<Schedule>>,
}

impl Machine {
    fn verdict(&self, does: Does, flags: &mut u8) -> Verdict {
        let passes = match does {
            Does::Nothing | Does::EndsBadlyWithout(_) | Does::EndsAsIfFailedWithout(_) => true,
            Does::Sets(flag) => {
                *flags |= flag;
                true
            }
            Does::Clears(flag) => {
                *flags &= !flag;
                true
            }
            Does::Needs(flag) => *flags & flag == flag,
            Does::Minds(flag) => *flags & flag == 0,
            Does::MindsAtTimes(flag) => {
                *flags & flag == 0 || !self.runs.fetch_add(1, Ordering::SeqCst).is_multiple_of(2)
            }
            Does::MindsInQuiet(flag) => *flags & flag == 0 || !self.is_quiet(),
            Does::Crashes => return Verdict::Crashed,
            Does::CrashesWithout(needs, _) if *flags & needs == 0 => return Verdict::Crashed,
            Does::CrashesWithout(_, sets) => {
                *flags |= sets;
                true
            }
        };
        if passes { Verdict::Passed } else { Verdict::Failed }
    }

    pub(super) fn changers(&self, schedule: &Schedule) -> Option<Vec<usize>> {
        if self.sees == Sees::NotAtAll {
            return None;
        }
        self.asked.lock().unwrap().push(schedule.clone());
        let is_seen = |does: Does| match self.sees {
            Sees::Changes => matches!(does, Does::Sets(_) | Does::Clears(_)),
            Sees::Other => does == Does::Nothing,
            Sees::Nothing | Sees::NotAtAll => false,
        };
        let tests = schedule.tests.iter().copied();
        Some(tests.filter(|test| is_seen(self.binaries[schedule.binary][*test])).take(9).collect())
    }

    /// Long enough for another worker to come along.
    fn is_quiet(&self) -> bool {
        let alone = || self.live.load(Ordering::SeqCst) < 2;
        let before = alone();
        std::thread::sleep(Duration::from_millis(20));
        before && alone()
    }
}

impl Executor for Machine {
    fn execute(
        &self,
        schedule: &Schedule,
        finished: &mut dyn FnMut(&Observation),
    ) -> Result<Vec<Observation>> {
        if self.broken {
            return Err(Error::already_reported(ExitCode::Interrupted));
        }
        self.live.fetch_add(1, Ordering::SeqCst);
        self.asked.lock().unwrap().push(schedule.clone());
        let (mut flags, mut observations) = (0, Vec::new());
        for test in schedule.tests.iter().copied().take(self.reach(schedule)) {
            let verdict = self.verdict(self.binaries[schedule.binary][test], &mut flags);
            let (duration, output) = (self.duration, String::new());
            let observation = Observation { test, verdict, duration, leak: None, output, bad_end: None };
            finished(&observation);
            observations.push(observation);
            if verdict == Verdict::Crashed {
                break;
            }
        }
        let failed = observations.iter().any(|seen| seen.verdict == Verdict::Failed);
        let ends_badly = |test: &usize| match self.binaries[schedule.binary][*test] {
            Does::EndsBadlyWithout(flag) => flags & flag == 0,
            Does::EndsAsIfFailedWithout(flag) => flags & flag == 0 && !failed,
            _ => false,
        };
        if schedule.tests.iter().any(ends_badly) {
            let alone = schedule.tests.len() == 1;
            for observation in &mut observations {
                observation.bad_end = Some("exit code 1".into());
                observation.verdict = if alone { Verdict::Crashed } else { observation.verdict };
            }
        }
        self.live.fetch_sub(1, Ordering::SeqCst);
        Ok(observations)
    }

    fn reach(&self, schedule: &Schedule) -> usize {
        let count = schedule.tests.len();
        let is_whole = self.whole && count == self.binaries[schedule.binary].len();
        if is_whole { count } else { self.reach.unwrap_or(count).min(count) }
    }
}
