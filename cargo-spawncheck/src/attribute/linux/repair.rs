//! Give a process that stands still another value of something.

use super::deep::Deep;
use super::memory::Content;
use super::procfs;
use super::state::ACTION;
use crate::trace::{Stopped, Trouble};
use nix::errno::Errno;
use nix::libc;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// A change to a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Repair {
    /// Bytes at addresses.
    Memory(Vec<(u64, Content)>),
    /// A value and what it owns.
    Deep {
        address: u64,
        value: Deep,
    },
    Variable {
        name: OsString,
        value: Option<OsString>,
    },
    Directory(PathBuf),
    Umask(u32),
    Action {
        signal: i32,
        action: [u8; ACTION],
    },
    Blocked(u64),
    Limit {
        resource: i32,
        limit: (u64, u64),
    },
    Close(i32),
    Open {
        descriptor: i32,
        path: PathBuf,
    },
    /// The output stream that the process began with.
    Stream(i32),
    /// Ends threads: which ones of all but the first and the test's own, counted in the order in which they began.
    Threads(Vec<usize>),
    /// The same for child processes.
    Children(Vec<usize>),
}

impl Repair {
    /// `environ` is where the pointer to the environment is.
    pub(super) fn apply(&self, stopped: &mut Stopped<'_>, environ: Option<u64>) -> Result<(), Trouble> {
        match self {
            Self::Memory(patches) => {
                Ok(patches.iter().try_for_each(|(address, content)| content.write(stopped, *address))?)
            }
            Self::Deep { address, value } => value.write(stopped, *address),
            Self::Variable { name, value } => {
                let environ = environ.ok_or_else(|| Trouble("its environment was not found".into()))?;
                set_variable(stopped, environ, name, value.as_deref())
            }
            Self::Directory(path) => {
                let path = place(stopped, path.as_os_str().as_bytes())?;
                stopped.syscall(libc::SYS_chdir, [path, 0, 0, 0, 0, 0]).map(drop)
            }
            Self::Umask(mask) => {
                stopped.syscall(libc::SYS_umask, [u64::from(*mask), 0, 0, 0, 0, 0]).map(drop)
            }
            Self::Action { signal, action } => {
                let room = stopped.allocate(ACTION)?;
                stopped.write(room, action)?;
                stopped.syscall(libc::SYS_rt_sigaction, [*signal as u64, room, 0, 8, 0, 0]).map(drop)
            }
            Self::Blocked(mask) => {
                let room = stopped.allocate(8)?;
                stopped.write(room, &mask.to_ne_bytes())?;
                let how = libc::SIG_SETMASK as u64;
                stopped.syscall(libc::SYS_rt_sigprocmask, [how, room, 0, 8, 0, 0]).map(drop)
            }
            Self::Limit { resource, limit } => set_limit(stopped.pid(), *resource, *limit),
            Self::Close(descriptor) => {
                stopped.syscall(libc::SYS_close, [*descriptor as u64, 0, 0, 0, 0, 0]).map(drop)
            }
            Self::Open { descriptor, path } => open_as(stopped, *descriptor, path, libc::O_RDWR),
            Self::Stream(descriptor) => {
                let path =
                    stopped.stream(*descriptor).ok_or_else(|| Trouble("its streams are gone".into()))?;
                open_as(stopped, *descriptor, &path, libc::O_WRONLY)
            }
            Self::Threads(which) => {
                let threads: Vec<i32> =
                    procfs::threads(stopped.pid(), stopped.thread())?.into_keys().collect();
                chosen(which, &threads).try_for_each(|thread| {
                    procfs::let_settle(stopped.pid(), thread);
                    stopped.end_thread(thread)
                })
            }
            Self::Children(which) => {
                let children: Vec<i32> = procfs::children(stopped.pid()).into_keys().collect();
                chosen(which, &children).try_for_each(|child| end_child(stopped, child))
            }
        }
    }
}

fn chosen<'a>(which: &'a [usize], all: &'a [i32]) -> impl Iterator<Item = i32> + 'a {
    which.iter().filter_map(|index| all.get(*index).copied())
}

/// Puts bytes and a zero into new memory of the process.
fn place(stopped: &mut Stopped<'_>, bytes: &[u8]) -> Result<u64, Trouble> {
    let address = stopped.allocate(bytes.len() + 1)?;
    stopped.write(address, bytes)?;
    Ok(address)
}

