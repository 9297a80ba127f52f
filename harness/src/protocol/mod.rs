//! What parent and child say to each other.
//!
//! The parent sends one [`Order`] and then calls; the child answers the order with a [`Hello`], when its code has come to
//! the point where it can serve and setup is done, and each call with a reply. Every message is a [`Frame`].

mod frame;
#[cfg(feature = "check")]
mod order;

pub(crate) use frame::{Kind, take_frame};
#[cfg(feature = "check")]
pub(crate) use {
    frame::{Frame, frame, read_frame, write_frame},
    order::{Executable, Hello, Manner, Order, Panicked, Target, VERSION},
};

/// The variable that tells a process that it is a child, and where its channel is.
pub(crate) const VARIABLE: &str = "SPAWNCHECK_CHILD";

/// How a child exits that can no longer reach its parent, because its own code closed or replaced the channel.
#[cfg(feature = "check")]
pub(crate) const UNREACHABLE: i32 = 197;
