//! How a test knows whether a process runs that is not its child: by a connection that the process holds.

use crate::support::LONG;
use std::io::{ErrorKind, Read};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// Where processes in the role `hang` report; they end by themselves when their line is dropped.
pub(crate) struct Lifeline {
    listener: TcpListener,
}

/// The connection to one process.
pub(crate) struct Line {
    stream: TcpStream,
}

impl Lifeline {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self { listener }
    }

    pub(crate) fn address(&self) -> String {
        self.listener.local_addr().unwrap().to_string()
    }

    /// Waits for the next process.
    #[track_caller]
    pub(crate) fn accept(&self) -> Line {
        let until = Instant::now() + LONG;
        loop {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false).unwrap();
                    return Line { stream };
                }
                Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
            }
            assert!(Instant::now() < until, "nobody has come");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Line {
    /// Waits for the end of the process.
    #[track_caller]
    pub(crate) fn expect_end(self) {
        assert!(self.ends_within(LONG), "the process still runs");
    }

    /// That it has not ended, and does not within a moment.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn expect_alive(&self) {
        assert!(!self.ends_within(Duration::from_millis(20)), "the process has ended");
    }

    fn ends_within(&self, timeout: Duration) -> bool {
        self.stream.set_read_timeout(Some(timeout)).unwrap();
        match (&self.stream).read(&mut [0]) {
            Ok(count) => count == 0,
            Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        }
    }
}
