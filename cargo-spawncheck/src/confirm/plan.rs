//! How often to repeat what, and what no longer needs it.

use super::evidence::{Condition, Outcome, Suspect};
use crate::compare::Comparison;
use crate::finding::Verdict;
use crate::run::Schedule;
use crate::suite::TestId;
use std::time::Duration;

/// How often a spawned failure is repeated alone. A test that fails in one run of five, once in the first run and then in
/// each of these, comes up once in 3,000 such tests.
const ALONE: u32 = 5;

/// The same for one that hangs.
const HANGS: u32 = 2;

/// How often with the caller's environment.
const INHERITED: u32 = 3;

/// How often a test that passed in a fresh process has to do so again.
const PASSES: usize = 2;

/// How often to look for a leak again.
const LEAKS: usize = 3;

/// How often to try company.
pub(super) const BESIDE_ROUNDS: u32 = 3;

/// How many tests before and after a suspect keep it company.
const NEIGHBOURS: usize = 4;

/// How often to run a suspect together with others at first: more passes are cheap evidence, failures none at all.
pub(super) fn triage(suspect: &Suspect) -> usize {
    match suspect.comparison() == Comparison::Differ && !suspect.first_spawned.is_bad() {
        true => PASSES,
        false => 0,
    }
}

/// The next repeat with nothing beside it, `None` if no more is needed.
pub(super) fn alone(suspect: &Suspect) -> Option<Condition> {
    if suspect.is_ordinary_failure() {
        return None;
    }
    let (alone, inherited) = (suspect.alone, suspect.inherited);
    if suspect.leaks[0].is_some() && suspect.leaks.iter().all(Option::is_some) && suspect.leaks.len() <= LEAKS
    {
        return Some(Condition::Alone);
    }
    if suspect.comparison() == Comparison::Agree || suspect.is_mixed() {
        return None;
    }
    if suspect.comparison() == Comparison::FailsBothWays && inherited.runs() == 0 {
        return Some(Condition::Inherited);
    }
    let (fresh, whole) = match suspect.first_spawned {
        // Each repeat takes the whole time limit, and an accident of timing does not look like this twice.
        Verdict::TimedOut => (HANGS, HANGS),
        verdict if verdict.is_bad() || suspect.beside.outcome() != Outcome::Good => (ALONE, INHERITED),
        // It passed each time among others already.
        _ => (1, INHERITED),
    };
    if alone.runs() < fresh {
        return Some(Condition::Alone);
    }
    // What fails in-process, or sealed, may do so for a variable: only the whole environment can tell.
    let variable_in_question = alone.outcome() == Outcome::Bad || suspect.first_in_process.is_bad();
    (variable_in_question && inherited.runs() < whole).then_some(Condition::Inherited)
}

/// Whether `--retries` is about it: it fails in both legs and alone, and that last run can be repeated. What hangs both ways has no
/// such run, since nobody waits for it a third time.
pub(super) fn can_be_retried(suspect: &Suspect) -> bool {
    suspect.is_ordinary_failure() && suspect.inherited.outcome() == Outcome::Bad
}

/// How often to repeat an in-process leg that took so long at first.
pub(super) fn in_process_repeats(took: Duration) -> u32 {
    if took < Duration::from_millis(500) { 5 } else { 2 }
}

/// Whether the in-process leg has to be seen again for its sake.
pub(super) fn needs_in_process(suspect: &Suspect) -> bool {
    suspect.comparison() != Comparison::Agree && !suspect.is_ordinary_failure() && !suspect.is_mixed()
}

/// Whether alone it passes both ways, and company has not yet made it fail.
pub(super) fn needs_company(suspect: &Suspect) -> bool {
    suspect.comparison() != Comparison::Agree
        && suspect.in_process.outcome() == Outcome::Good
        && suspect.alone.outcome() == Outcome::Good
        && !suspect.beside.has_failed()
        && !suspect.copies.has_failed()
}

/// A suspect and its neighbours, of other binaries too where its own has few tests.
pub(super) fn among_neighbours(id: TestId, schedules: &[Schedule]) -> Vec<TestId> {
    let tests: Vec<_> = schedules.iter().flat_map(Schedule::ids).collect();
    let at = tests.iter().position(|test| *test == id).unwrap_or(0);
    let near = at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS + 1).min(tests.len());
    // It comes first, so that it begins while all workers are free.
    let others = tests.get(near).unwrap_or_default().iter().copied().filter(|test| *test != id);
    std::iter::once(id).chain(others).collect()
}

/// A suspect beside itself: its two legs may have met by chance, and two checkouts may be tested on one machine.
pub(super) fn among_copies(id: TestId, workers: usize) -> Vec<TestId> {
    vec![id; workers.max(2)]
}

/// Whether enough was seen to decide.
pub(super) fn is_settled(suspect: &Suspect) -> bool {
    let leak_settled = suspect.leaks.len() > LEAKS || suspect.leaks.iter().any(Option::is_none);
    let verdict_settled = suspect.comparison() == Comparison::Agree
        || suspect.is_mixed()
        || suspect.is_ordinary_failure()
        || (alone(suspect).is_none() && suspect.in_process.runs() >= 2);
    leak_settled && verdict_settled
}
