//! How a process ended.

use std::fmt;
use std::process::ExitStatus;

/// The end of a process, as its parent sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "check", derive(serde::Serialize, serde::Deserialize))]
pub enum Exit {
    /// It exited by itself with this code (on Windows also an `NTSTATUS`, which is negative).
    Code(i32),
    /// A signal of this number ended it (Unix only).
    Signal(i32),
}

impl Exit {
    /// Whether the process reported success.
    pub fn is_success(self) -> bool {
        self == Self::Code(0)
    }
}

impl From<ExitStatus> for Exit {
    fn from(status: ExitStatus) -> Self {
        match (status.code(), signal(status)) {
            (Some(code), _) => Self::Code(code),
            (None, Some(signal)) => Self::Signal(signal),
            // Neither happens for a process that was waited for until its end.
            (None, None) => Self::Code(-1),
        }
    }
}

/// `exited: CODE` or `killed: SIGNAL`.
impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            // An `NTSTATUS` such as 0xC0000005 is known by its hexadecimal form.
            Self::Code(code) if code < -1 => write!(f, "exited: {code:#X}"),
            Self::Code(code) => write!(f, "exited: {code}"),
            Self::Signal(number) => match signal_name(number) {
                Some(name) => write!(f, "killed: {name}"),
                None => write!(f, "killed: signal {number}"),
            },
        }
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(unix)]
fn signal_name(number: i32) -> Option<&'static str> {
    nix::sys::signal::Signal::try_from(number).ok().map(|signal| signal.as_str())
}

#[cfg(not(unix))]
fn signal(_status: ExitStatus) -> Option<i32> {
    None
}

#[cfg(not(unix))]
fn signal_name(_number: i32) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn reads_as_documented() {
        assert_eq!(Exit::Code(3).to_string(), "exited: 3");
        assert_eq!(Exit::Code(0xC000_0005_u32 as i32).to_string(), "exited: 0xC0000005");
    }

    #[test]
    #[cfg(unix)]
    fn signals_have_names() {
        assert_eq!(Exit::Signal(11).to_string(), "killed: SIGSEGV");
        assert_eq!(Exit::Signal(63).to_string(), "killed: signal 63");
    }
}
