//! What repetition has shown of one suspect.

use crate::compare::{Comparison, compare};
use crate::finding::{Leg, Verdict};
use crate::run::{Observation, hides_end};
use crate::suite::TestId;
use spawncheck::child::Leak;

/// Verdicts of runs under the same condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    good: u32,
    bad: u32,
}

/// What a tally comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Unknown,
    Good,
    Bad,
    /// Both: whatever differed, it was not the condition.
    Mixed,
}

impl Tally {
    pub(super) fn add(&mut self, verdict: Verdict) {
        match verdict.is_bad() {
            true => self.bad += 1,
            false => self.good += 1,
        }
    }

    /// Whether any of its runs was bad.
    pub(super) fn has_failed(self) -> bool {
        self.bad > 0
    }

    /// How many runs it counts.
    pub(super) fn runs(self) -> u32 {
        self.good + self.bad
    }

    pub(super) fn outcome(self) -> Outcome {
        match (self.good, self.bad) {
            (0, 0) => Outcome::Unknown,
            (_, 0) => Outcome::Good,
            (0, _) => Outcome::Bad,
            _ => Outcome::Mixed,
        }
    }
}

/// A test that calls for a second look.
#[derive(Clone, Debug)]
pub(super) struct Suspect {
    pub(super) id: TestId,
    /// The verdicts of the first run of both legs, beside other tests.
    pub(super) first_in_process: Verdict,
    pub(super) first_spawned: Verdict,
    /// Its own process ends badly after its result, and whether that of the first in-process run would have was hidden: the first
    /// repeat that is not stands in for it.
    pub(super) first_end_hidden: bool,
    /// In-process again, with nothing beside it.
    pub(super) in_process: Tally,
    /// In a fresh process, sealed, with nothing beside it.
    pub(super) alone: Tally,
    /// The same with the caller's whole environment.
    pub(super) inherited: Tally,
    /// In a fresh process, sealed, while other tests ran.
    pub(super) beside: Tally,
    /// The same while nothing but other runs of this test went on.
    pub(super) copies: Tally,
    /// What a run that went wrong showed last, in each leg.
    pub(super) in_process_failure: Option<Observation>,
    pub(super) spawned_failure: Option<Observation>,
    /// What it left behind each time it was looked for; `None` where nothing was.
    pub(super) leaks: Vec<Option<Leak>>,
}

impl Suspect {
    pub(super) fn new(id: TestId, in_process: &Observation, spawned: &Observation) -> Self {
        let failure = |observation: &Observation| observation.verdict.is_bad().then(|| observation.clone());
        Self {
            id,
            first_in_process: in_process.verdict,
            first_spawned: spawned.verdict,
            first_end_hidden: false,
            in_process: Tally::default(),
            alone: Tally::default(),
            inherited: Tally::default(),
            beside: Tally::default(),
            copies: Tally::default(),
            in_process_failure: failure(in_process),
            spawned_failure: failure(spawned),
            leaks: vec![spawned.leak],
        }
    }

    /// Takes in one more run.
    pub(super) fn add(&mut self, condition: Condition, observation: &Observation) {
        let tally = match condition {
            Condition::InProcess => &mut self.in_process,
            Condition::Alone => &mut self.alone,
            Condition::Inherited => &mut self.inherited,
            Condition::Beside => &mut self.beside,
            Condition::Copies => &mut self.copies,
        };
        tally.add(observation.verdict);
        if condition == Condition::Alone {
            self.leaks.push(observation.leak);
        }
        if observation.verdict.is_bad() {
            match condition.leg() {
                Leg::InProcess => self.in_process_failure = Some(observation.clone()),
                Leg::Spawned => self.spawned_failure = Some(observation.clone()),
            }
        }
    }

    /// Takes in one more run of the in-process leg. Where the test's own process ends badly after its result, that of the leg
    /// doing so too is the same failure; and a run in which that could not be seen says nothing.
    pub(super) fn add_in_process(&mut self, run: &[Observation]) {
        let Some(observation) = run.iter().find(|observation| observation.test == self.id.test) else {
            return;
        };
        let own_bad_end = self.spawned_failure.as_ref().filter(|failure| failure.bad_end.is_some());
        let seen = match (own_bad_end, &observation.bad_end) {
            (Some(failure), Some(_)) => failure.clone(),
            (Some(_), None) if hides_end(self.id.test, run) => return,
            _ => observation.clone(),
        };
        if std::mem::take(&mut self.first_end_hidden) {
            self.first_in_process = seen.verdict;
        }
        self.add(Condition::InProcess, &seen);
    }

    pub(super) fn comparison(&self) -> Comparison {
        compare(Some(self.first_in_process), Some(self.first_spawned))
    }

    /// Whether it failed in both legs, and in a fresh process with nothing missing and nothing beside it.
    pub(super) fn is_ordinary_failure(&self) -> bool {
        // A test that hangs both ways is not waited for again.
        let hangs = [self.first_in_process, self.first_spawned] == [Verdict::TimedOut; 2];
        self.comparison() == Comparison::FailsBothWays && (hangs || self.inherited.outcome() == Outcome::Bad)
    }

    /// Whether two runs under the same condition disagreed.
    pub(super) fn is_mixed(&self) -> bool {
        [self.in_process, self.alone, self.inherited]
            .into_iter()
            .any(|tally| tally.outcome() == Outcome::Mixed)
    }
}

/// Under what a run was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    InProcess,
    Alone,
    Inherited,
    Beside,
    Copies,
}

impl Condition {
    fn leg(self) -> Leg {
        match self {
            Self::InProcess => Leg::InProcess,
            Self::Alone | Self::Inherited | Self::Beside | Self::Copies => Leg::Spawned,
        }
    }
}