/// Gives the process a new list of variables: the old one with one variable changed.
fn set_variable(
    stopped: &mut Stopped<'_>,
    environ: u64,
    name: &OsStr,
    value: Option<&OsStr>,
) -> Result<(), Trouble> {
    let word = |stopped: &Stopped<'_>, address: u64| {
        let mut bytes = [0; 8];
        stopped.read(address, &mut bytes).map(|()| u64::from_ne_bytes(bytes))
    };
    let start = [name.as_bytes(), b"="].concat();
    let list = word(stopped, environ)?;
    let mut entries = Vec::new();
    if list != 0 {
        for index in 0.. {
            let entry = word(stopped, list + 8 * index)?;
            if entry == 0 {
                break;
            }
            let mut begins = vec![0; start.len()];
            // One that ends before that, at the end of memory, is another variable.
            if stopped.read(entry, &mut begins).is_err() || begins != start {
                entries.push(entry);
            }
        }
    }
    if let Some(value) = value {
        entries.push(place(stopped, &[&start, value.as_bytes()].concat())?);
    }
    entries.push(0);
    let bytes: Vec<u8> = entries.iter().flat_map(|entry| entry.to_ne_bytes()).collect();
    let list = stopped.allocate(bytes.len())?;
    stopped.write(list, &bytes)?;
    stopped.write(environ, &list.to_ne_bytes())?;
    Ok(())
}

fn set_limit(pid: i32, resource: i32, (soft, hard): (u64, u64)) -> Result<(), Trouble> {
    let limit = libc::rlimit64 { rlim_cur: soft, rlim_max: hard };
    // SAFETY: the kernel reads one struct, which is ours.
    match unsafe { libc::prlimit64(pid, resource as _, &raw const limit, std::ptr::null_mut()) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error().into()),
    }
}

/// Opens a file as a given descriptor.
fn open_as(stopped: &mut Stopped<'_>, descriptor: i32, path: &Path, flags: i32) -> Result<(), Trouble> {
    let path = place(stopped, path.as_os_str().as_bytes())?;
    let here = libc::AT_FDCWD as i64 as u64;
    let opened = stopped.syscall(libc::SYS_openat, [here, path, flags as u64, 0, 0, 0])?;
    if opened != descriptor as u64 {
        stopped.syscall(libc::SYS_dup3, [opened, descriptor as u64, 0, 0, 0, 0])?;
        stopped.syscall(libc::SYS_close, [opened, 0, 0, 0, 0, 0])?;
    }
    Ok(())
}

/// Ends a child process, and takes its end away too, so that nobody can wait for it.
///
/// Another thread of the process may have waited for it already, and its number be somebody else's: it is held on to before it is
/// seen to be a child.
fn end_child(stopped: &mut Stopped<'_>, child: i32) -> Result<(), Trouble> {
    // SAFETY: the call takes two integers and returns a new descriptor or -1.
    let held = match unsafe { libc::syscall(libc::SYS_pidfd_open, child, 0) } {
        -1 if Errno::last() == Errno::ESRCH => return Ok(()),
        -1 => return Err(io::Error::last_os_error().into()),
        // SAFETY: the kernel just returned it to us, and nobody else knows it. It is close-on-exec.
        held => unsafe { OwnedFd::from_raw_fd(held as i32) },
    };
    if !procfs::children(stopped.pid()).contains_key(&child) {
        return Ok(());
    }
    let nothing = std::ptr::null::<libc::siginfo_t>();
    // SAFETY: plain integers and no pointer; the descriptor is ours. It fails only if the child has ended.
    unsafe { libc::syscall(libc::SYS_pidfd_send_signal, held.as_raw_fd(), libc::SIGKILL, nothing, 0) };
    match stopped.syscall(libc::SYS_wait4, [child as u64, 0, libc::__WALL as u64, 0, 0, 0]) {
        // Where the signal of its end is ignored, the kernel takes it away, in a moment.
        Err(trouble) if trouble == io::Error::from(Errno::ECHILD).into() => {
            procfs::let_go(stopped.pid(), child);
            Ok(())
        }
        other => other.map(drop),
    }
}
