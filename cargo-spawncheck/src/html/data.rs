//! The matrix as data for the script: compact, and inert inside its element.

use super::stories::{View, kind_name};
use super::text;
use crate::finding::Verdict;
use crate::matrix::Cell;
use serde::Serialize;

#[derive(Serialize)]
struct Data<'a> {
    platforms: &'a [String],
    /// Names of binaries, which many rows share.
    binaries: Vec<String>,
    /// Index of the binary, name of the test, a letter for each leg of each platform.
    rows: Vec<(usize, String, String)>,
    /// Kind, platforms, index of the row.
    stories: Vec<(&'static str, &'a [usize], Option<usize>)>,
}

pub(super) fn data(view: &View<'_>) -> String {
    let mut binaries: Vec<(&str, &str)> = Vec::new();
    let mut rows = Vec::with_capacity(view.matrix.tests.len());
    for row in &view.matrix.tests {
        let binary = (&*row.name.package, &*row.name.binary);
        // Rows come sorted, so that this one's binary is the last one's, or new.
        if binaries.last() != Some(&binary) {
            binaries.push(binary);
        }
        rows.push((
            binaries.len() - 1,
            text::name(&row.name.test),
            row.cells.iter().flat_map(letters).collect(),
        ));
    }
    let stories = view.stories.iter();
    let data = Data {
        platforms: &view.platforms,
        binaries: binaries.into_iter().map(|(_, binary)| text::name(binary)).collect(),
        rows,
        stories: stories
            .map(|story| (kind_name(story.kind), &*story.platforms, view.row(&story.name)))
            .collect(),
    };
    // These types have no map with other keys and no error of their own.
    inert(&serde_json::to_string(&data).unwrap_or_default())
}

/// JSON in which nothing ends a `script` element, begins a comment or an entity, or ends a line of a script.
fn inert(json: &str) -> String {
    let mut inert = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => inert.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => inert.push(c),
        }
    }
    inert
}

fn letters(cell: &Cell) -> [char; 2] {
    [letter(cell.in_process), letter(cell.spawned)]
}

/// `state.js` has the same table.
fn letter(verdict: Option<Verdict>) -> char {
    match verdict {
        Some(Verdict::Passed) => 'p',
        Some(Verdict::Failed) => 'f',
        Some(Verdict::Crashed) => 'c',
        Some(Verdict::TimedOut) => 't',
        Some(Verdict::Ignored) => 'i',
        Some(Verdict::NotRun) | None => '-',
    }
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn cannot_end_its_element() {
        let json = serde_json::to_string("</script><!-- & \u{2028}\u{2029} \"\\").unwrap();
        let inert = inert(&json);
        assert!(!inert.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{inert}");
        assert_eq!(serde_json::from_str::<String>(&inert).unwrap(), "</script><!-- & \u{2028}\u{2029} \"\\");
    }
}
