//! Children on Windows: job objects, a polled file as mailbox.

use super::{Command, Ended, Interrupt};
use std::io;
use std::path::Path;
use std::time::Instant;

/// A file that a child writes messages to.
#[derive(Debug)]
pub struct Mailbox {}

impl Mailbox {
    /// Makes one at `path`.
    pub fn new(_path: &Path) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// What the child has to open for writing.
    pub fn path(&self) -> &Path {
        Path::new("")
    }
}

pub(super) fn run(
    _command: &Command,
    _mailbox: Option<&mut Mailbox>,
    _interrupt: &Interrupt,
    _receive: &mut dyn FnMut(&[u8], Instant),
) -> io::Result<Ended> {
    Err(io::ErrorKind::Unsupported.into())
}
