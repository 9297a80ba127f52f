//! Calls that may never return, and cannot be told to: opening a named pipe waits until somebody opens its other end.
//!
//! To open it without waiting was rejected: then it is an error if the reader comes a moment later, which a shell's redirection is not.

use spawncheck::child::Interrupt;
use std::io;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How often to look at the interrupt. What comes to its end within this time does so even if that was raised long ago: reports are written
/// of interrupted runs too.
const NAP: Duration = Duration::from_millis(200);

/// Does `work` on a thread of its own, and leaves it there if it still waits when the run is interrupted.
///
/// # Errors
/// Those of `work`; of kind [`io::ErrorKind::Interrupted`] if it was given up.
pub(crate) fn unless_interrupted<T: Send + 'static>(
    interrupt: &Interrupt,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let (sender, receiver) = channel();
    // Nobody listens any more once it has been given up.
    thread::Builder::new().spawn(move || drop(sender.send(work())))?;
    loop {
        match receiver.recv_timeout(NAP) {
            Ok(result) => return result,
            Err(RecvTimeoutError::Timeout) if interrupt.is_raised() => {
                return Err(io::ErrorKind::Interrupted.into());
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(io::Error::other("a thread of ours has panicked"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unless_interrupted;
    use spawncheck::child::Interrupt;
    use std::io;
    use std::sync::mpsc::channel;

    #[test]
    fn what_ends_is_waited_for() {
        let interrupt = Interrupt::new().unwrap();
        assert_eq!(unless_interrupted(&interrupt, || Ok(1)).unwrap(), 1);
        let error = unless_interrupted(&interrupt, || Err::<(), _>(io::ErrorKind::NotFound.into()));
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(unless_interrupted(&interrupt, || -> io::Result<()> { panic!("on purpose") }).is_err());
        // Also after an interrupt.
        interrupt.raise();
        assert_eq!(unless_interrupted(&interrupt, || Ok(2)).unwrap(), 2);
    }

    #[test]
    fn what_does_not_end_is_given_up() {
        let interrupt = Interrupt::new().unwrap();
        let (begun, has_begun) = channel();
        let (_keep, never) = channel::<()>();
        let raised = interrupt.clone();
        std::thread::spawn(move || {
            has_begun.recv().unwrap();
            raised.raise();
        });
        let result = unless_interrupted(&interrupt, move || {
            begun.send(()).unwrap();
            never.recv().map_err(io::Error::other)
        });
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::Interrupted);
    }
}
