//! Each test twice in a row in one process.
//!
//! Many tests share a process at first: one that passes twice there would hardly fail twice by itself. One that does not is
//! judged by processes that run nothing else.

use super::decide::{Twice, twice};
use super::orders::is_cut_short;
use super::{Explorer, Known, Lost};
use crate::error::Result;
use crate::explanation::{Culprits, Explanation};
use crate::finding::{Evidence, Finding, Kind, Leg, Verdict};
use crate::run::{Environment, Observation, Schedule};
use crate::suite::TestId;
use std::time::Duration;

/// What takes longer is repeated less often.
const SLOW: Duration = Duration::from_millis(250);

impl Explorer<'_> {
    pub(super) fn twice(&self, known: &mut Known<'_>) -> Result<()> {
        let mut doubles = Vec::new();
        for schedule in self.schedules {
            let tests = self.passing(schedule, known);
            let share = tests.len().div_ceil(self.workers.max(1)).max(1);
            for tests in tests.chunks(share) {
                let tests = tests.iter().flat_map(|test| [*test, *test]).collect();
                doubles.push(Schedule { tests, ..schedule.clone() });
            }
        }
        let mut suspects = Vec::new();
        let mut half: Option<(TestId, bool)> = None;
        for piece in self.run(doubles, known)? {
            for observation in &piece.observations {
                let id = TestId { binary: piece.schedule.binary, test: observation.test };
                let bad = observation.verdict.is_bad();
                // A process may have ended between the two.
                half = match half.take() {
                    None => Some((id, bad)),
                    Some((_, first)) => {
                        suspects.extend((first || bad).then_some(id));
                        None
                    }
                };
            }
        }
        suspects.into_iter().try_for_each(|id| self.confirm_twice(id, known))
    }

    /// Processes that run this test twice, and nothing else.
    fn confirm_twice(&self, id: TestId, known: &mut Known<'_>) -> Result<()> {
        let schedule =
            Schedule { binary: id.binary, tests: vec![id.test; 2], environment: Environment::Inherited };
        let slow = self.fresh(id).is_some_and(|fresh| fresh.duration > SLOW);
        let (mut seen, mut failure) = (Vec::new(), None);
        let kind = loop {
            match twice(&seen, slow) {
                Twice::Again if self.is_late() => {
                    known.lose(id.binary, Lost::Time);
                    return Ok(());
                }
                Twice::Again => {}
                Twice::Finding(kind) => break kind,
                Twice::Nothing => return Ok(()),
            }
            let observations = self.executor.execute(&schedule, &mut |_| {})?;
            let verdict = |index: usize| {
                observations.get(index).map_or(Verdict::NotRun, |observation| observation.verdict)
            };
            if is_cut_short(&schedule, &observations) {
                // It ran once only, which says nothing.
                known.lose(id.binary, Lost::Orders);
                return Ok(());
            }
            seen.push((verdict(0), verdict(1)));
            failure = observations.into_iter().find(|observation| observation.verdict.is_bad()).or(failure);
        };
        known.confirmed.findings.push(finding(id, kind, failure, seen.len()));
        Ok(())
    }
}

fn finding(id: TestId, kind: Kind, failure: Option<Observation>, runs: usize) -> Finding {
    let in_process = failure.as_ref().map_or(Verdict::Failed, |failure| failure.verdict);
    let text = failure.map(|failure| failure.output).unwrap_or_default();
    let repeats = kind == Kind::Repeat;
    Finding {
        kind,
        test: id,
        in_process,
        spawned: Verdict::Passed,
        evidence: (!text.is_empty()).then_some(Evidence { leg: Leg::InProcess, text }),
        schedule: repeats.then(|| vec![id.test; 2]),
        explanation: Explanation {
            // Who else: nothing else ran.
            culprits: repeats.then(|| Culprits { tests: vec![id.test], candidates: 1, runs, minimal: true }),
            ..Explanation::default()
        },
    }
}
