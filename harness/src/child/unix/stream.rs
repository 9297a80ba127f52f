//! Reading without waiting, and waiting for several sources at once.

use crate::child::capture::{Capture, Captured};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

/// One output stream of the child.
pub(super) struct Stream {
    /// `None` after its end.
    file: Option<File>,
    capture: Capture,
}

impl Stream {
    pub(super) fn new(pipe: OwnedFd, keep: usize) -> io::Result<Self> {
        fcntl(&pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        Ok(Self { file: Some(pipe.into()), capture: Capture::new(keep) })
    }

    pub(super) fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.file.as_ref().map(AsFd::as_fd)
    }

    /// Takes what is there, at most a few buffers full so that a flood cannot keep us from the clock.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        for _ in 0..16 {
            let Some(file) = &mut self.file else { break };
            match read_some(file, buffer)? {
                None => break,
                Some(0) => self.file = None,
                Some(count) => self.capture.push(&buffer[..count]),
            }
        }
        Ok(())
    }

    /// What was read so far.
    #[cfg(feature = "check")]
    pub(super) fn captured(&self) -> Captured {
        self.capture.clone().finish()
    }

    pub(super) fn finish(self) -> Captured {
        self.capture.finish()
    }
}

/// Reads once without waiting: `None` if there is nothing now, 0 at the end.
pub(super) fn read_some(file: &mut File, buffer: &mut [u8]) -> io::Result<Option<usize>> {
    loop {
        match file.read(buffer) {
            Ok(count) => return Ok(Some(count)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Waits until one of `sources` can be read or has ended, at most `timeout`. Says which of them.
pub(super) fn wait_for<const N: usize>(
    sources: [Option<BorrowedFd<'_>>; N],
    timeout: Duration,
) -> io::Result<[bool; N]> {
    wait_to_write(None, sources, timeout)
}

/// As [`wait_for`], or until `sink` can be written to.
pub(super) fn wait_to_write<const N: usize>(
    sink: Option<BorrowedFd<'_>>,
    sources: [Option<BorrowedFd<'_>>; N],
    timeout: Duration,
) -> io::Result<[bool; N]> {
    let sink = sink.map(|fd| PollFd::new(fd, PollFlags::POLLOUT));
    let all = sources.into_iter().flatten().map(|fd| PollFd::new(fd, PollFlags::POLLIN));
    let mut fds: Vec<_> = all.chain(sink).collect();
    // Rounded up: a wait of half a millisecond must not become a busy loop.
    let millis = timeout.as_micros().div_ceil(1000);
    let timeout = PollTimeout::try_from(millis).unwrap_or(PollTimeout::from(u16::MAX));
    match poll(&mut fds, timeout) {
        Ok(_) => {}
        Err(Errno::EINTR) => return Ok([false; N]),
        Err(error) => return Err(error.into()),
    }
    // An answer that nobody has a name for is one to look at.
    let mut ready = fds.iter().map(|fd| fd.any().unwrap_or(true));
    Ok(sources.map(|source| source.is_some() && ready.next() == Some(true)))
}
