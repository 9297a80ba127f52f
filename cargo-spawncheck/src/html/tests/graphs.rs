use super::samples::{cause, explained, story};
use crate::explanation::Channel;
use crate::finding::Kind;
use crate::html::graph::{Culprit, graphs};
use crate::matrix::Story;

fn victim(test: &str, culprits: &[&str], carriers: &[&str]) -> Story {
    explained(Kind::Victim, test, culprits, carriers)
}

/// Culprits, carriers and clusters of each graph.
fn sizes(stories: &[Story]) -> Vec<(usize, usize, Vec<usize>)> {
    let graphs = graphs(stories);
    let clusters =
        |graph: &crate::html::graph::Graph<'_>| graph.clusters.iter().map(|c| c.stories.len()).collect();
    graphs.iter().map(|graph| (graph.culprits.len(), graph.carriers.len(), clusters(graph))).collect()
}

#[test]
fn one_static_that_breaks_twenty_tests_is_one_box() {
    let stories: Vec<_> = (0..20).map(|number| victim(&number.to_string(), &["a"], &["RATE"])).collect();
    assert_eq!(sizes(&stories), [(1, 1, vec![20])]);
    let graph = &graphs(&stories)[0];
    assert_eq!(graph.lines().into_iter().collect::<Vec<_>>(), [((0, 0), 20)]);
    assert_eq!(graph.tests(), 20);
}

#[test]
fn what_shares_a_box_stands_together() {
    let stories = [
        victim("alone", &["z"], &["OTHER"]),
        victim("x", &["a"], &["RATE"]),
        victim("y", &["b"], &["RATE"]),
        victim("y2", &["b"], &["RATE"]),
        victim("both", &["b", "c"], &["MODE"]),
    ];
    assert_eq!(sizes(&stories), [(3, 2, vec![2, 1, 1]), (1, 1, vec![1])]);
    let graph = &graphs(&stories)[0];
    assert_eq!(graph.clusters[0].stories, [2, 3]);
    // `b` leads to RATE for two, and to MODE for one.
    assert_eq!(
        graph.lines().into_iter().collect::<Vec<_>>(),
        [((0, 0), 2), ((0, 1), 1), ((1, 0), 1), ((2, 1), 1)]
    );
}

/// A group that comes last may join two that had nothing in common.
#[test]
fn a_late_link() {
    let stories =
        [victim("x", &["a"], &["A"]), victim("y", &["b"], &["B"]), victim("z", &["a", "b"], &["C"])];
    assert_eq!(sizes(&stories), [(2, 3, vec![1, 1, 1])]);
}

#[test]
fn binaries_have_nothing_in_common() {
    let mut other = victim("x", &["a"], &["RATE"]);
    other.name.binary = "pricing::it".into();
    assert_eq!(sizes(&[victim("x", &["a"], &["RATE"]), other]).len(), 2);
}

#[test]
fn what_has_no_name_is_not_shared() {
    let stories = [victim("x", &["a", "b"], &[]), victim("y", &["a"], &[]), victim("z", &[], &["RATE"])];
    assert_eq!(sizes(&stories), [(2, 2, vec![1, 1]), (1, 1, vec![1])]);
    assert_eq!(graphs(&stories)[1].culprits, [Culprit::NotNamed]);
}

#[test]
fn neither_culprit_nor_carrier_has_no_place() {
    let mut suspect = story(Kind::Victim, "pricing", "s");
    suspect.causes.push(cause(Channel::Env, "TZ"));
    suspect.causes[0].confirmed = false;
    assert_eq!(sizes(&[story(Kind::Flaky, "pricing", "f"), suspect]), []);
}

#[test]
fn culprits_that_are_no_other_test() {
    let mut stories = Vec::new();
    for (kind, worker, history) in [
        (Kind::Repeat, false, 0),
        (Kind::Environment, false, 0),
        (Kind::Diverges, true, 0),
        (Kind::Diverges, true, 1),
    ] {
        let number = stories.len().to_string();
        stories.push(Story {
            worker: worker.then(|| "w".into()),
            history: vec!["1".into(); history],
            causes: vec![cause(Channel::Static, &number)],
            culprits: Some(vec![number.clone()]),
            ..story(kind, "pricing", &number)
        });
    }
    let graphs = graphs(&stories);
    let culprits: Vec<_> = graphs.iter().flat_map(|graph| graph.culprits.clone()).collect();
    assert_eq!(
        culprits,
        [Culprit::Itself, Culprit::Environment, Culprit::SetupOrContext, Culprit::EarlierCalls]
    );
}
