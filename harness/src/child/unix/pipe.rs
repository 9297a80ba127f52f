//! Pipes that a child is talked to through.

use super::CHANNEL;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::libc;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};

/// Below the numbers from here on are those of a child's channel, and far below those that its code gets for what it opens.
const LOWEST: RawFd = CHANNEL + 3;

/// The end to read from, and the end to write to.
pub(super) fn new() -> io::Result<(OwnedFd, OwnedFd)> {
    let (read, write) = io::pipe()?;
    Ok((read.into(), write.into()))
}

pub(super) fn without_waiting(end: OwnedFd) -> io::Result<File> {
    fcntl(&end, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    Ok(end.into())
}

/// In a child: as [`new`], with both ends out of the way of its code.
#[cfg(feature = "check")]
pub(crate) fn aside() -> io::Result<(File, File)> {
    let (read, write) = new()?;
    Ok((above(read)?.into(), above(write)?.into()))
}

/// The same file under a number above those of a child's channel.
pub(super) fn above(end: OwnedFd) -> io::Result<OwnedFd> {
    if end.as_raw_fd() >= LOWEST {
        return Ok(end);
    }
    let copy = fcntl(&end, FcntlArg::F_DUPFD_CLOEXEC(LOWEST))?;
    // SAFETY: the kernel just returned it, and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}

/// Reads once without waiting, onto the end of `to`: `None` if there is nothing now, 0 at the end.
///
/// Straight into the room that there is, so that what is large is not moved once more; whoever knows how much is to come
/// makes that room beforehand.
pub(super) fn append(pipe: &File, to: &mut Vec<u8>) -> io::Result<Option<usize>> {
    if to.len() == to.capacity() {
        to.reserve(4 << 10);
    }
    let room = to.spare_capacity_mut();
    // Only so much at a time, so that a flood cannot keep us from the clock.
    let most = room.len().min(1 << 20);
    loop {
        // SAFETY: the kernel writes at most `most` bytes into room that is ours.
        let count = unsafe { libc::read(pipe.as_raw_fd(), room.as_mut_ptr().cast(), most) };
        if let Ok(count) = usize::try_from(count) {
            // SAFETY: the kernel has just written the `count` bytes behind the end.
            unsafe { to.set_len(to.len() + count) };
            return Ok(Some(count));
        }
        match Errno::last() {
            Errno::EAGAIN => return Ok(None),
            Errno::EINTR => {}
            error => return Err(error.into()),
        }
    }
}
