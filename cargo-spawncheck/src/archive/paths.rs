//! Paths of one machine on another, and paths that nobody should follow. Pure.

use super::manifest::Root;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// Names that are devices on Windows, whatever follows the first dot.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];
const NUMBERED_DEVICES: &[&str] = &["com", "lpt"];

/// The parts of an entry's path, if it is one that leads to a file below the folder of the archive, and nowhere else.
pub(super) fn components(path: &str) -> Option<Vec<&str>> {
    components_on(path, cfg!(windows))
}

fn components_on(path: &str, windows: bool) -> Option<Vec<&str>> {
    let is_name = |name: &&str| {
        let odd = name.is_empty() || *name == "." || *name == ".." || name.contains('\0');
        !odd && (!windows || is_windows_name(name))
    };
    let parts: Vec<_> = path.split('/').collect();
    parts.iter().all(is_name).then_some(parts)
}

fn is_windows_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_lowercase();
    let numbered = |device: &&str| {
        let rest = stem.strip_prefix(*device);
        rest.is_some_and(|rest| rest.chars().count() == 1)
    };
    let device = DEVICES.contains(&stem.as_str()) || NUMBERED_DEVICES.iter().any(numbered);
    let special = |letter: char| letter.is_control() || "<>:\"\\|?*".contains(letter);
    !device && !name.contains(special) && !name.ends_with(['.', ' '])
}

/// The parts of a recorded absolute path; `None` if it is no such path.
fn recorded(path: &str, windows: bool) -> Option<Vec<&str>> {
    let drive = windows && path.as_bytes().get(1) == Some(&b':');
    let is_separator = |letter: char| letter == '/' || (windows && letter == '\\');
    (drive || path.starts_with(is_separator))
        .then(|| path.split(is_separator).filter(|part| !part.is_empty()).collect())
}

/// The path of a file in the archive.
pub(super) fn in_archive(path: &str, roots: &[Root], windows: bool) -> Option<String> {
    let path = recorded(path, windows)?;
    let below = |root: &Root| {
        let root_parts = recorded(&root.path, windows)?;
        let rest = path.strip_prefix(&*root_parts)?;
        Some((root_parts.len(), [&[root.folder.as_str()], rest].concat().join("/")))
    };
    roots.iter().filter_map(below).max_by_key(|(length, _)| *length).map(|(_, path)| path)
}

/// Where the folders of the build machine are here.
pub(super) struct Remap {
    windows: bool,
    /// From, to.
    folders: Vec<(String, PathBuf)>,
}

impl Remap {
    /// `windows` tells about the recorded paths.
    pub(super) fn new(workspace: (&str, &Path), roots: &[Root], extracted: &Path, windows: bool) -> Self {
        let mut folders: Vec<_> =
            roots.iter().map(|root| (root.path.clone(), extracted.join(&root.folder))).collect();
        folders.push((workspace.0.to_owned(), workspace.1.to_owned()));
        Self { windows, folders }
    }

    /// Where a recorded path is here; `None` if it is below no folder that is.
    pub(super) fn path(&self, path: &str) -> Option<PathBuf> {
        let path = recorded(path, self.windows)?;
        let mapped = |(from, to): &(String, PathBuf)| {
            let from = recorded(from, self.windows)?;
            let rest = path.strip_prefix(&*from)?;
            let plain = rest.iter().all(|part| is_plain(part));
            plain.then(|| (from.len(), rest.iter().fold(to.clone(), |path, part| path.join(part))))
        };
        self.folders.iter().filter_map(mapped).max_by_key(|(length, _)| *length).map(|(_, path)| path)
    }

    /// The value of a variable: a path is mapped, anything else stays.
    pub(super) fn value(&self, value: &str) -> OsString {
        self.path(value).map_or_else(|| value.into(), Into::into)
    }
}

/// Whether a part of a recorded path leads to nothing but itself here: what is a letter there may be a separator here.
fn is_plain(part: &str) -> bool {
    let mut components = Path::new(part).components();
    let first = components.next();
    matches!(first, Some(Component::Normal(_) | Component::CurDir)) && components.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::super::manifest::Root;
    use super::{Remap, components_on, in_archive};
    use std::path::{Path, PathBuf};

    fn roots(pairs: &[(&str, &str)]) -> Vec<Root> {
        pairs.iter().map(|(path, folder)| Root { path: (*path).into(), folder: (*folder).into() }).collect()
    }

    #[test]
    fn paths_that_nobody_should_follow() {
        for path in ["", "/etc/passwd", "../a", "a/../../b", "a//b", "a/.", "./a", "a/", "a\0b"] {
            for windows in [false, true] {
                assert_eq!(components_on(path, windows), None, "{path}");
            }
        }
        for path in
            ["C:/a", "a\\..\\b", "a:stream", "nul", "a/NUL.txt", "com1", "lpt².x", "a.", "a ", "a\nb", "a?"]
        {
            assert_eq!(components_on(path, true), None, "{path}");
            assert!(components_on(path, false).is_some(), "{path}");
        }
        for path in ["target/debug/deps/a-0123", "target/ä b/c.d", "target/com", "target/console"] {
            assert!(components_on(path, true).is_some(), "{path}");
        }
    }

    #[test]
    fn the_deepest_root_counts() {
        let roots = roots(&[("/w", "outer"), ("/w/target", "target")]);
        assert_eq!(in_archive("/w/target/debug/a", &roots, false).unwrap(), "target/debug/a");
        assert_eq!(in_archive("/w/targets/a", &roots, false).unwrap(), "outer/targets/a");
        assert_eq!(in_archive("/elsewhere/a", &roots, false), None);
        assert_eq!(in_archive("w/target/a", &roots, false), None);
    }

    #[track_caller]
    fn check(windows: bool, workspace: &str, root: &str, recorded: &str, expected: Option<&[&str]>) {
        let remap =
            Remap::new((workspace, Path::new("here")), &roots(&[(root, "t")]), Path::new("x"), windows);
        let expected = expected.map(|parts| parts.iter().collect::<PathBuf>());
        assert_eq!(remap.path(recorded), expected, "{recorded}");
    }

    #[test]
    fn folders_of_another_machine() {
        check(false, "/w", "/w/target", "/w/a/Cargo.toml", Some(&["here", "a", "Cargo.toml"]));
        check(false, "/w", "/w/target", "/w", Some(&["here"]));
        check(false, "/w", "/w/target", "/w/target/debug", Some(&["x", "t", "debug"]));
        check(false, "/w", "/w/target", "/v/a", None);
        check(false, "/w", "/w/target", "/w/../v", None);
        check(false, "/w", "/w/target", "w/a", None);
        check(true, "C:\\w", "D:\\t", "C:\\w\\a/b", Some(&["here", "a", "b"]));
        check(true, "C:\\w", "D:\\t", "D:\\t\\debug", Some(&["x", "t", "debug"]));
        check(true, "C:\\w", "D:\\t", "C:\\wx", None);
        if cfg!(windows) {
            check(false, "/w", "/t", "/w/a\\..\\..\\b", None);
            check(false, "/w", "/t", "/w/C:\\b", None);
        }
        // A backslash is a letter elsewhere.
        check(false, "/w", "/t", "/w\\a", None);
    }

    #[test]
    fn values_that_are_no_paths_stay() {
        let remap = Remap::new(("/w", Path::new("here")), &[], Path::new("x"), false);
        assert_eq!(remap.value("1.2.3"), "1.2.3");
        assert_eq!(remap.value("see /w/a"), "see /w/a");
        assert_eq!(remap.value("/w"), "here");
    }
}
