//! Text from outside, made fit for a terminal.

/// `text` without escape sequences and other control characters, so that a test's output or name cannot move the cursor,
/// change colours or imitate the report. Line ends and tabs stay.
pub(crate) fn printable(text: &str) -> String {
    let plain = anstream::adapter::strip_str(text).to_string();
    plain
        .chars()
        .filter_map(|c| match c {
            '\n' | '\t' => Some(c),
            '\r' => None,
            // Direction marks can make a name read as another one.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some('\u{fffd}'),
            c if c.is_control() => Some('\u{fffd}'),
            c => Some(c),
        })
        .collect()
}

/// The first `lines` lines that are not blank at the start, wrapped at `width` characters. A stack backtrace is left out: it
/// hides the few lines that matter, and has no room here.
pub(super) fn excerpt(text: &str, lines: usize, width: usize) -> Vec<String> {
    let text = printable(text);
    let said = text.lines().map(str::trim_end).take_while(|line| *line != "stack backtrace:");
    let all: Vec<String> =
        said.skip_while(|line| line.is_empty()).flat_map(|line| wrap(without_thread(line), width)).collect();
    let mut result = all[..lines.min(all.len())].to_vec();
    while result.last().is_some_and(String::is_empty) {
        result.pop();
    }
    if all.len() > lines {
        result.push(format!("… {} more lines", all.len() - lines));
    }
    result
}

/// A panic message without its beginning, `thread 'NAME' (ID) `: the name of a test's thread is the test's.
fn without_thread(line: &str) -> &str {
    match (line.strip_prefix("thread '"), line.find("panicked at ")) {
        (Some(_), Some(at)) => &line[at..],
        _ => line,
    }
}

fn wrap(line: &str, width: usize) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    match chars.is_empty() {
        // An empty line is a line.
        true => vec![String::new()],
        false => chars.chunks(width.max(1)).map(String::from_iter).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{excerpt, printable};

    #[test]
    fn nothing_that_steers_a_terminal() {
        assert_eq!(printable("\u{1b}[31mred\u{1b}[0m\r\n\ttab\u{7}"), "red\n\ttab");
        assert_eq!(printable("\u{1b}]0;title\u{7}x"), "x");
        assert_eq!(printable("a\u{202e}b\u{9b}c"), "a\u{fffd}b\u{fffd}c");
    }

    #[test]
    fn excerpts() {
        assert_eq!(excerpt("a\nstack backtrace:\n  0: main\n", 2, 80), ["a"]);
        assert_eq!(excerpt("\n\na\nb\n\nc\n", 2, 80), ["a", "b", "… 2 more lines"]);
        assert_eq!(excerpt("abcdef", 2, 4), ["abcd", "ef"]);
        assert_eq!(
            excerpt("thread 'a::b' (12) panicked at src/lib.rs:1:2:", 2, 80),
            ["panicked at src/lib.rs:1:2:"]
        );
        assert!(excerpt("\n", 2, 4).is_empty());
    }
}
