//! Where processes cannot be steered.

use super::{Steering, Trouble, Visit};
use spawncheck::child::{Command, Ended, Interrupt, Mailbox};
use spawncheck::reproduce::{Played, Script};
use std::convert::Infallible;
use std::io;
use std::marker::PhantomData;
use std::time::Instant;

/// A stopped process, of which there is none here.
#[derive(Debug)]
pub(crate) struct Stopped<'a>(Infallible, PhantomData<&'a ()>);

/// Refuses.
pub(crate) fn run(
    _command: &Command,
    _mailbox: &mut Mailbox,
    _interrupt: &Interrupt,
    _receive: &mut dyn FnMut(&[u8], Instant),
    _steering: &Steering<'_>,
    _visit: &mut Visit<'_>,
) -> io::Result<(Ended, Result<(), Trouble>)> {
    Err(unsupported())
}

/// Refuses.
pub(crate) fn play(
    _command: &Command,
    _script: &Script,
    _interrupt: &Interrupt,
    _steering: &Steering<'_>,
    _visit: &mut Visit<'_>,
) -> io::Result<(Played, Result<(), Trouble>)> {
    Err(unsupported())
}

fn unsupported() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, "only Linux on x86_64 and aarch64 lets tests be steered")
}
