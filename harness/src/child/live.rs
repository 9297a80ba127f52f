//! What can come of talking to a [`Live`](super::Live) child.

use crate::Exit;

/// The end that a status of the system means.
#[cfg(unix)]
pub(crate) fn exit_of(status: i32) -> Exit {
    let status: std::process::ExitStatus = std::os::unix::process::ExitStatusExt::from_raw(status);
    status.into()
}

#[cfg(not(unix))]
pub(crate) fn exit_of(status: i32) -> Exit {
    Exit::Code(status)
}

/// How [`Live::send`](super::Live::send) went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// All of it is on its way.
    All,
    /// The child does not read any more; it has ended, or closed its end.
    Closed,
    /// The child did not read it in time.
    Late,
}

/// Why [`Live::wait`](super::Live::wait) returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wake {
    /// There is something new in `replies` or `statuses`.
    Message,
    /// The child has ended, and everything that it wrote has been read.
    Ended(Exit),
    /// The time is up.
    Late,
}
