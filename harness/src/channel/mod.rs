//! A child's end of the pipes to its parent.
//!
//! Where they are is said in a variable of the environment. It is read and removed before `main`, so that no code of the
//! user's ever sees it (nor the one that says where to [tell](crate::events) what was found); where that hook was not
//! linked in, at the first look.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as os;
#[cfg(windows)]
use windows as os;

use std::ffi::OsString;
use std::fs::File;
use std::sync::OnceLock;

pub(crate) use crate::protocol::VARIABLE;

/// What a child reads and writes.
#[derive(Debug)]
pub(crate) struct Channel {
    /// The word that begins each message, so that nobody else's bytes are taken for one.
    pub(crate) nonce: u64,
    requests: os::End,
    replies: os::End,
    /// Where a child that forks tells how its forks ended.
    #[cfg(unix)]
    statuses: Option<os::End>,
}

impl Channel {
    /// Where requests come from.
    pub(crate) fn requests(&self) -> &File {
        self.requests.file()
    }

    /// Where replies go, unless the user's code has closed it or put something else in its place.
    pub(crate) fn replies(&self) -> Option<&File> {
        self.replies.intact()
    }

    /// Whether there is nobody left to send requests.
    #[cfg(unix)]
    pub(crate) fn is_closed(&self) -> bool {
        self.requests.has_hung_up()
    }

    /// Where the ends of forks are told.
    #[cfg(unix)]
    pub(crate) fn statuses(&self) -> Option<&File> {
        self.statuses.as_ref().and_then(os::End::intact)
    }
}

/// The channel of this process, if it was started as a child.
pub(crate) fn channel() -> Option<&'static Channel> {
    static CHANNEL: OnceLock<Option<Channel>> = OnceLock::new();
    CHANNEL.get_or_init(take).as_ref()
}

/// The value of a variable of ours, which is gone after that.
pub(crate) fn take_variable(name: &str) -> Option<OsString> {
    let value = std::env::var_os(name)?;
    // SAFETY: as a rule this runs before `main`, when there is no other thread. Where the hook is missing, a thread that
    // reads the environment through anything but the standard library at this moment could see it change; there is no
    // other way to keep the variable from the user's code.
    unsafe { std::env::remove_var(name) };
    Some(value)
}

fn take() -> Option<Channel> {
    let channel = parse(take_variable(VARIABLE)?.to_str()?)?;
    #[cfg(windows)]
    crate::guard::mark();
    Some(channel)
}

fn parse(value: &str) -> Option<Channel> {
    let mut words = value.split(',');
    let nonce = u64::from_str_radix(words.next()?, 16).ok()?;
    let mut end = || words.next().and_then(os::End::open);
    Some(Channel {
        nonce,
        requests: end()?,
        replies: end()?,
        #[cfg(unix)]
        statuses: end(),
    })
}

/// Called by the system's start-up code.
extern "C" fn before_main() {
    channel();
    crate::events::destination();
}

#[used]
#[cfg_attr(any(target_os = "linux", target_os = "android"), unsafe(link_section = ".init_array"))]
#[cfg_attr(any(target_os = "freebsd", target_os = "netbsd"), unsafe(link_section = ".init_array"))]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
#[cfg_attr(windows, unsafe(link_section = ".CRT$XCU"))]
static BEFORE_MAIN: extern "C" fn() = before_main;

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn what_is_no_channel_is_none() {
        for value in ["", "x", "1f", "1f,", "1f,999999,999998", "1f,-1,-1,-1", "1f,0,1,2,3", "1f,a,b,c"] {
            assert!(parse(value).is_none(), "{value}");
        }
    }
}
