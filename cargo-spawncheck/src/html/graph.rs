//! Who leaves state to whom, and through what: the findings as graphs of three columns. Pure.
//!
//! Tests that depend on the same culprits through the same carriers are one cluster, so that one static that breaks twenty tests is one box
//! and not twenty. Clusters that share a culprit or a carrier stand together. Nothing is shared between binaries: their tests run in
//! different processes, and a box in common would say that one breaks the other.

use crate::explanation::Carrier;
use crate::finding::Kind;
use crate::matrix::Story;
use std::collections::{BTreeMap, HashMap};

/// Who left it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Culprit<'a> {
    Test(&'a str),
    /// The test fails after itself.
    Itself,
    /// Of a worker.
    EarlierCalls,
    /// Of a worker that needs no earlier call.
    SetupOrContext,
    /// Of the whole run.
    Environment,
    NotNamed,
}

/// Tests with the same culprits and the same carriers: indices into the stories.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cluster {
    pub(super) stories: Vec<usize>,
    /// Indices into the columns to the left.
    pub(super) culprits: Vec<usize>,
    pub(super) carriers: Vec<usize>,
}

/// Boxes that hang together.
#[derive(Debug)]
pub(super) struct Graph<'a> {
    pub(super) culprits: Vec<Culprit<'a>>,
    /// `None`: it was not named.
    pub(super) carriers: Vec<Option<&'a Carrier>>,
    /// The largest first.
    pub(super) clusters: Vec<Cluster>,
}

impl Graph<'_> {
    pub(super) fn tests(&self) -> usize {
        self.clusters.iter().map(|cluster| cluster.stories.len()).sum()
    }

    /// From culprits to carriers: how many tests there are at the end of each line.
    pub(super) fn lines(&self) -> BTreeMap<(usize, usize), usize> {
        let mut lines = BTreeMap::new();
        for cluster in &self.clusters {
            for culprit in &cluster.culprits {
                for carrier in &cluster.carriers {
                    *lines.entry((*culprit, *carrier)).or_default() += cluster.stories.len();
                }
            }
        }
        lines
    }
}

/// What makes tests one cluster.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key<'a> {
    binary: (&'a str, &'a str),
    culprits: Vec<Culprit<'a>>,
    /// Channel, name and place.
    carriers: Vec<(&'static str, &'a str, Option<&'a str>)>,
}

struct Group<'a> {
    key: Key<'a>,
    stories: Vec<usize>,
    carriers: Vec<&'a Carrier>,
}

/// The graphs of all findings of which a culprit or a carrier is known; the one with most tests first, else in the order of the stories.
pub(super) fn graphs(stories: &[Story]) -> Vec<Graph<'_>> {
    let groups = groups(stories);
    let mut parts: Vec<Vec<Group<'_>>> = Vec::new();
    for group in groups {
        let (mut same, rest): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|part| part.iter().any(|other| touch(other, &group)));
        parts = rest;
        let mut part: Vec<_> = same.drain(..).flatten().collect();
        part.push(group);
        parts.push(part);
    }
    let mut graphs: Vec<_> = parts.into_iter().map(graph).collect();
    graphs.sort_by_key(|graph| (std::cmp::Reverse(graph.tests()), graph.clusters[0].stories[0]));
    graphs
}

fn groups<'a>(stories: &'a [Story]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut known: HashMap<Key<'a>, usize> = HashMap::new();
    for (index, story) in stories.iter().enumerate() {
        let carriers: Vec<_> =
            story.causes.iter().filter(|cause| cause.confirmed).map(|cause| &cause.carrier).collect();
        let culprits = culprits(story);
        if carriers.is_empty() && !matches!(culprits[..], [Culprit::Test(_), ..]) {
            continue;
        }
        let place =
            |carrier: &&'a Carrier| (carrier.channel.name(), &*carrier.name, carrier.location.as_deref());
        let key = Key {
            binary: (&story.name.package, &story.name.binary),
            culprits,
            carriers: carriers.iter().map(place).collect(),
        };
        match known.get(&key) {
            Some(group) => groups[*group].stories.push(index),
            None => {
                known.insert(key.clone(), groups.len());
                groups.push(Group { key, stories: vec![index], carriers });
            }
        }
    }
    groups
}

fn culprits(story: &Story) -> Vec<Culprit<'_>> {
    match (story.kind, &story.worker, &story.culprits) {
        (_, Some(_), _) if story.history.is_empty() => vec![Culprit::SetupOrContext],
        (_, Some(_), _) => vec![Culprit::EarlierCalls],
        (Some(Kind::Repeat), ..) => vec![Culprit::Itself],
        (Some(Kind::Environment), ..) => vec![Culprit::Environment],
        (_, _, Some(names)) if !names.is_empty() => names.iter().map(|name| Culprit::Test(name)).collect(),
        _ => vec![Culprit::NotNamed],
    }
}

/// Whether two clusters share a test that left something, or what carries it. What has no name is shared with nothing.
fn touch(a: &Group<'_>, b: &Group<'_>) -> bool {
    let test = |culprit: &&Culprit<'_>| matches!(culprit, Culprit::Test(_));
    a.key.binary == b.key.binary
        && (a.key.culprits.iter().filter(test).any(|culprit| b.key.culprits.contains(culprit))
            || a.key.carriers.iter().any(|carrier| b.key.carriers.contains(carrier)))
}

fn graph(mut groups: Vec<Group<'_>>) -> Graph<'_> {
    groups.sort_by_key(|group| (std::cmp::Reverse(group.stories.len()), group.stories[0]));
    let mut graph = Graph { culprits: Vec::new(), carriers: Vec::new(), clusters: Vec::new() };
    let mut places = Vec::new();
    for group in groups {
        let culprits =
            group.key.culprits.into_iter().map(|culprit| place_of(&mut graph.culprits, culprit)).collect();
        let mut carriers = Vec::new();
        for (carrier, place) in group.carriers.into_iter().zip(group.key.carriers) {
            let index = place_of(&mut places, Some(place));
            if index == graph.carriers.len() {
                graph.carriers.push(Some(carrier));
            }
            carriers.push(index);
        }
        if carriers.is_empty() {
            // A box of its own: that two carriers are not known does not make them one.
            carriers.push(graph.carriers.len());
            places.push(None);
            graph.carriers.push(None);
        }
        graph.clusters.push(Cluster { stories: group.stories, culprits, carriers });
    }
    graph
}

/// Where `item` stands in `list`, at its end if it is new.
fn place_of<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|other| *other == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}
