//! An input, and what came of it in each context, with a note beside each.

use super::{cut, excerpt, line};
use crate::printable::printable;
use crate::{Finding, Outcome};
use std::fmt::{self, Formatter};

/// The column of notes begins after the longest value, within these limits. Longer ones push their note aside and leave the
/// column as it is.
const NARROWEST: usize = 14;
const WIDEST: usize = 44;

/// How much of what long values have in common is shown before they part.
const CONTEXT: usize = 40;

/// Writes the table, with `remark` beside the input.
pub(super) fn write(finding: &Finding, f: &mut Formatter<'_>, remark: &str) -> fmt::Result {
    let input = finding.input.iter().map(|input| ("input".to_owned(), cut(input), remark));
    let values = outcomes(finding);
    let contexts = finding.outcomes.iter().map(|(context, _)| context);
    let others = contexts.zip(values).map(|(context, value)| (context.to_string(), value, context.note()));
    let rows: Vec<_> = input.chain(others).collect();
    let widths = rows.iter().map(|(_, value, _)| first_line(value).chars().count());
    let width = widths.filter(|width| *width <= WIDEST).fold(NARROWEST, usize::max);
    for (label, value, note) in &rows {
        let first = first_line(value);
        let noted = format!("{first:<width$}  {note}");
        line(f, label, &format!("{}{}", noted.trim_end(), &value[first.len()..]))?;
    }
    Ok(())
}

fn first_line(value: &str) -> &str {
    value.split('\n').next().unwrap_or_default()
}

/// The outcomes as they are shown. Long ones begin shortly before they part, or they would all read the same.
fn outcomes(finding: &Finding) -> Vec<String> {
    let texts: Vec<_> = finding.outcomes.iter().map(|(_, outcome)| text(outcome)).collect();
    let long = texts.iter().any(|text| cut(text) != *text);
    let skip = if long { parting(&texts).saturating_sub(CONTEXT) } else { 0 };
    texts.iter().map(|text| excerpt(text, skip)).collect()
}

fn text(outcome: &Outcome) -> String {
    let text = printable(&outcome.to_string()).into_owned();
    match outcome {
        Outcome::Panicked { location: Some(location), .. } => format!("{text}\nat {location}"),
        _ => text,
    }
}

/// How many characters all texts have in common, at their beginning; 0 if they are the same.
fn parting(texts: &[String]) -> usize {
    let Some((first, others)) = texts.split_first() else { return 0 };
    let common =
        |other: &String| first.chars().zip(other.chars()).take_while(|(one, two)| one == two).count();
    others.iter().filter(|other| *other != first).map(common).min().unwrap_or(0)
}
