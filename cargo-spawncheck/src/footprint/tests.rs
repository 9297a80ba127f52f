use super::{Change, Footprint, shared};
use crate::explanation::Channel::{self, Cwd, Env, Static};
use crate::finding::Verdict;

/// A footprint of what is in `changes`: channels and names.
pub(crate) fn footprint(test: usize, changes: &[(Channel, &str)]) -> Footprint {
    let change = |(channel, name): &(Channel, &str)| Change {
        channel: *channel,
        name: (*name).to_owned(),
        type_name: None,
        location: None,
        before: String::new(),
        after: String::new(),
    };
    Footprint { test, verdict: Verdict::Passed, changes: changes.iter().map(change).collect(), library: 0 }
}

#[test]
fn who_changes_the_same() {
    let all = [
        footprint(0, &[(Static, "A"), (Env, "LANG")]),
        footprint(1, &[(Env, "A")]),
        footprint(2, &[(Static, "A"), (Cwd, "/")]),
        footprint(3, &[(Cwd, "/tmp")]),
    ];
    let names = |test: usize| {
        let shared = shared(&all, &all[test]);
        shared.into_iter().map(|(change, tests)| (change.name, tests)).collect::<Vec<_>>()
    };
    assert_eq!(names(0), [("A".to_owned(), vec![2])]);
    assert_eq!(names(1), []);
    // There is one working directory, whatever it is set to.
    assert_eq!(names(2), [("A".to_owned(), vec![0]), ("/".to_owned(), vec![3])]);
}
