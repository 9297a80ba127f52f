//! Two verdicts in, what to make of them out.

use crate::finding::Verdict;

/// What one look at both legs says of a test. Nothing is claimed from it: see [`crate::confirm`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// It passes both ways.
    Agree,
    /// It passes in one leg only.
    Differ,
    /// It passes in neither.
    FailsBothWays,
    /// A leg is missing.
    Incomplete,
}

pub(crate) fn compare(in_process: Option<Verdict>, spawned: Option<Verdict>) -> Comparison {
    let (Some(in_process), Some(spawned)) = (in_process, spawned) else {
        return Comparison::Incomplete;
    };
    match (in_process.is_bad(), spawned.is_bad()) {
        (false, false) => Comparison::Agree,
        (true, true) => Comparison::FailsBothWays,
        _ => Comparison::Differ,
    }
}

#[cfg(test)]
mod tests {
    use super::Comparison::{Agree, Differ, FailsBothWays, Incomplete};
    use super::compare;
    use crate::finding::Verdict::{Crashed, Failed, Passed, TimedOut};

    #[test]
    fn every_combination() {
        assert_eq!(compare(Some(Passed), Some(Passed)), Agree);
        for bad in [Failed, Crashed, TimedOut] {
            assert_eq!(compare(Some(Passed), Some(bad)), Differ);
            assert_eq!(compare(Some(bad), Some(Passed)), Differ);
            // That it fails in another way is not state dependence that we could prove.
            assert_eq!(compare(Some(bad), Some(Failed)), FailsBothWays);
        }
        assert_eq!(compare(None, Some(Passed)), Incomplete);
    }
}
