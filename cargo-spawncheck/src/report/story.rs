//! What there is to say of a story of a [`Matrix`], for people and for files that people read.

use super::finding::{Detail, EXCERPT_LINES, also, each_cause, lines, list, values};
use super::message;
use super::text::on_one_line;
use crate::explanation::Cause;
use crate::finding::{Kind, Verdict};
use crate::matrix::{Platform, Spread, Story};

/// `BRITTLE`, or what stands there for a difference between platforms.
pub(super) fn label(story: &Story) -> String {
    story.kind.map_or_else(|| "DIFFERS".to_owned(), |kind| kind.name().to_uppercase())
}

/// Everything but outputs. `group` is not empty: the story, or those that are told as one.
pub(super) fn details(group: &[&Story], platforms: &[Platform], verbose: bool) -> Vec<Detail> {
    let story = group[0];
    let mut details = Vec::new();
    if group.len() > 1 {
        let names: Vec<_> = group.iter().map(|story| story.name.test.as_str()).collect();
        details.extend(list("", &names, verbose));
    }
    if story.spread == Spread::Some {
        details.push(Detail::new("only", &format!("on {}", targets(&story.platforms, platforms))));
    }
    details.extend(story.accepted.iter().map(|reason| Detail::new("accepted", reason)));
    if let Some(culprits) = &story.culprits
        && story.kind != Some(Kind::Repeat)
    {
        let culprits: Vec<_> = culprits.iter().map(String::as_str).collect();
        details.extend(list("after", &culprits, verbose));
    }
    details.extend(causes(group));
    details.extend(also(&story.also, verbose));
    details.extend(story.suspects.iter().map(|suspect| Detail::new("suspect", suspect)));
    details.extend(story.worker.iter().map(|worker| Detail::new("worker", worker)));
    details.extend(story.input.iter().map(|input| Detail::new("input", input)));
    details.extend(outcomes(story, platforms));
    details.extend(story.notes.iter().map(|note| Detail::new("note", note)));
    details.push(Detail::new("help", &story.help));
    if !story.replay.is_empty() {
        details.push(Detail::verbatim("again", &story.replay));
    }
    details
}

/// The beginning of each output.
pub(super) fn excerpts(story: &Story, platforms: &[Platform]) -> Vec<Detail> {
    let excerpt = |(platform, text): &(usize, String)| {
        let mut details = lines("output", text, EXCERPT_LINES);
        if platforms.len() > 1 && !details.is_empty() {
            details.insert(0, Detail::new("", &format!("on {}:", platforms[*platform].target)));
        }
        details
    };
    story.evidence.iter().flat_map(excerpt).collect()
}

/// As lines of a text that is shown elsewhere.
pub(super) fn text(details: &[Detail]) -> String {
    let lines = details.iter().map(|Detail { label, text, .. }| format!("{label:>9}  {text}\n"));
    lines.collect()
}

pub(super) fn targets(indices: &[usize], platforms: &[Platform]) -> String {
    let targets: Vec<_> = indices.iter().map(|index| platforms[*index].target.as_str()).collect();
    targets.join(", ")
}

fn causes(group: &[&Story]) -> Vec<Detail> {
    let story = group[0];
    let members: Vec<_> = group.iter().map(|story| (&*story.name.test, &*story.causes)).collect();
    let (in_process, spawned) = match story.kind {
        Some(Kind::Victim | Kind::Repeat) => (Verdict::Failed, Verdict::Passed),
        _ => (Verdict::Passed, Verdict::Failed),
    };
    let proof = |cause: &Cause| match story.worker {
        Some(_) => message::worker_proof(cause),
        None => message::proof(cause, in_process, spawned),
    };
    each_cause(&story.causes, &|index| values(&members, index), &proof)
}

/// By platform where there are several.
fn outcomes(story: &Story, platforms: &[Platform]) -> Vec<Detail> {
    let mut details = Vec::new();
    let mut last = None;
    for (platform, context, outcome) in &story.outcomes {
        if platforms.len() > 1 && last.replace(*platform) != Some(*platform) {
            details.push(Detail::new("", &format!("on {}:", platforms[*platform].target)));
        }
        details.extend(lines(on_one_line(context), outcome, 1));
    }
    details
}
