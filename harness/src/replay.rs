//! The command that shows a finding again.

/// Runs `test` alone: kept cases are tried first.
pub(crate) fn command(test: &str) -> String {
    format!("cargo test -- --exact {}", quoted(test))
}

/// As one word of a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-:./".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn names_are_one_word() {
        assert_eq!(command("tests::quote"), "cargo test -- --exact tests::quote");
        assert_eq!(command("it's; rm"), r"cargo test -- --exact 'it'\''s; rm'");
        assert_eq!(command(""), "cargo test -- --exact ''");
    }
}
