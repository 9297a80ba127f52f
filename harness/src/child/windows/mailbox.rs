//! A file that is looked at from time to time.
//!
//! A named pipe would wake us, but has to be opened in ways of its own, which programs that are given a file name
//! (libtest's `--logfile`) do not know.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// A file that a child opens by its path to send messages besides its output.
///
/// Being opened by path, it needs no inherited handle that the child's own code could meet.
#[derive(Debug)]
pub struct Mailbox {
    path: PathBuf,
    /// `None` only while it is dropped.
    file: Option<File>,
    /// How much of it has been delivered.
    position: u64,
}

impl Mailbox {
    /// Makes one at `path`, which must not exist.
    ///
    /// # Errors
    /// The file system refuses a file there.
    pub fn new(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(path)?;
        Ok(Self { path: path.into(), file: Some(file), position: 0 })
    }

    /// The same: here it is a file in any case.
    ///
    /// # Errors
    /// The file system refuses a file there.
    pub fn file(path: &Path) -> io::Result<Self> {
        Self::new(path)
    }

    /// What the child has to open for writing.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Forgets what an earlier child wrote.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.position = 0;
        self.file.as_ref().map_or(Ok(()), |file| file.set_len(0))
    }

    /// Passes on what has been added; whether there was anything.
    ///
    /// No more than what was there at the call, so that a flood cannot keep us from the clock.
    pub(super) fn deliver(
        &mut self,
        now: Instant,
        receive: &mut dyn FnMut(&[u8], Instant),
    ) -> io::Result<bool> {
        let Some(file) = &self.file else { return Ok(false) };
        let end = file.metadata()?.len();
        if end < self.position {
            // Opened anew for writing, which truncates.
            self.position = 0;
        }
        let before = self.position;
        let mut buffer = vec![0; 64 << 10];
        while self.position < end {
            let wanted = buffer.len().min(usize::try_from(end - self.position).unwrap_or(usize::MAX));
            let count = file.seek_read(&mut buffer[..wanted], self.position)?;
            if count == 0 {
                break;
            }
            receive(&buffer[..count], now);
            self.position += count as u64;
        }
        Ok(self.position > before)
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        // Closed first: a file that is open anywhere may keep its name. A left-over file in a temporary folder
        // harms nobody, and the folder goes too.
        self.file = None;
        let _ = std::fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::Mailbox;
    use std::io::Write;
    use std::time::Instant;

    #[test]
    fn delivers_each_byte_once_and_notices_truncation() {
        let folder = tempfile::tempdir().unwrap();
        let mut mailbox = Mailbox::new(&folder.path().join("mail")).unwrap();
        let mut deliver = || {
            let mut received = Vec::new();
            let any =
                mailbox.deliver(Instant::now(), &mut |bytes, _| received.extend_from_slice(bytes)).unwrap();
            assert_eq!(any, !received.is_empty());
            String::from_utf8(received).unwrap()
        };
        let path = folder.path().join("mail");
        let mut child = std::fs::File::create(&path).unwrap();
        assert_eq!(deliver(), "");
        child.write_all(b"one").unwrap();
        assert_eq!(deliver(), "one");
        assert_eq!(deliver(), "");
        child.write_all(b"two").unwrap();
        assert_eq!(deliver(), "two");
        std::fs::File::create(&path).unwrap().write_all(b"three").unwrap();
        assert_eq!(deliver(), "three");
        drop(child);
        drop(mailbox);
        assert!(!path.exists());
    }
}
