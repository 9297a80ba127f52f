//! What stands below the headline of a finding, or of a group of them: who left the state, what carries it, how that was
//! proven.

use super::event::FindingEvent;
use super::message;
use super::text::{TEXT_WIDTH, excerpt, on_one_line};
use crate::explanation::{Carrier, Cause};
use crate::finding::{Evidence, Kind};
use std::borrow::Cow;

/// How many lines of a leg's output to show.
pub(super) const EXCERPT_LINES: usize = 10;

/// How many names of a list to show unless asked for all.
const SHOWN_NAMES: usize = 5;

/// Something below a headline.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Detail {
    pub(super) label: Cow<'static, str>,
    pub(super) text: String,
    /// A command, or output: not to be wrapped.
    pub(super) verbatim: bool,
}

impl Detail {
    pub(super) fn new(label: &'static str, text: &str) -> Self {
        Self { label: label.into(), text: on_one_line(text), verbatim: false }
    }

    pub(super) fn verbatim(label: &'static str, text: &str) -> Self {
        Self { label: label.into(), text: on_one_line(text), verbatim: true }
    }
}

/// All that there is to say of `group`, which is not empty; `with_output`: what the failing leg printed, too.
pub(super) fn details(group: &[&FindingEvent<'_>], verbose: bool, with_output: bool) -> Vec<Detail> {
    let first = group[0];
    let mut details = Vec::new();
    if group.len() > 1 {
        let names: Vec<_> = group.iter().map(|finding| finding.name.test).collect();
        details.extend(list("", &names, verbose));
    }
    details.extend(culprits(group, verbose));
    details.extend(causes(group));
    details.extend(also(first.also, verbose));
    details.extend(first.suspects.iter().map(|suspect| Detail::new("suspect", &message::suspect(suspect))));
    details.extend(notes(group));
    if let Some(evidence) = first.evidence.filter(|_| with_output) {
        details.extend(output(evidence));
    }
    details.push(Detail::new("help", &first.help));
    details.push(Detail::verbatim("again", &first.replay));
    details
}

/// The first of `names`, or all of them.
pub(super) fn list(label: &'static str, names: &[&str], verbose: bool) -> Vec<Detail> {
    let shown = if verbose || names.len() == SHOWN_NAMES + 1 { names.len() } else { SHOWN_NAMES };
    let mut details: Vec<_> = names.iter().take(shown).map(|name| Detail::new("", name)).collect();
    if let Some(first) = details.first_mut() {
        first.label = label.into();
    }
    if names.len() > shown {
        details.push(Detail::new("", &message::more_names(names.len() - shown)));
    }
    details
}

fn culprits(group: &[&FindingEvent<'_>], verbose: bool) -> Vec<Detail> {
    let first = group[0];
    let Some(names) = &first.culprits else { return Vec::new() };
    if first.kind == Kind::Repeat {
        // It comes after itself, which its headline says.
        return Vec::new();
    }
    let mut details = list("after", names, verbose);
    // Numbers that hold for one of several tests only would be read as those of all.
    let search = first.search.filter(|_| group.iter().all(|finding| finding.search == first.search));
    let remark = match (search, first.search.is_none_or(|search| search.minimal)) {
        (Some(search), _) => message::search(names.len(), search),
        (None, true) => return details,
        (None, false) => message::not_minimal(),
    };
    match &mut *details {
        [only] if only.text.chars().count() + 2 + remark.chars().count() <= TEXT_WIDTH => {
            only.text = format!("{}  {remark}", only.text);
        }
        _ => details.push(Detail::new("", &remark)),
    }
    details
}

fn causes(group: &[&FindingEvent<'_>]) -> Vec<Detail> {
    let first = group[0];
    let members: Vec<_> = group.iter().map(|finding| (finding.name.test, finding.causes)).collect();
    each_cause(first.causes, &|index| values(&members, index), &|cause| {
        message::proof(cause, first.in_process, first.spawned)
    })
}

/// Those that matter only together are told together, with the proof once. `values`: those of the cause with this index.
pub(super) fn each_cause(
    causes: &[Cause],
    values: &dyn Fn(usize) -> Vec<Detail>,
    proof: &dyn Fn(&Cause) -> Option<String>,
) -> Vec<Detail> {
    let mut details = Vec::new();
    let mut told = vec![false; causes.len()];
    for (index, cause) in causes.iter().enumerate() {
        if std::mem::replace(&mut told[index], true) {
            continue;
        }
        details.extend(carrier(message::cause_label(cause), "", &cause.carrier));
        details.extend(values(index));
        for name in &cause.together_with {
            let partner =
                (index + 1..causes.len()).find(|other| !told[*other] && causes[*other].carrier.name == *name);
            match partner {
                Some(other) => {
                    told[other] = true;
                    details.extend(carrier("", "together with ", &causes[other].carrier));
                    details.extend(values(other));
                }
                None => details.push(Detail::new("", &format!("together with {name}"))),
            }
        }
        details.extend(proof(cause).map(|proof| Detail::new("", &proof)));
    }
    details
}

/// Name and type, and the place of the declaration beside it or below.
fn carrier(label: &'static str, before: &str, carrier: &Carrier) -> Vec<Detail> {
    let name = Detail::new(label, &format!("{before}{}", message::carrier(carrier)));
    let Some(location) = &carrier.location else { return vec![name] };
    let one_line = Detail::new(label, &format!("{}  {location}", name.text));
    match one_line.text.chars().count() <= TEXT_WIDTH {
        true => vec![one_line],
        false => vec![name, Detail::new("", &format!("at {location}"))],
    }
}

/// The two values of a cause. In a group they may differ from test to test: then it is said whose they are. `members`: the tests
/// of the group, each with its causes.
pub(super) fn values(members: &[(&str, &[Cause])], index: usize) -> Vec<Detail> {
    let of = |(_, causes): &(&str, &[Cause])| {
        let Carrier { fresh, inherited, .. } = &causes[index].carrier;
        (fresh.clone(), inherited.clone())
    };
    let (fresh, inherited) = of(&members[0]);
    let differ = members.iter().any(|member| of(member) != (fresh.clone(), inherited.clone()));
    let whose = if differ { format!("  (in {})", members[0].0) } else { String::new() };
    fresh_and_inherited(&fresh, &format!("{inherited}{whose}"))
}

pub(super) fn fresh_and_inherited(fresh: &str, inherited: &str) -> Vec<Detail> {
    let one_line = Detail::new("", &format!("fresh: {fresh}      inherited: {inherited}"));
    match one_line.text.chars().count() <= TEXT_WIDTH {
        true => vec![one_line],
        false => {
            vec![
                Detail::new("", &format!("fresh: {fresh}")),
                Detail::new("", &format!("inherited: {inherited}")),
            ]
        }
    }
}

pub(super) fn also(also: &[Carrier], verbose: bool) -> Vec<Detail> {
    match also {
        [] => Vec::new(),
        [one] if !verbose => vec![Detail::new("also", &message::does_not_matter(one))],
        many if !verbose => vec![Detail::new("also", &message::do_not_matter(many.len()))],
        all => {
            let each = |(index, other): (usize, &Carrier)| {
                let label = if index == 0 { "also" } else { "" };
                let mut lines = vec![Detail::new(label, &message::does_not_matter(other))];
                lines.extend(fresh_and_inherited(&other.fresh, &other.inherited));
                lines
            };
            all.iter().enumerate().flat_map(each).collect()
        }
    }
}

/// Every note once.
fn notes(group: &[&FindingEvent<'_>]) -> Vec<Detail> {
    let mut notes: Vec<&String> = Vec::new();
    for note in group.iter().flat_map(|finding| finding.notes) {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes.into_iter().map(|note| Detail::new("note", note)).collect()
}

/// The beginning of what the leg that failed had to say.
fn output(evidence: &Evidence) -> Vec<Detail> {
    lines(evidence.leg.name(), &evidence.text, EXCERPT_LINES)
}

/// The beginning of some output, line by line.
pub(super) fn lines(label: impl Into<Cow<'static, str>>, text: &str, number: usize) -> Vec<Detail> {
    let mut label = Some(label.into());
    excerpt(text, number, TEXT_WIDTH)
        .into_iter()
        .map(|line| Detail { label: label.take().unwrap_or_default(), text: line, verbatim: true })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Detail, list};

    #[test]
    fn lists_are_cut_where_that_saves_a_line() {
        let names = ["a", "b", "c", "d", "e", "f", "g"];
        let texts = |details: Vec<Detail>| details.into_iter().map(|detail| detail.text).collect::<Vec<_>>();
        assert_eq!(texts(list("", &names[..6], false)), &names[..6]);
        assert_eq!(texts(list("", &names, true)), names);
        let cut = texts(list("", &names, false));
        assert_eq!((cut.len(), &*cut[5]), (6, "… 2 more (-v shows all)"));
    }
}
