//! What is known after a run, from what was known before. Pure.

use super::KeptFinding;
use std::collections::BTreeSet;

/// `new` are the findings of a run; `settled` tells whether it looked at the test of an old one, so that this one is either among
/// the new ones or gone.
pub(crate) fn merge(
    old: Vec<KeptFinding>,
    new: Vec<KeptFinding>,
    settled: impl Fn(&KeptFinding) -> bool,
) -> Vec<KeptFinding> {
    let mut merged: Vec<_> = old.into_iter().filter(|old| !settled(old)).collect();
    // One that was looked at under another name of its binary or twice at the same time may be both.
    let again: BTreeSet<_> = new.iter().map(KeptFinding::identity).collect();
    merged.retain(|old| !again.contains(&old.identity()));
    merged.extend(new);
    merged.sort_by(|one, other| one.identity().cmp(&other.identity()));
    merged
}

#[cfg(test)]
mod tests {
    use super::merge;
    use crate::finding::Kind;
    use crate::keep::tests::{kept, kept_worker};

    #[test]
    fn what_was_not_looked_at_stays() {
        let [a, b, c] = ["a", "b", "c"].map(|test| kept(Kind::Victim, "p", test));
        let looked_at = |tests: &'static [&str]| move |old: &super::KeptFinding| tests.contains(&&*old.test);
        let all = vec![a.clone(), b.clone()];
        assert_eq!(merge(all.clone(), vec![], looked_at(&[])), all);
        assert_eq!(merge(all.clone(), vec![], looked_at(&["a"])), std::slice::from_ref(&b));
        assert_eq!(merge(all.clone(), vec![c.clone()], looked_at(&["b", "c"])), [a, c]);
    }

    #[test]
    fn what_is_found_again_is_kept_once_and_anew() {
        let old = kept(Kind::Victim, "p", "a");
        let mut new = old.clone();
        new.culprits = Some(vec!["b".into()]);
        assert_eq!(merge(vec![old.clone()], vec![new.clone()], |_| true), [new.clone()]);
        assert_eq!(merge(vec![old], vec![new.clone()], |_| false), [new]);
    }

    #[test]
    fn other_workspaces_may_have_the_same_names() {
        let here = kept(Kind::Victim, "p", "a");
        let mut elsewhere = here.clone();
        elsewhere.root = "/q".into();
        let both = vec![here.clone(), elsewhere];
        assert_eq!(merge(both.clone(), vec![here], |old| old.root == "/p"), both);
    }

    #[test]
    fn the_same_test_may_have_two() {
        let both = vec![kept(Kind::Victim, "p", "a"), kept(Kind::Leak, "p", "a")];
        assert_eq!(merge(Vec::new(), both.clone(), |_| true), both);
        let both = vec![kept_worker("a", "one"), kept_worker("a", "other")];
        assert_eq!(merge(both.clone(), vec![both[1].clone()], |_| false), both);
    }
}
