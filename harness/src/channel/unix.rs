//! The child's end of a pipe on Unix: a descriptor that the user's code may close or replace.

use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::fs::File;
use std::mem::ManuallyDrop;
use std::os::fd::{AsFd, FromRawFd, RawFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt};

/// One end of a pipe that was inherited.
#[derive(Debug)]
pub(super) struct End {
    /// Never closed: the process ends with it.
    file: ManuallyDrop<File>,
    identity: (u64, u64),
}

impl End {
    /// The pipe at the descriptor of this number, which nothing that this process starts will inherit; `None` if there is none.
    pub(super) fn open(number: &str) -> Option<Self> {
        let fd: RawFd = number.parse().ok().filter(|fd| *fd > 2)?;
        // SAFETY: a plain system call; a number that is no descriptor is refused.
        if unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) } != 0 {
            return None;
        }
        // SAFETY: it is open, it is never closed by us, and nobody else was told of it.
        let file = ManuallyDrop::new(unsafe { File::from_raw_fd(fd) });
        let identity = identity(&file)?;
        Some(Self { file, identity })
    }

    /// Whether the other end is closed.
    pub(super) fn has_hung_up(&self) -> bool {
        let mut fds = [PollFd::new(self.file.as_fd(), PollFlags::empty())];
        let hung_up = PollFlags::POLLHUP | PollFlags::POLLERR | PollFlags::POLLNVAL;
        poll(&mut fds, PollTimeout::ZERO).is_ok()
            && fds[0].revents().is_some_and(|events| events.intersects(hung_up))
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// The pipe, if it is still what this number means.
    pub(super) fn intact(&self) -> Option<&File> {
        (identity(&self.file)? == self.identity).then_some(&self.file)
    }
}

fn identity(file: &File) -> Option<(u64, u64)> {
    let metadata = file.metadata().ok()?;
    metadata.file_type().is_fifo().then(|| (metadata.dev(), metadata.ino()))
}
