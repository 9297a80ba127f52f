use super::{NAMES, TEXTS, headline, text, write_list, write_text};
use crate::finding::Kind;

fn shown(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut anstream::StripStream::new(&mut out)).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_kind_has_a_text() {
    for kind in Kind::ALL {
        assert!(text(kind.name()).is_some(), "{kind:?}");
    }
}

#[test]
fn texts_are_those_of_their_names() {
    for (name, text) in NAMES.iter().zip(TEXTS) {
        assert!(headline(text).starts_with(&format!("{name}: ")), "{name}: {}", headline(text));
        for section in ["\n## How it comes about\n", "\n## Repairs\n", "\n```rust\n"] {
            assert!(text.contains(section), "{name} has no {section:?}");
        }
    }
}

#[test]
fn texts_fit_a_terminal() {
    for (name, text) in NAMES.iter().zip(TEXTS) {
        for line in shown(|out| write_text(out, text)).lines() {
            assert!(line.chars().count() <= 80, "{name}: {line}");
            assert!(!line.starts_with("```"), "{name}: {line}");
        }
    }
    for line in shown(|out| write_list(out)).lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn code_is_indented_and_headings_are_plain() {
    let shown = shown(|out| write_text(out, "# a: b\n\n## How\n\nText.\n\n```rust\nfn a() {\n\n}\n```\n"));
    assert_eq!(shown, "a: b\n\nHow\n\nText.\n\n    fn a() {\n\n    }\n");
}
