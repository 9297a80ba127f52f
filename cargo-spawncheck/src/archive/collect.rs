//! Which files go into an archive, and where in it.

use super::manifest::Root;
use super::paths;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// How deep folders may be nested: below a link to a folder above, there is no end.
const MAX_DEPTH: usize = 64;

/// Files and empty folders by their path in the archive.
#[derive(Debug)]
pub(super) struct Collection {
    pub(super) roots: Vec<Root>,
    pub(super) files: BTreeMap<String, PathBuf>,
    pub(super) folders: BTreeSet<String>,
}

impl Collection {
    /// `roots` are absolute paths, each with the name of its folder.
    pub(super) fn new(roots: &[(&Path, &str)]) -> Result<Self> {
        let root = |(path, folder): &(&Path, &str)| Ok(Root { path: text(path)?, folder: (*folder).into() });
        let roots = roots.iter().map(root).collect::<Result<_>>()?;
        Ok(Self { roots, files: BTreeMap::new(), folders: BTreeSet::new() })
    }

    /// One file. What is below no root brings the folder in which it is as one.
    pub(super) fn add_file(&mut self, path: &Path) -> Result<()> {
        let place = self.place(path)?;
        self.files.insert(place, path.to_owned());
        Ok(())
    }

    /// All that is below a folder. A link counts as what it leads to.
    pub(super) fn add_folder(&mut self, folder: &Path) -> Result<()> {
        self.folder(folder, 0).map_err(|error| {
            Error::new(ExitCode::Setup, format!("failed to read `{}`", folder.display())).source(error)
        })?
    }

    /// The inner error is about a path.
    fn folder(&mut self, folder: &Path, depth: usize) -> io::Result<Result<()>> {
        if depth > MAX_DEPTH {
            return Err(io::Error::other("folders are nested too deeply"));
        }
        let mut any = false;
        for entry in folder.read_dir()? {
            any = true;
            let path = entry?.path();
            let metadata = path.metadata()?;
            let added = match (metadata.is_dir(), metadata.is_file()) {
                (true, _) => self.folder(&path, depth + 1)?,
                (_, true) => self.add_file(&path),
                // A socket or a pipe is nothing on another machine.
                _ => Ok(()),
            };
            if added.is_err() {
                return Ok(added);
            }
        }
        if !any {
            return Ok(self.place(folder).map(|place| {
                self.folders.insert(place);
            }));
        }
        Ok(Ok(()))
    }

    fn place(&mut self, path: &Path) -> Result<String> {
        let recorded = text(path)?;
        if let Some(place) = paths::in_archive(&recorded, &self.roots, cfg!(windows)) {
            return Ok(place);
        }
        let parent = path.parent().unwrap_or(path);
        self.roots.push(Root { path: text(parent)?, folder: format!("other-{}", self.roots.len()) });
        paths::in_archive(&recorded, &self.roots, cfg!(windows))
            .ok_or_else(|| Error::new(ExitCode::Setup, format!("`{}` is no absolute path", path.display())))
    }
}

/// Where to look for libraries: what `path`, a library path that cargo made from `caller`'s, has more than that.
pub(super) fn added(path: Option<&OsStr>, caller: Option<&OsStr>) -> Vec<PathBuf> {
    let split = |path: Option<&OsStr>| -> Vec<PathBuf> {
        path.map(|path| std::env::split_paths(path).collect()).unwrap_or_default()
    };
    let caller = split(caller);
    let mut added = split(path);
    added.retain(|folder| folder.is_absolute() && !caller.contains(folder));
    added
}

/// The libraries in `folders` that are asked for by `names`, or by those that are.
pub(super) fn closure(folders: &[PathBuf], names: BTreeSet<String>) -> BTreeSet<PathBuf> {
    let (mut found, mut asked) = (BTreeSet::new(), BTreeSet::new());
    let mut open: Vec<String> = names.into_iter().collect();
    while let Some(name) = open.pop() {
        if name.contains(['/', '\\']) || !asked.insert(name.clone()) {
            continue;
        }
        let candidates = folders.iter().map(|folder| folder.join(&name));
        let Some(path) = candidates.into_iter().find(|path| path.is_file()) else { continue };
        // What is no library after all needs nothing.
        open.extend(super::needed::needed(&path).unwrap_or_default());
        found.insert(path);
    }
    found
}

/// The libraries in a folder that a build script has put on the library path: they may be opened by name.
pub(super) fn libraries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = folder.read_dir()?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    Ok(entries.into_iter().filter(|path| is_library(path)).collect())
}

/// Whether a file is a dynamic library, by its name.
pub(super) fn is_library(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let suffix = [".so", ".dll", ".dylib"].iter().any(|suffix| name.ends_with(suffix));
    (suffix || name.contains(".so.")) && path.is_file()
}

/// A path as the manifest has it.
pub(super) fn text(path: &Path) -> Result<String> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        let message =
            format!("`{}` is no Unicode, so another machine could not be told of it", path.display());
        Error::new(ExitCode::Setup, message)
    })
}

#[cfg(test)]
mod tests {
    use super::{Collection, added, text};
    use std::ffi::OsStr;
    use std::path::{Path, PathBuf};

    #[test]
    fn what_cargo_adds_to_the_library_path() {
        let join = |parts: &[&Path]| std::env::join_paths(parts).unwrap();
        let here = std::env::temp_dir();
        let (a, b, c) = (here.join("a"), here.join("b"), here.join("c"));
        let path = join(&[&a, &b, Path::new("relative"), &c]);
        assert_eq!(added(Some(&path), Some(&join(&[&c]))), [a, b]);
        assert_eq!(added(None, Some(OsStr::new("x"))), Vec::<PathBuf>::new());
    }

    #[test]
    fn files_from_anywhere() {
        let folder = tempfile::tempdir().unwrap();
        let (target, other) = (folder.path().join("target"), folder.path().join("other"));
        for file in [target.join("debug/out/a"), target.join("debug/out/deep/b"), other.join("lib.so")] {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "").unwrap();
        }
        std::fs::create_dir(target.join("debug/out/empty")).unwrap();
        let mut collection = Collection::new(&[(&target, "target")]).unwrap();
        collection.add_folder(&target.join("debug/out")).unwrap();
        collection.add_file(&other.join("lib.so")).unwrap();
        let files: Vec<_> = collection.files.keys().map(String::as_str).collect();
        assert_eq!(files, ["other-1/lib.so", "target/debug/out/a", "target/debug/out/deep/b"]);
        assert_eq!(collection.folders.first().unwrap(), "target/debug/out/empty");
        assert_eq!(collection.roots[1].path, text(&other).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn links_without_end() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
        let mut collection = Collection::new(&[(folder.path(), "target")]).unwrap();
        assert!(collection.add_folder(folder.path()).is_err());
    }
}
