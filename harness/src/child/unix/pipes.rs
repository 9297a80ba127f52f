//! The pipes of a child that is started by somebody else, with all that it is going to read.

use super::live::NUMBERS;
use super::pipe;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
#[cfg(all(feature = "trace", target_os = "linux"))]
use {
    super::run_traced_with,
    crate::child::{Command, Ended, Interrupt},
};

/// So many bytes are taken before somebody looks at them.
const MOST: usize = 64 << 20;

/// Both sides of a child's channel; nobody writes into it any more.
#[derive(Debug)]
pub(crate) struct Pipes {
    /// The child's ends: requests, replies, statuses. Empty once they are closed.
    ends: Vec<OwnedFd>,
    replies: Source,
    statuses: Source,
}

#[derive(Debug)]
struct Source {
    file: File,
    received: Vec<u8>,
}

impl Pipes {
    /// With `requests`, which must fit into a pipe, to be read by the child.
    pub(crate) fn holding(requests: &[u8]) -> io::Result<Self> {
        let (request_end, to_child) = pipe::new()?;
        pipe::without_waiting(to_child)?.write_all(requests)?;
        let (replies, reply_end) = pipe::new()?;
        let (statuses, status_end) = pipe::new()?;
        let ends = [request_end, reply_end, status_end].into_iter().map(pipe::above);
        let (replies, statuses) = (Source::new(replies)?, Source::new(statuses)?);
        Ok(Self { ends: ends.collect::<io::Result<_>>()?, replies, statuses })
    }

    /// What to say in the child's environment, after `word`.
    pub(crate) fn value(&self, word: &str) -> String {
        let [requests, replies, statuses] = NUMBERS;
        format!("{word},{requests},{replies},{statuses}")
    }

    /// The child's numbers, and ours.
    pub(crate) fn descriptors(&self) -> [(RawFd, RawFd); 3] {
        let mut ends = self.ends.iter().map(AsRawFd::as_raw_fd);
        NUMBERS.map(|number| (number, ends.next().unwrap_or(-1)))
    }

    pub(crate) fn close_ends(&mut self) {
        self.ends.clear();
    }

    /// Starts `command` with the child's ends, and follows it as [`Command::run_traced`] does.
    #[cfg(all(feature = "trace", target_os = "linux"))]
    pub(crate) fn run_traced<T: Send>(
        &mut self,
        command: &Command,
        interrupt: &Interrupt,
        trace: impl FnOnce(i32) -> T + Send,
    ) -> io::Result<(Ended, T)> {
        let Source { file, received } = &mut self.replies;
        let mut receive = |bytes: &[u8], _| {
            // What comes after so much is no reply any more, and will not be read as one.
            if received.len() < MOST {
                received.extend_from_slice(bytes);
            }
        };
        // Our copies of the child's ends stay until then: a pipe that everybody has closed would keep waking us.
        let result = run_traced_with(command, &self.ends, Some(file), interrupt, &mut receive, trace);
        self.close_ends();
        result
    }

    /// What has arrived as replies, for the caller to take from.
    pub(crate) fn replies(&mut self) -> io::Result<&mut Vec<u8>> {
        self.replies.read()
    }

    /// What has arrived as statuses, for the caller to take from.
    pub(crate) fn statuses(&mut self) -> io::Result<&mut Vec<u8>> {
        self.statuses.read()
    }
}

impl Source {
    fn new(end: OwnedFd) -> io::Result<Self> {
        Ok(Self { file: pipe::without_waiting(end)?, received: Vec::new() })
    }

    /// Takes what is there, without waiting for more.
    fn read(&mut self) -> io::Result<&mut Vec<u8>> {
        while self.received.len() < MOST
            && pipe::append(&self.file, &mut self.received)?.is_some_and(|count| count > 0)
        {}
        Ok(&mut self.received)
    }
}
