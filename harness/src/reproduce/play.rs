//! Play a script to its end, and hear what comes of its last call.

use super::Script;
use crate::Exit;
use crate::child::{Command, Interrupt, Live, Sent, Wake};
use crate::protocol::{Kind, VARIABLE, take_frame};
use crate::wire::same;
use std::time::{Duration, Instant};
use std::{fmt, io};

/// The longest reply that is believed, in bytes.
const LONGEST: u64 = 64 << 20;

/// How often to look whether the interrupt was raised.
const TICK: Duration = Duration::from_millis(50);

/// What came of the last call of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Played {
    /// The worker returned or panicked.
    Replied(Said),
    /// The process that made the call ended without a reply.
    Ended(Exit),
    /// There was no end in the time given.
    TimedOut,
    /// The child did not come to serve, or sent something else.
    NotServed(String),
}

/// The reply to a call. Two of them are the same if they mean the same, as where a check compares them.
#[derive(Clone, Debug)]
pub struct Said {
    /// The reply as it came, its kind first.
    bytes: Vec<u8>,
    /// The same in words, where the child gave them; clipped.
    shown: Option<String>,
}

impl PartialEq for Said {
    /// What a worker returned may be written down in another way each time, such as a map in the order of its hashes.
    fn eq(&self, other: &Self) -> bool {
        let returned = |said: &Self| said.bytes.first() == Some(&(Kind::Returned as u8));
        self.bytes == other.bytes
            || returned(self) && returned(other) && same(&self.bytes[1..], &other.bytes[1..])
    }
}

impl Eq for Said {}

/// As outcomes read in a report.
impl fmt::Display for Played {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Replied(Said { shown: Some(shown), .. }) => f.write_str(shown),
            Self::Replied(Said { bytes, .. }) => match bytes.split_first() {
                Some((kind, why)) if *kind == Kind::Unreadable as u8 => {
                    write!(f, "cannot cross: the input cannot be read: {}", String::from_utf8_lossy(why))
                }
                Some((kind, why)) if *kind == Kind::Unwritable as u8 => {
                    write!(f, "cannot cross: the output cannot be written: {}", String::from_utf8_lossy(why))
                }
                _ => write!(f, "a reply of {} bytes", bytes.len()),
            },
            Self::Ended(exit) => exit.fmt(f),
            Self::TimedOut => f.write_str("timed out"),
            Self::NotServed(why) => write!(f, "not served: {why}"),
        }
    }
}

/// Starts `command`, which has the arguments of a reproduction, and has it play `script`. Nothing is left of it then. If
/// `interrupt` is raised, what came of it is [`Played::TimedOut`].
///
/// # Errors
/// It could not be started or followed.
pub fn play(command: &Command, script: &Script, interrupt: &Interrupt) -> io::Result<Played> {
    let mut heard = Heard::default();
    let until = crate::child::after(Instant::now(), command.patience);
    let mut live = Live::start(command, VARIABLE, &format!("{:x}", script.nonce))?;
    let mut late = live.send(&script.bytes, until)? == Sent::Late;
    loop {
        if let Some(played) = heard.reply(script, live.replies()) {
            return Ok(played);
        }
        if let Some(exit) = fork_ended(script, live.statuses()) {
            // A fork writes before it ends.
            while live.wait(Instant::now())? == Wake::Message {}
            return Ok(heard.reply(script, live.replies()).unwrap_or(Played::Ended(exit)));
        }
        let now = Instant::now();
        match live.wait(until.min(now + TICK))? {
            _ if late => return Ok(Played::TimedOut),
            Wake::Message => {}
            Wake::Ended(exit) => return Ok(Played::Ended(exit)),
            Wake::Late => late = now >= until || interrupt.is_raised(),
        }
    }
}

/// What was heard of the last call before its reply.
#[derive(Debug, Default)]
pub(super) struct Heard {
    shown: Option<String>,
}

impl Heard {
    /// What `replies` say of the last call, as far as they have come; takes what belongs to earlier ones.
    pub(super) fn reply(&mut self, script: &Script, replies: &mut Vec<u8>) -> Option<Played> {
        loop {
            let frame = match take_frame(replies, script.nonce, LONGEST) {
                Ok(frame) => frame?,
                Err(_) => {
                    return Some(Played::NotServed("it wrote something else into its channel".into()));
                }
            };
            match frame.kind {
                Kind::SetupPanicked => return Some(Played::NotServed("its setup panicked".into())),
                Kind::Refused | Kind::Recursive => {
                    return Some(Played::NotServed(String::from_utf8_lossy(&frame.body).into_owned()));
                }
                _ if frame.number != script.calls => {}
                Kind::Shown => self.shown = String::from_utf8(frame.body).ok(),
                Kind::Returned | Kind::Panicked | Kind::Unreadable | Kind::Unwritable => {
                    // The kind is part of it: a text can be what was returned, or why nothing was.
                    let bytes = [&[frame.kind as u8], &*frame.body].concat();
                    return Some(Played::Replied(Said { bytes, shown: self.shown.take() }));
                }
                _ => {}
            }
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

#[cfg(test)]
#[cfg(feature = "check")]
mod tests {
    use super::Said;
    use crate::protocol::Kind;
    use crate::wire::encode;
    use std::collections::HashMap;

    fn said(kind: Kind, body: &[u8]) -> Said {
        Said { bytes: [&[kind as u8], body].concat(), shown: None }
    }

    #[test]
    fn values_are_compared_and_not_bytes() {
        let map: HashMap<u8, u8> = (0..20).map(|key| (key, key)).collect();
        // With other keys of its hashes.
        let again: HashMap<u8, u8> = map.iter().map(|(key, value)| (*key, *value)).collect();
        let other: HashMap<u8, u8> = (0..20).map(|key| (key, 0)).collect();
        let [map, again, other] = [map, again, other].map(|map| encode(&map).unwrap());
        assert_ne!(map, again);
        assert_eq!(said(Kind::Returned, &map), said(Kind::Returned, &again));
        assert_ne!(said(Kind::Returned, &map), said(Kind::Returned, &other));
        assert_ne!(said(Kind::Returned, &map), said(Kind::Panicked, &map));
        // What is no encoding.
        assert_eq!(said(Kind::Unwritable, b"no"), said(Kind::Unwritable, b"no"));
        assert_ne!(said(Kind::Unwritable, b"no"), said(Kind::Unwritable, b""));
    }
}
