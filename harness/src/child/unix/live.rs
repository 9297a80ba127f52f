//! A child that is talked to: three pipes of its own besides its output.

use super::group::Group;
use super::process::spawn;
use super::stream::{Stream, wait_to_write};
use super::{CHANNEL, NAP, pipe};
use crate::child::Command;
#[cfg(target_os = "linux")]
use crate::child::linux;
use crate::child::live::{Sent, Wake};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::time::Instant;

/// The child's descriptors for requests, replies and statuses.
pub(super) const NUMBERS: [i32; 3] = [CHANNEL, CHANNEL + 1, CHANNEL + 2];

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
}

/// Where there is something new.
struct Ready {
    stdout: bool,
    stderr: bool,
    /// Replies and statuses.
    channel: [bool; 2],
    ended: bool,
}

impl Live {
    /// Starts `command`, with the place of its end of the channel added to the environment: `variable` is
    /// `word`, a comma, and the numbers of its descriptors.
    pub(crate) fn start(command: &Command, variable: &str, word: &str) -> io::Result<Self> {
        let (request_end, requests) = pipe::new()?;
        let (replies, reply_end) = pipe::new()?;
        let (statuses, status_end) = pipe::new()?;
        let ends = [pipe::above(request_end)?, pipe::above(reply_end)?, pipe::above(status_end)?];
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
            requests: pipe::without_waiting(requests)?,
            replies: Some(pipe::without_waiting(replies)?),
            statuses: Some(pipe::without_waiting(statuses)?),
            received: Default::default(),
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
        #[cfg(target_os = "linux")]
        linux::widen(&self.requests, rest.len());
        while !rest.is_empty() {
            match (&self.requests).write(rest) {
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Sent::Closed),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if Instant::now() >= until {
                        return Ok(Sent::Late);
                    }
                    let ready = self.poll(true, until)?;
                    if ready.ended && self.group.has_ended()? {
                        return Ok(Sent::Closed);
                    }
                    self.read(&ready)?;
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
            let ready = self.poll(false, until)?;
            if self.read(&ready)? {
                return Ok(Wake::Message);
            }
            if ready.ended && self.group.has_ended()? {
                // What it wrote just before was not there yet when we looked.
                if self.read(&Ready::ALL)? {
                    return Ok(Wake::Message);
                }
                // Whoever it left behind: while it is a zombie, the group's number is still ours.
                self.group.kill();
                return Ok(Wake::Ended(self.group.wait()?.into()));
            }
            if Instant::now() >= until {
                return Ok(Wake::Late);
            }
        }
    }

    /// What it wrote to standard error so far.
    #[cfg(feature = "check")]
    pub(crate) fn said(&self) -> crate::child::Captured {
        self.stderr.captured()
    }

    /// Takes what is there; whether any of it came through the channel.
    fn read(&mut self, ready: &Ready) -> io::Result<bool> {
        for (stream, ready) in [(&mut self.stdout, ready.stdout), (&mut self.stderr, ready.stderr)] {
            if ready {
                stream.read(&mut [0; 8 << 10])?;
            }
        }
        let mut any = false;
        let files = [&mut self.replies, &mut self.statuses].into_iter().zip(ready.channel);
        for ((file, ready), received) in files.zip(&mut self.received) {
            let Some(open) = file.as_ref().filter(|_| ready) else { continue };
            match pipe::append(open, received)? {
                None => {}
                Some(0) => *file = None,
                Some(_) => any = true,
            }
        }
        Ok(any)
    }

    /// Waits for what can be read, the end of the child or, with `sending`, room for more.
    fn poll(&self, sending: bool, until: Instant) -> io::Result<Ready> {
        let sources = [
            self.stdout.fd(),
            self.stderr.fd(),
            self.replies.as_ref().map(AsFd::as_fd),
            self.statuses.as_ref().map(AsFd::as_fd),
            self.group.notice(),
        ];
        let left = until.saturating_duration_since(Instant::now());
        let unnoticed = self.group.notice().is_none();
        let left = if unnoticed { left.min(NAP) } else { left };
        let sink = sending.then(|| self.requests.as_fd());
        let [stdout, stderr, replies, statuses, ended] = wait_to_write(sink, sources, left)?;
        Ok(Ready { stdout, stderr, channel: [replies, statuses], ended: ended || unnoticed })
    }
}

impl Ready {
    const ALL: Self = Self { stdout: true, stderr: true, channel: [true; 2], ended: true };
}
