//! Play a script to its end, and hear what comes of its last call.

use super::Script;
use crate::Exit;
use crate::child::{Command, Live, Sent, Wake};
use crate::protocol::{Kind, VARIABLE, take_frame};
use std::io;
use std::time::Instant;

/// The longest reply that is believed, in bytes.
const LONGEST: u64 = 64 << 20;

/// What came of the last call of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Played {
    /// The worker returned or panicked; its reply as it came.
    Replied(Vec<u8>),
    /// The process that made the call ended without a reply.
    Ended(Exit),
    /// There was no end in the time given.
    TimedOut,
    /// The child did not come to serve, or sent something else.
    NotServed(String),
}

/// Starts `command`, which has the arguments of a reproduction, and has it play `script`. Nothing is left of it then.
///
/// # Errors
/// It could not be started or followed.
pub fn play(command: &Command, script: &Script) -> io::Result<Played> {
    let until = crate::child::after(Instant::now(), command.patience);
    let mut live = Live::start(command, VARIABLE, &format!("{:x}", script.nonce))?;
    let mut late = live.send(&script.bytes, until)? == Sent::Late;
    loop {
        if let Some(played) = reply(script, live.replies()) {
            return Ok(played);
        }
        if let Some(exit) = fork_ended(script, live.statuses()) {
            // A fork writes before it ends.
            while live.wait(Instant::now())? == Wake::Message {}
            return Ok(reply(script, live.replies()).unwrap_or(Played::Ended(exit)));
        }
        match live.wait(until)? {
            _ if late => return Ok(Played::TimedOut),
            Wake::Message => {}
            Wake::Ended(exit) => return Ok(Played::Ended(exit)),
            Wake::Late => late = true,
        }
    }
}

/// What `replies` say of the last call, as far as they have come; takes what belongs to earlier ones.
pub(super) fn reply(script: &Script, replies: &mut Vec<u8>) -> Option<Played> {
    loop {
        let frame = match take_frame(replies, script.nonce, LONGEST) {
            Ok(frame) => frame?,
            Err(_) => return Some(Played::NotServed("it wrote something else into its channel".into())),
        };
        match frame.kind {
            Kind::SetupPanicked => return Some(Played::NotServed("its setup panicked".into())),
            Kind::Refused | Kind::Recursive => {
                return Some(Played::NotServed(String::from_utf8_lossy(&frame.body).into_owned()));
            }
            Kind::Returned | Kind::Panicked | Kind::Unreadable | Kind::Unwritable
                if frame.number == script.calls =>
            {
                // The kind is part of it: a text can be what was returned, or why nothing was.
                return Some(Played::Replied([&[frame.kind as u8], &*frame.body].concat()));
            }
            _ => {}
        }
    }
}

/// How the fork of the last call ended, if it has.
pub(super) fn fork_ended(script: &Script, statuses: &mut Vec<u8>) -> Option<Exit> {
    while let Ok(Some(frame)) = take_frame(statuses, script.nonce, 4) {
        if frame.kind == Kind::ForkEnded && frame.number == script.calls {
            return frame.body.first_chunk().map(|status| crate::child::exit_of(i32::from_le_bytes(*status)));
        }
    }
    None
}
