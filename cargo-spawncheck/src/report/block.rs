//! A headline and what stands below it, as they are written to a screen.

use super::finding::Detail;
use super::text::{TEXT_WIDTH, labelled, on_one_line, wrap_words};
use anstyle::Style;
use std::io::{self, Write};

/// What, which test, what about it; over two lines where one is too short.
pub(super) fn headline(
    out: &mut dyn Write,
    label: &str,
    style: Style,
    name: &str,
    text: &str,
) -> io::Result<()> {
    let (name, text) = (on_one_line(name), on_one_line(text));
    if text.is_empty() {
        return labelled(out, label, style, &name);
    }
    if name.chars().count() + 2 + text.chars().count() <= TEXT_WIDTH {
        return labelled(out, label, style, &format!("{name}  {text}"));
    }
    wrapped(out, label, style, &name)?;
    wrapped(out, "", style, &text)
}

pub(super) fn wrapped(out: &mut dyn Write, label: &str, style: Style, text: &str) -> io::Result<()> {
    for (index, line) in wrap_words(&on_one_line(text), TEXT_WIDTH).iter().enumerate() {
        labelled(out, if index == 0 { label } else { "" }, style, line)?;
    }
    Ok(())
}

pub(super) fn details(out: &mut dyn Write, details: &[Detail]) -> io::Result<()> {
    let dim = Style::new().dimmed();
    for Detail { label, text, verbatim } in details {
        match verbatim {
            true => labelled(out, label, dim, text)?,
            false => wrapped(out, label, dim, text)?,
        }
    }
    Ok(())
}
