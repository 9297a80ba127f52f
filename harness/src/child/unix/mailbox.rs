//! A FIFO: it has a name that any program can open, and `poll` sees what arrives.
//!
//! Nearly any: programs for Windows under Wine cannot, for Rust's standard library truncates what it opens in a way that Wine has for
//! files only. They get a file, which is looked at from time to time.

use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

/// A FIFO, or a file, that a child opens by its path to send messages besides its output.
///
/// Being opened by path, it needs no inherited descriptor that the child's own code could meet.
#[derive(Debug)]
pub struct Mailbox {
    path: PathBuf,
    pub(super) read: File,
    /// Kept so that the read end never reports a hang-up before or after the child's own opening. A file has none.
    write: Option<OwnedFd>,
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
        Ok(Self { path: path.into(), read: File::from(read), write: Some(write) })
    }

    /// Makes a file at `path`, which must not exist, for programs that cannot open what [`new`](Self::new) makes.
    ///
    /// # Errors
    /// The file system refuses a file there.
    pub fn file(path: &Path) -> io::Result<Self> {
        let read = OpenOptions::new().read(true).write(true).create_new(true).open(path)?;
        Ok(Self { path: path.into(), read, write: None })
    }

    /// Forgets what an earlier child wrote; a FIFO has been emptied.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        if self.write.is_none() {
            self.read.set_len(0)?;
            self.read.rewind()?;
        }
        Ok(())
    }

    /// What the child has to open for writing.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        // What is left over in a temporary folder harms nobody, and the folder goes too.
        let _ = std::fs::remove_file(&self.path);
    }
}
