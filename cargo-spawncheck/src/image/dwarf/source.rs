//! Where something is declared.

use super::Slice;
use gimli::{Dwarf, Unit};
use std::path::{Component, Path, PathBuf};

/// `FILE:LINE`, or as much of it as the reader needs: relative to where the compiler ran, if it is below there.
pub(super) fn location(
    dwarf: &Dwarf<Slice>,
    unit: &Unit<Slice>,
    file: Option<u64>,
    line: Option<u64>,
) -> Option<String> {
    let header = unit.line_program.as_ref()?.header();
    let entry = header.file(file?)?;
    let text = |value| dwarf.attr_string(unit, value).ok().map(|text| text.to_string_lossy().into_owned());
    let compiled_in = PathBuf::from(unit.comp_dir.map(|folder| folder.to_string_lossy().into_owned())?);
    let mut path = compiled_in.clone();
    path.extend(entry.directory(header).and_then(text));
    path.push(text(entry.path_name())?);
    Some(format!("{}:{}", shown(&path, &compiled_in), line?))
}

/// A dependency's files are told by its folder, `log-0.4.29/src/lib.rs`; rustc's own are `library/std/src/lib.rs`.
fn shown(path: &Path, compiled_in: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    let below = parts.windows(2).position(|pair| matches!(pair, ["registry", "src"] | ["git", "checkouts"]));
    let rest = match below {
        Some(start) => parts.get(start + 3..),
        None if path.starts_with("/rustc") => parts.get(2..),
        None => None,
    };
    match rest.filter(|rest| !rest.is_empty()) {
        Some(rest) => rest.join("/"),
        None => path.strip_prefix(compiled_in).unwrap_or(path).display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::shown;
    use std::path::Path;

    #[test]
    fn a_path_is_told_by_what_the_reader_knows() {
        for (path, compiled_in, expected) in [
            ("/home/a/pricing/src/lib.rs", "/home/a/pricing", "src/lib.rs"),
            ("/home/a/work/pricing/src/lib.rs", "/home/a/work", "pricing/src/lib.rs"),
            ("/home/a/elsewhere/lib.rs", "/home/a/work", "/home/a/elsewhere/lib.rs"),
            (
                "/home/a/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/log-0.4.29/src/lib.rs",
                "/home/a/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/log-0.4.29",
                "log-0.4.29/src/lib.rs",
            ),
            ("/home/a/.cargo/git/checkouts/log-1f/3ac/src/lib.rs", "/home/a/.cargo", "3ac/src/lib.rs"),
            (
                "/rustc/59807616/library/std/src/panicking.rs",
                "/rustc/59807616",
                "library/std/src/panicking.rs",
            ),
        ] {
            assert_eq!(shown(Path::new(path), Path::new(compiled_in)), expected, "{path}");
        }
    }
}
