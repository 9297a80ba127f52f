//! What is said of a suspect in the end, with the verdicts and the output that speak for it.

use super::Failure;
use super::evidence::Suspect;
use crate::explanation::Explanation;
use crate::finding::{Evidence, Finding, Kind, Leg, Verdict};
use crate::run::Observation;

/// The two legs may have run it at the same time.
const ITSELF: &str =
    "it fails only while another run of the same test goes on, and passes beside other tests";

impl Suspect {
    pub(super) fn failure(self) -> Failure {
        Failure {
            test: self.id,
            in_process: self.first_in_process,
            spawned: self.first_spawned,
            // A later test that ends the process takes the output of the in-process leg with it.
            output: [self.in_process_failure, self.spawned_failure]
                .into_iter()
                .flatten()
                .map(|failure| failure.output)
                .find(|output| !output.is_empty())
                .unwrap_or_default(),
        }
    }

    pub(super) fn finding(&self, kind: Kind) -> Finding {
        let (in_process, spawned) = match kind {
            // What holds without company is what the claim rests on.
            Kind::Environment if self.first_in_process.is_bad() => {
                (self.verdict_of(Leg::InProcess), Verdict::Passed)
            }
            Kind::Brittle | Kind::Environment => (Verdict::Passed, self.verdict_of(Leg::Spawned)),
            Kind::Victim => (self.verdict_of(Leg::InProcess), Verdict::Passed),
            _ => (self.first_in_process, self.first_spawned),
        };
        let failed_leg = match kind {
            Kind::Environment if self.first_in_process.is_bad() => Some(Leg::InProcess),
            Kind::Brittle | Kind::Environment | Kind::Contention => Some(Leg::Spawned),
            Kind::Victim => Some(Leg::InProcess),
            Kind::Flaky if self.spawned_failure.is_some() => Some(Leg::Spawned),
            Kind::Flaky => Some(Leg::InProcess),
            _ => None,
        };
        let evidence = failed_leg.and_then(|leg| {
            let text = self.failure_of(leg)?.output.clone();
            (!text.is_empty()).then_some(Evidence { leg, text })
        });
        let mut explanation = Explanation::default();
        if kind == Kind::Contention && !self.beside.has_failed() {
            explanation.notes.push(ITSELF.into());
        }
        Finding { kind, test: self.id, in_process, spawned, evidence, schedule: None, explanation }
    }

    fn failure_of(&self, leg: Leg) -> Option<&Observation> {
        match leg {
            Leg::InProcess => self.in_process_failure.as_ref(),
            Leg::Spawned => self.spawned_failure.as_ref(),
        }
    }

    fn verdict_of(&self, leg: Leg) -> Verdict {
        self.failure_of(leg).map_or(Verdict::Failed, |failure| failure.verdict)
    }
}

#[cfg(test)]
mod tests {
    use super::ITSELF;
    use crate::confirm::evidence::{Condition, Suspect};
    use crate::finding::{Kind, Verdict};
    use crate::run::Observation;
    use crate::suite::TestId;
    use std::time::Duration;

    fn observation(verdict: Verdict) -> Observation {
        let (output, duration) = (String::new(), Duration::ZERO);
        Observation { test: 0, verdict, duration, leak: None, output, bad_end: None }
    }

    /// Nobody else runs a test twice at the same time.
    #[test]
    fn a_test_that_cannot_stand_itself() {
        let (passed, failed) = (observation(Verdict::Passed), observation(Verdict::Failed));
        for (condition, notes) in [(Condition::Beside, &[][..]), (Condition::Copies, &[ITSELF])] {
            let mut suspect = Suspect::new(TestId { binary: 0, test: 0 }, &passed, &failed);
            suspect.add(condition, &failed);
            assert_eq!(suspect.finding(Kind::Contention).explanation.notes, notes);
        }
    }
}
