//! What a test wrote: how much of it is kept, and which of its lines say why it failed.

/// How much of a test's output to remember for the report.
const MOST: usize = 4 << 10;

/// Whether a line says why a test failed: where it panicked, or what it returned.
pub(crate) fn says_why(line: &str) -> bool {
    line.contains("panicked at ") || line.starts_with("Error: ")
}

/// The beginning of a text, cut at a character.
pub(super) fn beginning(text: &str) -> String {
    let end = (0..=MOST.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text[..end.unwrap_or(0)].trim_end().to_owned()
}

/// As much of what a test wrote that failed: its beginning, unless what says why comes later. A test may catch panics before it
/// fails, so the last one counts.
pub(super) fn clip(text: &str) -> String {
    let mut end = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        end += line.len();
        (line, end)
    });
    match lines.filter(|(line, _)| says_why(line)).last() {
        Some((line, end)) if end > MOST => {
            let start = end - line.len();
            format!("… {start} bytes left out …\n{}", beginning(&text[start..]))
        }
        _ => beginning(text),
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, beginning, clip};

    #[test]
    fn a_failure_is_kept_with_its_reason() {
        let panic = "thread 'a' panicked at src/lib.rs:3:5:\nwrong\n";
        assert_eq!(clip(panic), panic.trim_end());
        let printed = "printed\n".repeat(MOST / 8);
        assert_eq!(clip(&format!("{panic}{printed}")), beginning(&format!("{panic}{printed}")));
        let late = format!("{}{printed}{panic}", panic.replace(":3:", ":2:"));
        let start = late.len() - panic.len();
        assert_eq!(clip(&late), format!("… {start} bytes left out …\n{}", panic.trim_end()));
        // What it returned.
        assert!(clip(&format!("{printed}Error: \"no\"\n")).ends_with("…\nError: \"no\""));
        // Nothing says why.
        assert_eq!(clip(&format!("{printed}more")), printed.trim_end());
        // The line itself is too long.
        let long = format!("{printed}thread 'a' panicked at {}", "ä".repeat(MOST));
        assert!(clip(&long).len() < MOST + 64);
    }
}
