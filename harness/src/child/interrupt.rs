//! A request to stop, seen by every wait.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Once raised, every [`Command::run`](super::Command::run) that was given it ends its child and returns.
/// Clones share one state; it is never lowered.
#[derive(Clone, Debug)]
pub struct Interrupt {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    raised: AtomicBool,
    /// The read end becomes readable when the flag is raised, so that a `poll` notices at once. Elsewhere waits look
    /// at the flag between short naps.
    #[cfg(unix)]
    pipe: (io::PipeReader, io::PipeWriter),
}

impl Interrupt {
    /// A new one, not raised.
    ///
    /// # Errors
    /// The process has no file descriptor left.
    pub fn new() -> io::Result<Self> {
        let shared = Shared {
            raised: AtomicBool::new(false),
            #[cfg(unix)]
            pipe: io::pipe()?,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Asks everyone to stop. A second call changes nothing.
    pub fn raise(&self) {
        let before = self.shared.raised.swap(true, Ordering::SeqCst);
        #[cfg(unix)]
        if !before {
            // The pipe is empty and we hold its other end: one byte always fits.
            let _ = io::Write::write(&mut &self.shared.pipe.1, b"!");
        }
        #[cfg(not(unix))]
        let _ = before;
    }

    /// Whether somebody asked to stop.
    pub fn is_raised(&self) -> bool {
        self.shared.raised.load(Ordering::SeqCst)
    }

    /// Readable from the moment it is raised.
    #[cfg(unix)]
    pub(super) fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        std::os::fd::AsFd::as_fd(&self.shared.pipe.0)
    }
}
