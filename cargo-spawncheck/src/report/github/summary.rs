//! The step summary: Markdown.

use crate::matrix::{Matrix, Story};
use crate::report::merged;
use crate::report::message::{self, count};
use crate::report::story::{label, targets};
use crate::report::text::on_one_line;

/// How long a cell of the table may be.
const CELL: usize = 300;

/// At most `room` bytes: GitHub drops a summary that is too long, and tells nobody what was in it.
pub(super) fn summary(matrix: &Matrix, room: usize) -> String {
    let mut text = format!("### cargo spawncheck\n\n{}\n", escape(&merged::summary(matrix)));
    let mut rows = matrix.stories.iter().map(|story| story_row(story, matrix)).collect::<Vec<_>>();
    rows.extend(matrix.failures.iter().map(|failure| {
        let on = targets(&failure.platforms, &matrix.platforms);
        row(&["FAIL", &failure.name.binary, &failure.name.test, "fails both ways", &on, "", ""])
    }));
    if !rows.is_empty() {
        text.push_str(
            "\n| | Binary | Test | What | Where | After | Cause |\n|---|---|---|---|---|---|---|\n",
        );
    }
    let rest = |left: usize| if left > 0 { format!("\n… {left} more\n") } else { String::new() };
    let number = rows.len();
    for (index, row) in rows.into_iter().enumerate() {
        if text.len() + row.len() + rest(number).len() > room {
            text.push_str(&rest(number - index));
            break;
        }
        text.push_str(&row);
    }
    for warning in &matrix.warnings {
        let line = format!("\n- {}\n", escape(&cut(warning)));
        if text.len() + line.len() > room {
            break;
        }
        text.push_str(&line);
    }
    if text.len() > room { String::new() } else { text }
}

fn story_row(story: &Story, matrix: &Matrix) -> String {
    let what = match &story.accepted {
        Some(reason) => format!("{} (accepted: {reason})", story.headline),
        None => story.headline.clone(),
    };
    let culprits = match story.culprits.as_deref() {
        None => String::new(),
        Some([one]) => one.clone(),
        Some(many) => format!("{} together: {}", count(many.len(), "test"), many.join(", ")),
    };
    let causes: Vec<_> = story.causes.iter().map(|cause| message::carrier(&cause.carrier)).collect();
    let on = targets(&story.platforms, &matrix.platforms);
    row(&[&label(story), &story.name.binary, &story.name.test, &what, &on, &culprits, &causes.join(", ")])
}

fn row(cells: &[&str]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| escape(&cut(cell))).collect();
    format!("| {} |\n", cells.join(" | "))
}

fn cut(text: &str) -> String {
    let text = on_one_line(text);
    match text.char_indices().nth(CELL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Nothing of it is markup. A character reference is never taken for the character's own meaning, so that one rule does for links,
/// mentions, tables, code and HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ',' | ';' | '(' | ')' => escaped.push(c),
            c if c.is_ascii_punctuation() => escaped.push_str(&format!("&#{};", u32::from(c))),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{escape, summary};
    use crate::matrix::{Failure, Matrix, Name};

    #[test]
    fn nothing_is_markup() {
        assert_eq!(escape("a|b"), "a&#124;b");
        let hostile = "<img src=x>|`code`**[a](http://b)@c \\# ~~d~~";
        assert!(!escape(hostile).contains(['<', '>', '|', '`', '*', '[', ']', '@', '\\', '~', ':']));
    }

    #[test]
    fn it_fits() {
        let name = |test: usize| Name { test: format!("t{test}"), ..Name::default() };
        let failure = |test| Failure { name: name(test), platforms: Vec::new(), output: Default::default() };
        let matrix = Matrix { failures: (0..20).map(failure).collect(), ..Matrix::default() };
        let whole = summary(&matrix, 1 << 20);
        assert!(whole.contains("| t19 |") && !whole.contains("more"), "{whole}");
        for room in 0..whole.len() {
            assert!(summary(&matrix, room).len() <= room, "{room}");
        }
        assert!(summary(&matrix, whole.len() - 1).contains("… "));
    }
}
