//! Whether the reports belong together: one commit, every shard once, all of them whole.

use super::model::{Platform, Run};
use crate::exit::ExitCode;
use std::collections::{BTreeMap, BTreeSet};

/// What a reader must know, a sentence each.
pub(super) fn warnings(runs: &[Run], platforms: &[Platform]) -> Vec<String> {
    let mut warnings = Vec::new();
    warnings.extend(runs.iter().filter_map(Run::trouble));
    warnings.extend(commits(runs));
    for (index, platform) in platforms.iter().enumerate() {
        warnings.extend(shards(runs.iter().filter(|run| run.platform == index), platform));
    }
    warnings
}

impl Run {
    /// Why it is no success, where nothing else in its report says so.
    pub(crate) fn trouble(&self) -> Option<String> {
        let told = [ExitCode::Ok, ExitCode::NoTests, ExitCode::TestsFailed, ExitCode::Findings];
        match self.exit_code {
            None => Some(format!("{} ends before its run did: what came after is not known", called(self))),
            Some(code) if told.iter().any(|known| *known as u8 == code) => None,
            Some(code) if code == ExitCode::Interrupted as u8 => Some(format!(
                "{} is of a run that was interrupted: what came after is not known",
                called(self)
            )),
            Some(code) => Some(format!(
                "{} is of a run that ended with exit code {code}: some of its tests may not be there",
                called(self)
            )),
        }
    }
}

fn called(run: &Run) -> String {
    if run.file.is_empty() { "this run's report".to_owned() } else { format!("`{}`", run.file) }
}

fn commits(runs: &[Run]) -> Option<String> {
    let known = || runs.iter().filter_map(|run| Some((run.commit.as_deref()?, run)));
    let (first, of) = known().next()?;
    let (other, another) = known().find(|(commit, _)| *commit != first)?;
    Some(format!(
        "reports of different commits: {} is of {first}, {} of {other}; their tests may not be the same",
        called(of),
        called(another),
    ))
}

/// Which shards of the same division are missing or there twice.
fn shards<'a>(runs: impl Iterator<Item = &'a Run>, platform: &Platform) -> Vec<String> {
    let mut divisions: BTreeMap<(&str, u32), Vec<u32>> = BTreeMap::new();
    for partition in runs.filter_map(|run| run.partition.as_deref()) {
        match parse(partition) {
            Some((kind, shard, of)) => divisions.entry((kind, of)).or_default().push(shard),
            None => return vec![format!("`{partition}` is no shard that this version knows")],
        }
    }
    let mut warnings = Vec::new();
    for ((kind, of), shards) in divisions {
        let there: BTreeSet<_> = shards.iter().copied().collect();
        // Numbers from a report: `of` may be four thousand million.
        let missing: Vec<_> = (1..=of).filter(|shard| !there.contains(shard)).take(6).collect();
        let twice: BTreeSet<_> = there
            .iter()
            .copied()
            .filter(|shard| shards.iter().filter(|other| *other == shard).count() > 1)
            .collect();
        for (what, shards) in [("missing", missing), ("there more than once", twice.into_iter().collect())] {
            if !shards.is_empty() {
                warnings.push(format!("{}: of {kind}:…/{of}, {} {what}", platform.target, list(&shards)));
            }
        }
    }
    warnings
}

/// `slice:1/4`.
fn parse(partition: &str) -> Option<(&str, u32, u32)> {
    let (kind, shard) = partition.split_once(':')?;
    let (shard, of) = shard.split_once('/')?;
    let (shard, of) = (shard.parse().ok()?, of.parse().ok()?);
    (1..=of).contains(&shard).then_some((kind, shard, of))
}

fn list(shards: &[u32]) -> String {
    match shards {
        [one] => format!("shard {one} is"),
        many if many.len() > 5 => format!("{} and more are", words(&many[..5])),
        many => format!("{} are", words(many)),
    }
}

fn words(shards: &[u32]) -> String {
    let words: Vec<_> = shards.iter().map(u32::to_string).collect();
    format!("shards {}", words.join(", "))
}
