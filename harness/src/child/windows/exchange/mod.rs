//! The parent's ends of the channel, each with a thread of its own: an anonymous pipe can neither be read nor written
//! with a deadline.
//!
//! Rejected: named pipes with overlapped calls. They need no threads, but buffers that the system writes to while we do
//! something else, and cancellation that has to be waited for.

#[cfg(test)]
mod tests;

use super::event::Event;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::windows::io::{AsHandle, BorrowedHandle, OwnedHandle};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;

/// How much of the replies is read before somebody asks for it, in bytes.
const AHEAD: usize = 1 << 20;

/// The two threads. They end when the child's ends of the pipes are closed, and are never joined: where somebody keeps
/// one open, the thread stays with it.
pub(super) struct Exchange {
    shared: Arc<Shared>,
    requests: Sender<Vec<u8>>,
    /// How many requests were handed to the writing thread.
    handed: u64,
}

/// How far the last request has come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Written,
    Waiting,
    /// Nobody reads any more.
    Closed,
}

struct Shared {
    state: Mutex<State>,
    /// There is room for more replies, or nobody wants any.
    room: Condvar,
    /// Something in the state has changed.
    news: Event,
}

#[derive(Default)]
struct State {
    replies: Vec<u8>,
    /// The replies have come to their end.
    ended: bool,
    /// How many requests the child has been given.
    written: u64,
    /// The child does not read any more.
    closed: bool,
    /// Nobody wants the replies any more.
    dropped: bool,
}

impl Exchange {
    /// Makes the pipes. The ends that are returned are for the child: where requests come from, where replies go.
    pub(super) fn new() -> io::Result<(Self, [OwnedHandle; 2])> {
        let (request_end, writer) = io::pipe()?;
        let (reader, reply_end) = io::pipe()?;
        let (requests, queue) = channel();
        let shared = Arc::new(Shared { state: Mutex::default(), room: Condvar::new(), news: Event::new()? });
        // Made first: where the second thread cannot be started, dropping it ends the first.
        let exchange = Self { shared: Arc::clone(&shared), requests, handed: 0 };
        let for_writer = Arc::clone(&shared);
        Builder::new().name("child replies".into()).spawn(move || shared.read(reader))?;
        Builder::new().name("child requests".into()).spawn(move || for_writer.write(writer, &queue))?;
        Ok((exchange, [request_end.into(), reply_end.into()]))
    }

    /// Signaled when there may be something new to ask for.
    pub(super) fn news(&self) -> BorrowedHandle<'_> {
        self.shared.news.as_handle()
    }

    /// Has `request` written after those before it.
    pub(super) fn hand(&mut self, request: Vec<u8>) {
        self.handed += 1;
        // Without a thread that takes it, the child does not read any more, which `progress` tells.
        let _ = self.requests.send(request);
    }

    pub(super) fn progress(&self) -> Progress {
        let state = self.shared.lock();
        if state.closed {
            Progress::Closed
        } else if state.written == self.handed {
            Progress::Written
        } else {
            Progress::Waiting
        }
    }

    /// Moves the replies that have arrived to the end of `into`; whether there were any.
    pub(super) fn take(&self, into: &mut Vec<u8>) -> bool {
        let mut state = self.shared.lock();
        into.extend_from_slice(&state.replies);
        let any = !state.replies.is_empty();
        state.replies.clear();
        self.shared.room.notify_one();
        any
    }

    /// Whether nobody can write replies any more.
    pub(super) fn has_ended(&self) -> bool {
        self.shared.lock().ended
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.shared.lock().dropped = true;
        self.shared.room.notify_one();
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
            state.replies.extend_from_slice(&buffer[..count]);
            state.ended = count == 0;
            self.news.set();
            while state.replies.len() >= AHEAD && !state.dropped {
                state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if state.ended || state.dropped {
                break;
            }
        }
    }

    fn write(&self, mut pipe: PipeWriter, queue: &Receiver<Vec<u8>>) {
        for request in queue {
            let result = pipe.write_all(&request);
            let mut state = self.lock();
            state.written += 1;
            state.closed = result.is_err();
            self.news.set();
            if state.closed {
                break;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
