//! Ancestors by `/proc`.

use crate::channel::VARIABLE;
use std::fs::{Metadata, metadata, read, read_to_string};
use std::os::unix::fs::MetadataExt;

/// As far up as it is worth looking.
const GENERATIONS: usize = 32;

/// The nearest ancestor that runs this executable and was started as a child.
pub(super) fn child_among_ancestors() -> Option<u32> {
    let ours = metadata("/proc/self/exe").ok()?;
    let mut id = std::os::unix::process::parent_id();
    for _ in 0..GENERATIONS {
        if id <= 1 {
            return None;
        }
        if is_same(&ours, metadata(format!("/proc/{id}/exe")).ok()) && was_started_as_child(id) {
            return Some(id);
        }
        id = parent_of(id)?;
    }
    None
}

fn is_same(ours: &Metadata, other: Option<Metadata>) -> bool {
    other.is_some_and(|other| (other.dev(), other.ino()) == (ours.dev(), ours.ino()))
}

fn was_started_as_child(id: u32) -> bool {
    let Ok(environment) = read(format!("/proc/{id}/environ")) else { return false };
    let start = [VARIABLE.as_bytes(), b"="].concat();
    environment.split(|byte| *byte == 0).any(|variable| variable.starts_with(&start))
}

/// The fourth field of `stat`, counted from the end of the name, which may contain anything.
fn parent_of(id: u32) -> Option<u32> {
    let stat = read_to_string(format!("/proc/{id}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}
