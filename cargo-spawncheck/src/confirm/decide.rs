//! Evidence in, claim out: the one place where the verdicts of both legs become a kind of finding.

use super::evidence::{Outcome, Suspect};
use crate::finding::Kind;

/// What the evidence comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// It does not pass in either leg, whatever ran before it.
    OrdinaryFailure,
    /// A finding of this kind.
    Finding(Kind),
}

/// Chooses the claim; a claim about inherited state needs every run to agree with it, the first ones included.
pub(super) fn decide(suspect: &Suspect) -> Claim {
    use Outcome::{Bad, Good};
    if suspect.is_ordinary_failure() {
        return Claim::OrdinaryFailure;
    }
    if suspect.is_mixed() {
        return Claim::Finding(Kind::Flaky);
    }
    let first_in_process_bad = suspect.first_in_process.is_bad();
    let first_spawned_bad = suspect.first_spawned.is_bad();
    let (in_process, alone, inherited) =
        (suspect.in_process.outcome(), suspect.alone.outcome(), suspect.inherited.outcome());
    match (in_process, alone, inherited) {
        (Good, Bad, Bad) if !first_in_process_bad && first_spawned_bad => Claim::Finding(Kind::Brittle),
        (Good, Bad, Good) if !first_in_process_bad && first_spawned_bad => Claim::Finding(Kind::Environment),
        (Bad, Good, Bad) if first_in_process_bad && !first_spawned_bad => Claim::Finding(Kind::Environment),
        // Passing in a fresh process with the very environment of the in-process leg is what counts.
        (Bad, _, Good) if first_in_process_bad => Claim::Finding(Kind::Victim),
        // Alone it passes both ways, so company made the difference, if it can be shown to.
        (Good, Good, _) if suspect.beside.has_failed() || suspect.copies.has_failed() => {
            Claim::Finding(Kind::Contention)
        }
        _ => Claim::Finding(Kind::Flaky),
    }
}

/// Whether it left something behind every time that somebody looked.
pub(super) fn leaks(suspect: &Suspect) -> bool {
    suspect.leaks.iter().all(Option::is_some)
}

#[cfg(test)]
mod tests {
    use super::{Claim, decide};
    use crate::confirm::evidence::{Suspect, Tally};
    use crate::finding::Kind::{Brittle, Contention, Environment, Flaky, Victim};
    use crate::finding::Verdict::{Failed, Passed};
    use crate::run::Observation;
    use crate::suite::TestId;
    use std::time::Duration;

    fn verdict(sign: char) -> crate::finding::Verdict {
        if sign == '-' { Failed } else { Passed }
    }

    /// `first` has a sign for each leg; the others one for each run.
    #[track_caller]
    fn check(first: &str, in_process: &str, alone: &str, inherited: &str, beside: &str, expected: Claim) {
        let observation = |sign: char| Observation {
            test: 0,
            verdict: verdict(sign),
            duration: Duration::ZERO,
            leak: None,
            output: String::new(),
            bad_end: None,
        };
        let tally = |signs: &str| {
            let mut tally = Tally::default();
            signs.chars().for_each(|sign| tally.add(verdict(sign)));
            tally
        };
        let mut signs = first.chars().map(observation);
        let (first_in_process, first_spawned) = (signs.next().unwrap(), signs.next().unwrap());
        let mut suspect = Suspect::new(TestId { binary: 0, test: 0 }, &first_in_process, &first_spawned);
        suspect.in_process = tally(in_process);
        suspect.alone = tally(alone);
        suspect.inherited = tally(inherited);
        suspect.beside = tally(beside);
        assert_eq!(decide(&suspect), expected);
    }

    #[test]
    fn claims() {
        let finding = Claim::Finding;
        //    first  in-pr.  alone  inherited beside
        check("+-", "++", "--", "--", "", finding(Brittle));
        check("-+", "--", "++", "++", "++", finding(Victim));
        check("+-", "++", "--", "++", "", finding(Environment));
        check("-+", "--", "++", "--", "++", finding(Environment));
        check("+-", "++", "++", "", "+-", finding(Contention));
        check("-+", "++", "++", "", "--", finding(Contention));
        check("+-", "++", "++", "", "++", finding(Flaky));
        check("--", "--", "--", "--", "", Claim::OrdinaryFailure);
        check("--", "", "", "-", "", Claim::OrdinaryFailure);
        // It fails sealed for want of a variable, and in-process because of another test.
        check("--", "--", "--", "++", "", finding(Victim));
        // Spawned beside others it failed, but not because of what another test left in its process.
        check("--", "--", "++", "++", "", finding(Victim));
    }

    #[test]
    fn one_disagreement_is_enough() {
        let flaky = Claim::Finding(Flaky);
        check("+-", "+-", "--", "--", "", flaky);
        check("+-", "++", "-+", "--", "", flaky);
        check("+-", "++", "--", "-+", "", flaky);
        check("-+", "-+", "++", "", "", flaky);
        check("-+", "--", "+-", "", "", flaky);
        check("-+", "--", "++", "+-", "", flaky);
        // The repeats agree with each other, but not with the first run.
        check("+-", "--", "--", "--", "", flaky);
        check("-+", "++", "--", "--", "", flaky);
        check("+-", "--", "++", "", "", flaky);
    }
}
