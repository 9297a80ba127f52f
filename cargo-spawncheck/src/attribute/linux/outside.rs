//! State outside the process: the files that the culprits changed, put back to what they were before.
//!
//! A file is put back in the very process that changed it, just before the test begins: its name may have the number of the process in it.

use super::ending::Ending;
use super::experiment::{flip, flips_again};
use super::prove::{Flip, prove};
use super::run::Runs;
use crate::error::Result;
use crate::explanation::{Carrier, Cause, Channel};
use crate::files;
use crate::trace::{Before, Change, Stopped};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is not as it was, under the name that it has in every run.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Changed {
    /// The path, with `{pid}` in place of the process's number.
    key: String,
    path: PathBuf,
    fresh: String,
    inherited: String,
}

/// The files that carry the state, or nothing. `ours` is a folder of the tool's own.
pub(super) fn causes(runs: &Runs<'_>, ours: &Path, dirty: &Ending, clean: &Ending) -> Result<Vec<Cause>> {
    let mut changed = Vec::new();
    let seen = runs.watched(&mut |stopped| {
        let changes = stopped.changes().iter().filter(|change| !change.path.starts_with(ours));
        changed = changes.filter_map(|change| look(change, stopped.pid())).collect();
        Ok(())
    })?;
    if !seen.is_ok_and(|ending| ending.is_like(dirty)) {
        return Ok(Vec::new());
    }
    let mut experiment = |set: &[usize]| {
        let keys: Vec<&str> = set.iter().map(|index| changed[*index].key.as_str()).collect();
        put_back(runs, &keys, dirty, clean)
    };
    let proof = prove(changed.len(), None, &mut experiment)?;
    let mut result = Vec::new();
    for set in &proof.sets {
        let control = || put_back(runs, &[], dirty, clean);
        if flips_again(|| experiment(set), control)? {
            result.extend(set.iter().map(|index| cause(&changed, set, *index)));
        }
    }
    Ok(result)
}

fn cause(changed: &[Changed], set: &[usize], index: usize) -> Cause {
    let Changed { path, fresh, inherited, .. } = &changed[index];
    let name = |index: usize| changed[index].path.display().to_string();
    Cause {
        carrier: Carrier {
            channel: Channel::File,
            name: path.display().to_string(),
            type_name: None,
            location: None,
            fresh: fresh.clone(),
            inherited: inherited.clone(),
        },
        confirmed: true,
        together_with: set.iter().filter(|other| **other != index).map(|other| name(*other)).collect(),
        sufficient: None,
    }
}

/// What a change came to; `None` if all is as before, or cannot be put back.
fn look(change: &Change, pid: i32) -> Option<Changed> {
    let before = match &change.before {
        Before::Missing => "missing".to_owned(),
        Before::File(bytes) => format!("a file of {} bytes", bytes.len()),
        Before::Folder => "a folder".to_owned(),
        Before::Unknown => return None,
    };
    let now = match change.path.symlink_metadata() {
        Err(_) => "missing".to_owned(),
        Ok(metadata) if metadata.is_dir() => "a folder".to_owned(),
        Ok(metadata) => format!("a file of {} bytes", metadata.len()),
    };
    let content_differs = match &change.before {
        Before::File(bytes) => std::fs::read(&change.path).ok().as_ref() != Some(bytes),
        _ => before != now,
    };
    content_differs.then(|| Changed {
        key: key(&change.path, pid),
        path: change.path.clone(),
        fresh: before,
        inherited: now,
    })
}

fn key(path: &Path, pid: i32) -> String {
    path.to_string_lossy().replace(&pid.to_string(), "{pid}")
}

/// Runs the culprits, and then the test with some of the files as they were before.
fn put_back(runs: &Runs<'_>, keys: &[&str], dirty: &Ending, clean: &Ending) -> Result<Flip> {
    if runs.is_spent() {
        return Ok(Flip::Broken);
    }
    let ending = runs.watched(&mut |stopped: &mut Stopped<'_>| {
        let pid = stopped.pid();
        // The last one first: what is in a new folder goes before the folder.
        let chosen =
            stopped.changes().iter().rev().filter(|change| keys.contains(&key(&change.path, pid).as_str()));
        chosen.into_iter().try_for_each(restore)?;
        Ok(())
    })?;
    Ok(flip(ending, dirty, clean))
}

fn restore(change: &Change) -> io::Result<()> {
    let path = &change.path;
    match &change.before {
        Before::Missing => match path.symlink_metadata() {
            Ok(metadata) if metadata.is_dir() => std::fs::remove_dir(path),
            Ok(_) => std::fs::remove_file(path),
            Err(_) => Ok(()),
        },
        Before::File(bytes) => {
            let mut file = files::temporary(path)?;
            file.write_all(bytes)?;
            if let Ok(metadata) = path.metadata() {
                file.as_file().set_permissions(metadata.permissions())?;
            }
            files::replace(file, path)
        }
        Before::Folder if !path.is_dir() => std::fs::create_dir(path),
        Before::Folder | Before::Unknown => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{look, restore};
    use crate::trace::{Before, Change};

    #[test]
    fn what_was_there_is_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let change = |name: &str, before| Change { path: path(name), before };
        std::fs::create_dir(path("made")).unwrap();
        for name in ["new", "changed", "same", "made/inner"] {
            std::fs::write(path(name), "now").unwrap();
        }
        let changes = [
            change("new", Before::Missing),
            change("changed", Before::File(b"before".to_vec())),
            change("same", Before::File(b"now".to_vec())),
            change("removed", Before::File(b"gone".to_vec())),
            change("made", Before::Missing),
            change("made/inner", Before::Missing),
            change("lost", Before::Folder),
            change("new", Before::Unknown),
        ];
        let seen: Vec<bool> = changes.iter().map(|change| look(change, 1).is_some()).collect();
        assert_eq!(seen, [true, true, false, true, true, true, true, false]);
        changes.iter().rev().for_each(|change| restore(change).unwrap());
        assert!(!path("new").exists() && !path("made").exists() && path("lost").is_dir());
        assert_eq!(std::fs::read_to_string(path("changed")).unwrap(), "before");
        assert_eq!(std::fs::read_to_string(path("removed")).unwrap(), "gone");
        assert!(changes.iter().all(|change| look(change, 1).is_none()));
    }
}
