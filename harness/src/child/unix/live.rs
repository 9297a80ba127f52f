//! A child that is talked to: three pipes of its own besides its output.

use super::group::Group;
use super::process::spawn;
use super::stream::{Stream, read_some};
use super::{CHANNEL, NAP};
use crate::child::live::{Sent, Wake};
use crate::child::{Captured, Command};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::time::Instant;

/// The child's descriptors for requests, replies and statuses.
const NUMBERS: [i32; 3] = [CHANNEL, CHANNEL + 1, CHANNEL + 2];

/// A running child that reads requests and writes replies. Ended when dropped, with everything in its group.
pub(crate) struct Live {
    group: Group,
    stdout: Stream,
    stderr: Stream,
    requests: File,
    /// `None` after its end.
    replies: Option<File>,
    /// What a child that forks says about the ends of its forks; not mixed with `replies`, which a dying fork may have left
    /// in the middle of a message.
    statuses: Option<File>,
    received: [Vec<u8>; 2],
    buffer: Box<[u8]>,
}

impl Live {
    /// Starts `command`, with the place of its end of the channel added to the environment: `variable` is
    /// `word`, a comma, and the numbers of its descriptors.
    pub(crate) fn start(command: &Command, variable: &str, word: &str) -> io::Result<Self> {
        let (request_end, requests) = pipe()?;
        let (replies, reply_end) = pipe()?;
        let (statuses, status_end) = pipe()?;
        let ends = [above(request_end)?, above(reply_end)?, above(status_end)?];
        let mut command = command.clone();
        let [requests_at, replies_at, statuses_at] = NUMBERS;
        let value = format!("{word},{requests_at},{replies_at},{statuses_at}");
        command.env.push((variable.into(), value.into()));
        let (pid, stdout, stderr) = spawn(&command, &ends)?;
        let group = Group::new(pid);
        Ok(Self {
            group,
            stdout: Stream::new(stdout, command.keep)?,
            stderr: Stream::new(stderr, command.keep)?,
            requests: without_waiting(requests)?,
            replies: Some(without_waiting(replies)?),
            statuses: Some(without_waiting(statuses)?),
            received: Default::default(),
            buffer: vec![0; 64 << 10].into_boxed_slice(),
        })
    }

    /// What has arrived as replies, for the caller to take from.
    pub(crate) fn replies(&mut self) -> &mut Vec<u8> {
        &mut self.received[0]
    }

    /// What has arrived as statuses, for the caller to take from.
    pub(crate) fn statuses(&mut self) -> &mut Vec<u8> {
        &mut self.received[1]
    }

    /// Writes all of `bytes`, reading meanwhile what the child writes, so that neither waits for the other.
    pub(crate) fn send(&mut self, bytes: &[u8], until: Instant) -> io::Result<Sent> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match (&self.requests).write(rest) {
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Sent::Closed),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if Instant::now() >= until {
                        return Ok(Sent::Late);
                    }
                    self.poll(true, until)?;
                    if self.group.has_ended()? {
                        return Ok(Sent::Closed);
                    }
                    self.read()?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Sent::All)
    }

    /// Waits until the child has written something, has ended, or `until` has come.
    ///
    /// Its end is told only after everything that it wrote has been read.
    pub(crate) fn wait(&mut self, until: Instant) -> io::Result<Wake> {
        loop {
            if self.read()? {
                return Ok(Wake::Message);
            }
            if self.group.has_ended()? {
                if self.read()? {
                    return Ok(Wake::Message);
                }
                // Whoever it left behind: while it is a zombie, the group's number is still ours.
                self.group.kill();
                return Ok(Wake::Ended(self.group.wait()?.into()));
            }
            if Instant::now() >= until {
                return Ok(Wake::Late);
            }
            self.poll(false, until)?;
        }
    }

    /// What it wrote to standard error so far.
    pub(crate) fn said(&self) -> Captured {
        self.stderr.captured()
    }

    /// Takes what is there; whether any of it came through the channel.
    fn read(&mut self) -> io::Result<bool> {
        self.stdout.read(&mut self.buffer)?;
        self.stderr.read(&mut self.buffer)?;
        let mut any = false;
        for (file, received) in [&mut self.replies, &mut self.statuses].into_iter().zip(&mut self.received) {
            // A few buffers full at a time, so that a flood cannot keep us from the clock.
            for _ in 0..16 {
                let Some(open) = file else { break };
                match read_some(open, &mut self.buffer)? {
                    None => break,
                    Some(0) => *file = None,
                    Some(count) => {
                        received.extend_from_slice(&self.buffer[..count]);
                        any = true;
                    }
                }
            }
        }
        Ok(any)
    }

    fn poll(&self, sending: bool, until: Instant) -> io::Result<()> {
        let sources = [
            self.stdout.fd(),
            self.stderr.fd(),
            self.replies.as_ref().map(AsFd::as_fd),
            self.statuses.as_ref().map(AsFd::as_fd),
            self.group.notice(),
        ];
        let mut fds: Vec<_> =
            sources.into_iter().flatten().map(|fd| PollFd::new(fd, PollFlags::POLLIN)).collect();
        if sending {
            fds.push(PollFd::new(self.requests.as_fd(), PollFlags::POLLOUT));
        }
        let mut left = until.saturating_duration_since(Instant::now());
        if self.group.notice().is_none() {
            left = left.min(NAP);
        }
        // Rounded up: a wait of half a millisecond must not become a busy loop.
        let millis = left.as_micros().div_ceil(1000);
        match poll(&mut fds, PollTimeout::try_from(millis).unwrap_or(PollTimeout::from(u16::MAX))) {
            Ok(_) | Err(Errno::EINTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let (read, write) = io::pipe()?;
    Ok((read.into(), write.into()))
}

fn without_waiting(end: OwnedFd) -> io::Result<File> {
    fcntl(&end, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    Ok(end.into())
}

/// The same file under a number that no descriptor of the child's channel will get.
fn above(end: OwnedFd) -> io::Result<OwnedFd> {
    let lowest = CHANNEL + NUMBERS.len() as i32;
    if end.as_raw_fd() >= lowest {
        return Ok(end);
    }
    let copy = fcntl(&end, FcntlArg::F_DUPFD_CLOEXEC(lowest))?;
    // SAFETY: the kernel just returned it, and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}
