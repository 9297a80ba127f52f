use super::{Change, Footprint, Variables, shared};
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
    Footprint {
        test,
        verdict: Verdict::Passed,
        changes: changes.iter().map(change).collect(),
        library: 0,
        variables: Variables::default(),
    }
}

/// A footprint of variables that are looked at, and of ones that are changed and put back.
pub(crate) fn using(test: usize, read: &[&str], written: &[&str]) -> Footprint {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Footprint {
        variables: Variables { read: names(read), written: names(written), after_change: 0..0 },
        ..footprint(test, &[])
    }
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
        shared.into_iter().map(|suspect| (suspect.name, suspect.tests)).collect::<Vec<_>>()
    };
    assert_eq!(names(0), [("A".to_owned(), vec![2])]);
    assert_eq!(names(1), []);
    // There is one working directory, whatever it is set to.
    assert_eq!(names(2), [("A".to_owned(), vec![0]), ("/".to_owned(), vec![3])]);
}

#[test]
fn who_changes_a_variable_that_another_uses() {
    let all = [
        using(0, &["HOME", "MODE"], &["MODE"]),
        using(1, &["HOME"], &["MODE", "LANG"]),
        footprint(2, &[(Env, "HOME"), (Env, "MODE")]),
        using(3, &["LANG", "PATH"], &[]),
    ];
    let names = |test: usize| {
        let shared = shared(&all, &all[test]);
        shared.into_iter().map(|suspect| (suspect.name, suspect.tests)).collect::<Vec<_>>()
    };
    // Each once, however it is used; what both only look at is no matter.
    assert_eq!(names(0), [("MODE".to_owned(), vec![1, 2]), ("HOME".to_owned(), vec![2])]);
    assert_eq!(names(2), [("MODE".to_owned(), vec![0, 1])]);
    assert_eq!(names(3), [("LANG".to_owned(), vec![1])]);
}
