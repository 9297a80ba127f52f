//! What one process is told, and how that is written down.

use std::fmt;
use std::str::FromStr;

/// The longest script, in bytes: it has to fit into a pipe that nobody reads yet.
const LONGEST: usize = 60 << 10;

/// Everything that a process is told, from its order to its last call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The word that begins each message.
    pub(super) nonce: u64,
    /// The number of the last call.
    pub(super) calls: u32,
    pub(super) bytes: Vec<u8>,
}

#[cfg(feature = "reproduce")]
impl Script {
    /// How many calls it has; never more than fit into a pipe.
    pub fn calls(&self) -> usize {
        self.calls as usize
    }
}

#[cfg(feature = "check")]
impl Script {
    /// `None` if it would be too long.
    pub(crate) fn new(order: &crate::protocol::Order, calls: &[Vec<u8>]) -> Option<Self> {
        use crate::protocol::{Kind, write_frame};
        use std::hash::{BuildHasher, Hasher, RandomState};
        let nonce = RandomState::new().build_hasher().finish();
        let mut bytes = Vec::new();
        write_frame(&mut bytes, nonce, Kind::Order, 0, &crate::wire::encode(order).ok()?).ok()?;
        let mut last = 0;
        for (number, call) in (1..).zip(calls) {
            write_frame(&mut bytes, nonce, Kind::Call, number, call).ok()?;
            last = number;
        }
        (bytes.len() <= LONGEST).then_some(Self { nonce, calls: last, bytes })
    }
}

/// `NONCE:CALLS:BYTES`, the first and the last hexadecimal.
impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}:{}:", self.nonce, self.calls)?;
        self.bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// # Errors
/// That is no script.
impl FromStr for Script {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or("that is no script of calls")
    }
}

fn parse(text: &str) -> Option<Script> {
    let mut parts = text.splitn(3, ':');
    let nonce = u64::from_str_radix(parts.next()?, 16).ok()?;
    let calls: u32 = parts.next()?.parse().ok()?;
    let (pairs, rest) = parts.next()?.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || pairs.len() > LONGEST || calls as usize > LONGEST {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = |[high, low]: &[u8; 2]| u8::try_from(digit(*high)? << 4 | digit(*low)?).ok();
    Some(Script { nonce, calls, bytes: pairs.iter().map(byte).collect::<Option<_>>()? })
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Script};

    #[test]
    fn what_is_written_is_read() {
        let bytes: Vec<u8> = (0..=255).collect();
        for bytes in [Vec::new(), bytes, vec![7; LONGEST]] {
            let script = Script { nonce: 0x1f, calls: 3, bytes };
            assert_eq!(script.to_string().parse(), Ok(script));
        }
    }

    #[test]
    fn what_is_no_script_is_an_error() {
        let long = format!("1:1:{}", "00".repeat(LONGEST + 1));
        for text in
            ["", "1", "1:1", "x:1:00", "1:-1:00", "1:1:0", "1:1:0x", "1:1:é", "1:1:+1", "1:61441:00", &long]
        {
            assert!(text.parse::<Script>().is_err(), "{text}");
        }
    }
}
