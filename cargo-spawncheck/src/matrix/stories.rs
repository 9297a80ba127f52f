//! Findings of many reports, each thing once.

use super::between;
use super::event::{Finding, Suspect};
use super::model::{Matrix, Name, Spread, Story};
use crate::finding::{Kind, Level, Verdict};
use crate::report::{finding_headline, not_minimal, worker_headline, worker_needs};
use crate::worker::place_of_context;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How many tests a suspect names.
const NAMED: usize = 5;

/// The context that only Unix has.
const FORK: &str = "fork";
const REFERENCE: &str = "spawn";

/// What two findings have in common that are the same story: the test, the kind, the worker, and what of it.
type Key = (Name, Kind, Option<String>, Option<(String, String)>);

/// A finding and the platform that it is of.
type Instance = (usize, Finding);

/// The worst first. Of `findings`, those at level `allow` are not told.
pub(super) fn stories(findings: Vec<Instance>, matrix: &Matrix, differences: Level) -> Vec<Story> {
    let mut groups: BTreeMap<Key, Vec<Instance>> = BTreeMap::new();
    for (platform, finding) in findings {
        groups.entry(key(&finding)).or_default().push((platform, finding));
    }
    let covered: BTreeSet<Name> = groups
        .keys()
        .filter(|(_, kind, ..)| explains_verdicts(*kind))
        .map(|(name, ..)| name.clone())
        .collect();
    groups.retain(|_, group| group.iter().any(|(_, finding)| finding.level != Level::Allow));
    let mut stories: Vec<_> = groups.into_iter().map(|(key, group)| story(key, &group, matrix)).collect();
    if differences != Level::Allow {
        stories.extend(between::differences(matrix, &covered, differences));
    }
    // Stable: by name within the same weight.
    stories.sort_by_key(|story| (story.accepted.is_some(), Reverse(story.level as u8), story.kind));
    stories
}

fn key(finding: &Finding) -> Key {
    let Finding { kind, name, worker, field, value, .. } = finding;
    let name = Name { package: name.package.clone(), binary: name.binary.clone(), test: name.test.clone() };
    let loss = field.clone().map(|field| (value.clone().unwrap_or_default(), field));
    (name, *kind, worker.clone(), loss)
}

/// Whether a test with such a finding may pass here and fail there for that reason.
fn explains_verdicts(kind: Kind) -> bool {
    !matches!(kind, Kind::Leak | Kind::Oversized)
}

fn story((name, kind, worker, _): Key, group: &[Instance], matrix: &Matrix) -> Story {
    let finding = best_explained(group);
    let platforms: Vec<usize> =
        group.iter().map(|(platform, _)| *platform).collect::<BTreeSet<_>>().into_iter().collect();
    let level = group.iter().map(|(_, finding)| finding.level).max_by_key(|level| *level as u8);
    let reasons: Option<Vec<_>> = group.iter().map(|(_, finding)| finding.accepted.clone()).collect();
    let mut outcomes = Vec::new();
    let mut evidence = Vec::new();
    for platform in &platforms {
        let Some((_, finding)) = group.iter().find(|(of, _)| of == platform) else { continue };
        outcomes.extend(outcomes_of(finding).map(|(context, outcome)| (*platform, context, outcome)));
        evidence.extend(finding.evidence.as_ref().map(|evidence| (*platform, evidence.text.clone())));
    }
    Story {
        kind: Some(kind),
        level: level.unwrap_or(Level::Deny),
        spread: spread(&name, group, &platforms, matrix),
        name,
        headline: headline(finding),
        worker,
        platforms,
        culprits: finding.culprits.clone(),
        causes: finding.causes.clone(),
        also: finding.also.clone(),
        suspects: finding.suspects.iter().map(suspect).collect(),
        notes: notes(finding),
        outcomes,
        input: finding.input.clone(),
        history: finding.history.clone(),
        evidence,
        help: finding.help.clone(),
        replay: command(&finding.replay),
        // What is accepted on one platform only still counts.
        accepted: reasons.and_then(|reasons| reasons.into_iter().next()),
    }
}

/// Where causes can be proven on one platform only, that is the one to quote.
fn best_explained(group: &[Instance]) -> &Finding {
    let known =
        |finding: &Finding| (finding.causes.iter().any(|cause| cause.confirmed), finding.culprits.is_some());
    let mut best = &group[0].1;
    for (_, finding) in &group[1..] {
        if known(finding) > known(best) {
            best = finding;
        }
    }
    best
}

fn headline(finding: &Finding) -> String {
    if finding.worker.is_some() {
        return worker_headline(finding.kind, finding.value.as_deref() == Some("output")).to_owned();
    }
    let verdict = |verdict: Option<Verdict>| verdict.unwrap_or(Verdict::NotRun);
    finding_headline(finding.kind, verdict(finding.in_process), verdict(finding.spawned), finding.other_order)
}

fn outcomes_of(finding: &Finding) -> impl Iterator<Item = (String, String)> {
    let mut outcomes: Vec<_> = finding.outcomes.clone().into_iter().collect();
    outcomes.sort_by_key(|(context, _)| place_of_context(context));
    outcomes.into_iter()
}

fn suspect(suspect: &Suspect) -> String {
    let Suspect { channel, name, tests } = suspect;
    let mut shown: Vec<&str> = tests.iter().take(NAMED).map(String::as_str).collect();
    shown.extend((tests.len() > NAMED).then_some("…"));
    format!("{} {name} ({})", channel.name(), shown.join(", "))
}

/// A command of ours, to be pasted into a shell: whatever else a report has put there becomes arguments of it, or nothing.
fn command(text: &str) -> String {
    match shell_words::split(text) {
        Ok(words) if words.starts_with(&["cargo".to_owned(), "spawncheck".to_owned()]) => {
            shell_words::join(words)
        }
        _ => String::new(),
    }
}

/// Why no more is known, and what there is to say of workers besides.
fn notes(finding: &Finding) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(finding.needs_setup.map(|setup| format!("needs {}", worker_needs(setup, &finding.history))));
    if let (Some(field), Some(before), Some(after)) = (&finding.field, &finding.before, &finding.after) {
        let what = if field.is_empty() { "the whole value" } else { field };
        notes.push(format!("{what}: {before} before, {after} after"));
    }
    notes.extend(finding.message.clone());
    let culprits = finding.culprits.as_ref();
    notes.extend(culprits.filter(|_| !finding.minimal).map(|_| format!("culprits: {}", not_minimal())));
    notes.extend(finding.notes.iter().cloned());
    notes
}

/// Whether it shows wherever it could.
fn spread(name: &Name, group: &[Instance], platforms: &[usize], matrix: &Matrix) -> Spread {
    let row = matrix.tests.binary_search_by(|row| row.name.cmp(name)).ok().map(|index| &matrix.tests[index]);
    let forks_only = group.iter().all(|(_, finding)| only_forks_show_it(finding));
    let could_show = |index: usize| {
        let ran = row.is_some_and(|row| row.cells[index].ran());
        ran && !(forks_only && matrix.platforms[index].os == "windows")
    };
    let everywhere =
        (0..matrix.platforms.len()).all(|index| platforms.contains(&index) || !could_show(index));
    if everywhere { Spread::Everywhere } else { Spread::Some }
}

fn only_forks_show_it(finding: &Finding) -> bool {
    let outcome = |context: &str| finding.outcomes.get(context);
    outcome(FORK).is_some()
        && finding.outcomes.iter().all(|(context, is)| context == FORK || Some(is) == outcome(REFERENCE))
}
