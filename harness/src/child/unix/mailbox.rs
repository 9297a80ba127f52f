//! A FIFO: it has a name that any program can open, and `poll` sees what arrives.

use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

/// A FIFO that a child opens by its path to send messages besides its output.
///
/// Being opened by path, it needs no inherited descriptor that the child's own code could meet.
#[derive(Debug)]
pub struct Mailbox {
    path: PathBuf,
    pub(super) read: File,
    /// Kept so that the read end never reports a hang-up before or after the child's own opening.
    _write: OwnedFd,
}

impl Mailbox {
    /// Makes one at `path`, which must not exist.
    ///
    /// # Errors
    /// The file system refuses a FIFO there.
    pub fn new(path: &Path) -> io::Result<Self> {
        mkfifo(path, Mode::S_IRUSR | Mode::S_IWUSR)?;
        let flags = OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        let read = open(path, flags | OFlag::O_RDONLY, Mode::empty())?;
        let write = open(path, flags | OFlag::O_WRONLY, Mode::empty())?;
        Ok(Self { path: path.into(), read: File::from(read), _write: write })
    }

    /// What the child has to open for writing.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        // A left-over FIFO in a temporary folder harms nobody, and the folder goes too.
        let _ = std::fs::remove_file(&self.path);
    }
}
