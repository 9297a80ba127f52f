//! The calls that show a finding, to be made again by another program: in `cargo spawncheck`, under a tracer.
//!
//! A [`Reproduction`] has two processes. The *dirty* one does what it takes to see the state (setup, earlier calls) and then the
//! call in question; the *fresh* one makes that call alone. Both are the test executable, started with `arguments`, in
//! its usual directory and environment without our variables.
//!
//! The [`Script`] of a process is every byte that it reads from its channel, an order and the calls, exactly as the harness
//! would send them. So nobody has to talk to it: the script is written beforehand, and the reply is read whenever that
//! suits. A child does not wait for anything else; it answers each call, and ends when there are no more. What comes of
//! the last call is `Played`; two of them are compared as a check does, without the worker's types: values by what they mean, panics
//! as they are told. What people read comes with the bytes.
//!
//! `play` does all of that, with a deadline. Who has to start the process himself does so with `Prepared`, and who
//! traces it with `play_traced`.

#[cfg(feature = "reproduce")]
mod play;
#[cfg(all(unix, feature = "reproduce"))]
mod prepared;
mod script;

#[cfg(feature = "reproduce")]
pub use play::{Played, Said, play};
#[cfg(all(unix, feature = "reproduce"))]
pub use prepared::Prepared;
#[cfg(all(feature = "reproduce", feature = "trace", target_os = "linux"))]
pub use prepared::play_traced;
pub use script::Script;

/// Two processes whose last calls differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reproduction {
    /// What the executable is started with.
    pub arguments: Vec<String>,
    /// The context in which the difference was confirmed, which the dirty process has.
    pub context: String,
    pub dirty: Script,
    pub fresh: Script,
    /// Of the context `fork`, where the dirty process makes its last call in a child: the same with that call made by itself. Whether
    /// it comes to the same is for the reader to see.
    pub inline: Option<Script>,
}
