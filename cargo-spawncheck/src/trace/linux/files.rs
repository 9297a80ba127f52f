//! Which files a process changes, and what they were before: noted at the system call, before the kernel does it.

use super::arch;
use super::tracee::Tracee;
use nix::libc::{self, user_regs_struct as Registers};
use std::collections::HashSet;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// How much of a file is remembered, and of all files together.
const MAX_FILE: u64 = 16 << 20;
const MAX_ALL: u64 = 64 << 20;

/// Folders of the system, in which nothing is a file that could be put back.
const NOT_FILES: [&str; 3] = ["/proc", "/dev", "/sys"];

/// A path that was opened for writing, made or removed, and what was there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) path: PathBuf,
    pub(crate) before: Before,
}

/// What was at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    Missing,
    File(Vec<u8>),
    Folder,
    /// Something that is not remembered: too large, no ordinary file, not readable.
    Unknown,
}

/// Where a system call has its paths, as indices of its arguments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// For each path, the folder that it is relative to; `None`: the working directory.
    pub(super) folders: &'static [Option<usize>],
    pub(super) paths: &'static [usize],
    /// Where the flags of an `open` are: it changes something only with some of them.
    pub(super) flags: Option<usize>,
}

/// The calls that every architecture has.
const CALLS: &[(i64, Call)] = &[
    (libc::SYS_openat, Call { folders: &[Some(0)], paths: &[1], flags: Some(2) }),
    (libc::SYS_renameat, Call { folders: &[Some(0), Some(2)], paths: &[1, 3], flags: None }),
    (libc::SYS_renameat2, Call { folders: &[Some(0), Some(2)], paths: &[1, 3], flags: None }),
    (libc::SYS_unlinkat, Call { folders: &[Some(0)], paths: &[1], flags: None }),
    (libc::SYS_mkdirat, Call { folders: &[Some(0)], paths: &[1], flags: None }),
    (libc::SYS_symlinkat, Call { folders: &[Some(1)], paths: &[2], flags: None }),
    (libc::SYS_linkat, Call { folders: &[Some(2)], paths: &[3], flags: None }),
    (libc::SYS_truncate, Call { folders: &[None], paths: &[0], flags: None }),
];

/// What was noted of one process.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) changes: Vec<Change>,
    seen: HashSet<PathBuf>,
    remembered: u64,
}

impl Files {
    /// A thread has stopped at the entry or exit of a system call.
    pub(super) fn note(&mut self, tracee: &Tracee, thread: i32, registers: &Registers) {
        let Some((number, arguments)) = arch::entered(registers) else { return };
        let Some((_, call)) = CALLS.iter().chain(arch::FILE_CALLS).find(|(known, _)| *known == number) else {
            return;
        };
        let writes = libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT | libc::O_TRUNC;
        if call.flags.is_some_and(|flags| arguments[flags] as i32 & writes == 0) {
            return;
        }
        for (folder, path) in call.folders.iter().zip(call.paths) {
            let folder = folder.map_or(libc::AT_FDCWD, |folder| arguments[folder] as i32);
            // A path that cannot be read is refused by the kernel as well.
            if let Some(path) = absolute(tracee, thread, folder, arguments[*path]) {
                self.add(path);
            }
        }
    }

    fn add(&mut self, path: PathBuf) {
        if NOT_FILES.iter().any(|folder| path.starts_with(folder)) || !self.seen.insert(path.clone()) {
            return;
        }
        let before = self.before(&path);
        self.changes.push(Change { path, before });
    }

    fn before(&mut self, path: &Path) -> Before {
        let Ok(metadata) = path.symlink_metadata() else { return Before::Missing };
        if metadata.is_dir() {
            return Before::Folder;
        }
        if !metadata.is_file() || metadata.len() > MAX_FILE || self.remembered + metadata.len() > MAX_ALL {
            return Before::Unknown;
        }
        self.remembered += metadata.len();
        std::fs::read(path).map_or(Before::Unknown, Before::File)
    }
}

/// The path at `address`, seen from the folder that the call names.
fn absolute(tracee: &Tracee, thread: i32, folder: i32, address: u64) -> Option<PathBuf> {
    let path = PathBuf::from(OsString::from_vec(tracee.c_string(address, libc::PATH_MAX as usize)?));
    if path.as_os_str().is_empty() {
        return None;
    }
    let folder = match folder {
        libc::AT_FDCWD => std::fs::read_link(format!("/proc/{thread}/cwd")).ok()?,
        descriptor => std::fs::read_link(format!("/proc/{thread}/fd/{descriptor}")).ok()?,
    };
    Some(folder.join(path))
}
