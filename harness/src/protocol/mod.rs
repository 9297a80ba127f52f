//! What parent and child say to each other.
//!
//! The parent sends one [`Order`] and then calls; the child answers the order with a [`Hello`], when its code has come to
//! the point where it can serve and setup is done, and each call with a reply. Every message is a [`Frame`].

mod frame;
mod order;

pub(crate) use frame::{Frame, Kind, frame, read_frame, take_frame, write_frame};
pub(crate) use order::{Executable, Hello, Manner, Order, Panicked, Target, VERSION};

/// How a child exits that can no longer reach its parent, because its own code closed or replaced the channel.
pub(crate) const UNREACHABLE: i32 = 197;
