//! An output stream of a child, read by a thread of its own: an anonymous pipe can neither be polled nor read with a
//! deadline.

use super::NAP;
use crate::child::Interrupt;
use crate::child::capture::{Capture, Captured};
use std::io::{self, PipeReader, PipeWriter, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// The reading end of a stream.
pub(super) struct Output {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    ended: Condvar,
}

struct State {
    /// `None` once nobody wants it any more.
    capture: Option<Capture>,
    ended: bool,
}

impl Output {
    /// Starts to read a new pipe. The end that is returned is for the child.
    pub(super) fn new(keep: usize) -> io::Result<(Self, PipeWriter)> {
        let (reader, writer) = io::pipe()?;
        let state = State { capture: Some(Capture::new(keep)), ended: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), ended: Condvar::new() });
        let output = Self { shared: Arc::clone(&shared) };
        // Never joined: where somebody keeps the pipe open, the thread stays with it.
        std::thread::Builder::new().name("child output".into()).spawn(move || shared.read(reader))?;
        Ok((output, writer))
    }

    /// Waits for the end of the stream; `false` if it has not come by `until` or at an interrupt.
    pub(super) fn ends(&self, until: Instant, interrupt: &Interrupt) -> bool {
        loop {
            let now = Instant::now();
            if self.ends_by(until.min(now + NAP)) {
                return true;
            }
            if now >= until || interrupt.is_raised() {
                return false;
            }
        }
    }

    /// Waits for the end of the stream; `false` if it has not come by `until`.
    pub(super) fn ends_by(&self, until: Instant) -> bool {
        let mut state = self.shared.lock();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if state.ended || left.is_zero() {
                return state.ended;
            }
            let waited = self.shared.ended.wait_timeout(state, left);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// What has come until now.
    #[cfg(feature = "check")]
    pub(super) fn captured(&self) -> Captured {
        self.shared.lock().capture.clone().map(Capture::finish).unwrap_or_default()
    }

    /// What has come until now. What comes later is dropped.
    pub(super) fn finish(self) -> Captured {
        self.shared.lock().capture.take().map(Capture::finish).unwrap_or_default()
    }
}

impl Shared {
    fn read(&self, mut pipe: PipeReader) {
        let mut buffer = vec![0; 64 << 10];
        loop {
            // A pipe without a writer is an error to Windows and an end to the standard library; any other error
            // is an end as well.
            let count = pipe.read(&mut buffer).unwrap_or(0);
            let mut state = self.lock();
            match &mut state.capture {
                Some(capture) if count > 0 => capture.push(&buffer[..count]),
                _ => break,
            }
        }
        self.lock().ended = true;
        self.ended.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Output;
    use crate::child::Interrupt;
    use std::io::Write;
    use std::time::{Duration, Instant};

    #[test]
    fn reads_to_the_end() {
        let (output, mut writer) = Output::new(3).unwrap();
        writer.write_all(b"abcdefgh").unwrap();
        drop(writer);
        assert!(output.ends(Instant::now() + Duration::from_secs(30), &Interrupt::new().unwrap()));
        let captured = output.finish();
        assert_eq!((&*captured.head, &*captured.tail, captured.omitted), (&b"abc"[..], &b"fgh"[..], 2));
    }

    #[test]
    fn is_not_waited_for_when_somebody_holds_it() {
        let (output, mut writer) = Output::new(3).unwrap();
        writer.write_all(b"ab").unwrap();
        assert!(!output.ends(Instant::now() + Duration::from_millis(300), &Interrupt::new().unwrap()));
        assert_eq!(output.finish().head, b"ab");
        // The thread notices at the next write that nobody wants it, and closes its end.
        let until = Instant::now() + Duration::from_secs(30);
        while writer.write_all(b"c").is_ok() {
            assert!(Instant::now() < until, "the pipe is still read");
        }
    }

    #[test]
    fn an_interrupt_ends_the_wait() {
        let (output, _writer) = Output::new(3).unwrap();
        let interrupt = Interrupt::new().unwrap();
        interrupt.raise();
        assert!(!output.ends(Instant::now() + Duration::from_secs(3600), &interrupt));
    }
}
