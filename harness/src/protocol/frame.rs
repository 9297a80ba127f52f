//! Frames: a header with a length, then as many bytes.
//!
//! Each begins with the nonce of its channel. Whatever else comes through the pipe (a worker that writes to every descriptor
//! that it finds) is noticed there, before a length is believed.

#[cfg(feature = "check")]
use std::io::{self, Read, Write};

/// Nonce, kind, number, length.
const HEADER: usize = 8 + 1 + 4 + 8;

/// Bodies up to this size are copied behind their header, so that one write does.
#[cfg(feature = "check")]
const SMALL: usize = 64 << 10;

/// One message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) kind: Kind,
    /// The number of the call that it belongs to; 0 for what belongs to none.
    pub(crate) number: u32,
    pub(crate) body: Vec<u8>,
}

/// What a message means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// To the child: whom to serve, and how. The body is an [`Order`](super::Order).
    Order = 1,
    /// To the child: an input.
    Call,
    /// The child can serve. The body is a [`Hello`](super::Hello).
    Hello,
    /// The worker returned; the body is its encoded output.
    Returned,
    /// Before `Returned`: the output is not equal to itself after a round trip. The body is a
    /// [`Difference`](crate::rendering::Difference).
    Lossy,
    /// The worker panicked; the body is a [`Panicked`](super::Panicked).
    Panicked,
    /// The input could not be decoded; the body is a text that says why.
    Unreadable,
    /// The output could not be encoded; the body is a text that says why.
    Unwritable,
    /// Setup panicked; the body is a [`Panicked`](super::Panicked).
    SetupPanicked,
    /// The child cannot serve this order; the body is a text that says why.
    Refused,
    /// Instead of serving, the child came to dispatch work again; the body is a text that says where.
    Recursive,
    /// On the pipe for statuses: a fork has ended. The body is the status, as the system gives it.
    ForkEnded,
    /// Before `Returned` or `Panicked`, where that was asked for: what came of the call, for people to read.
    Shown,
}

impl Kind {
    const ALL: [Self; 13] = [
        Self::Order,
        Self::Call,
        Self::Hello,
        Self::Returned,
        Self::Lossy,
        Self::Panicked,
        Self::Unreadable,
        Self::Unwritable,
        Self::SetupPanicked,
        Self::Refused,
        Self::Recursive,
        Self::ForkEnded,
        Self::Shown,
    ];

    fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == byte)
    }
}

/// Something that is no frame of this channel.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Garbage;

/// Writes one frame.
#[cfg(feature = "check")]
pub(crate) fn write_frame(
    to: &mut dyn Write,
    nonce: u64,
    kind: Kind,
    number: u32,
    body: &[u8],
) -> io::Result<()> {
    let (start, rest) = frame(nonce, kind, number, body);
    to.write_all(&start)?;
    to.write_all(rest)
}

/// A frame in two parts, so that a large body need not be copied: the header, with the body if that is small, and what is left.
#[cfg(feature = "check")]
pub(crate) fn frame(nonce: u64, kind: Kind, number: u32, body: &[u8]) -> (Vec<u8>, &[u8]) {
    let (small, rest) = if body.len() <= SMALL { (body, &[][..]) } else { (&[][..], body) };
    let mut start = Vec::with_capacity(HEADER + small.len());
    start.extend_from_slice(&nonce.to_le_bytes());
    start.push(kind as u8);
    start.extend_from_slice(&number.to_le_bytes());
    start.extend_from_slice(&(body.len() as u64).to_le_bytes());
    start.extend_from_slice(small);
    (start, rest)
}

/// Waits for one frame; `None` at the end of the stream, or where what comes is no frame.
#[cfg(feature = "check")]
pub(crate) fn read_frame(from: &mut dyn Read, nonce: u64) -> Option<Frame> {
    let mut header = [0; HEADER];
    from.read_exact(&mut header).ok()?;
    let (kind, number, length) = parse(&header, nonce).ok()?;
    let mut body = Vec::new();
    // Grows with what arrives instead of trusting the length.
    from.take(length).read_to_end(&mut body).ok()?;
    (body.len() as u64 == length).then_some(Frame { kind, number, body })
}

/// Takes the first frame off `received`, once it is all there.
///
/// # Errors
/// What is there is no frame, or one whose body would be longer than `limit`.
pub(crate) fn take_frame(received: &mut Vec<u8>, nonce: u64, limit: u64) -> Result<Option<Frame>, Garbage> {
    let Some((header, rest)) = received.split_first_chunk::<HEADER>() else {
        // Not all of a header yet: what is there of the nonce must be right all the same.
        let start = received.len().min(8);
        return if received[..start] == nonce.to_le_bytes()[..start] { Ok(None) } else { Err(Garbage) };
    };
    let (kind, number, length) = parse(header, nonce)?;
    if length > limit {
        return Err(Garbage);
    }
    let available = rest.len() as u64;
    if available < length {
        // Room for all of it at once: a buffer that doubles would move a large body many times.
        received.reserve_exact((length - available) as usize);
        return Ok(None);
    }
    let after = received.split_off(HEADER + length as usize);
    let mut body = std::mem::replace(received, after);
    body.drain(..HEADER);
    Ok(Some(Frame { kind, number, body }))
}

fn parse(header: &[u8; HEADER], nonce: u64) -> Result<(Kind, u32, u64), Garbage> {
    let (word, rest) = header.split_first_chunk::<8>().ok_or(Garbage)?;
    let (kind, rest) = rest.split_first().ok_or(Garbage)?;
    let (number, length) = rest.split_first_chunk::<4>().ok_or(Garbage)?;
    let length = length.first_chunk::<8>().ok_or(Garbage)?;
    if u64::from_le_bytes(*word) != nonce {
        return Err(Garbage);
    }
    let kind = Kind::from_byte(*kind).ok_or(Garbage)?;
    Ok((kind, u32::from_le_bytes(*number), u64::from_le_bytes(*length)))
}

#[cfg(test)]
#[cfg(feature = "check")]
mod tests {
    use super::{Frame, Garbage, HEADER, Kind, SMALL, frame, read_frame, take_frame, write_frame};
    use proptest::prelude::*;

    const NONCE: u64 = 0x0123_4567_89ab_cdef;

    fn bytes(kind: Kind, number: u32, body: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_frame(&mut bytes, NONCE, kind, number, body).unwrap();
        bytes
    }

    #[test]
    fn each_kind_is_read_back() {
        for kind in Kind::ALL {
            let frame = Frame { kind, number: 7, body: b"body".into() };
            let mut received = bytes(kind, 7, b"body");
            assert_eq!(read_frame(&mut &*received, NONCE).as_ref(), Some(&frame));
            assert_eq!(take_frame(&mut received, NONCE, 4), Ok(Some(frame)));
            assert!(received.is_empty());
        }
    }

    #[test]
    fn a_large_body_is_not_copied_and_arrives_all_the_same() {
        let body = vec![7; SMALL + 1];
        let (start, rest) = frame(NONCE, Kind::Call, 1, &body);
        assert_eq!((start.len(), rest.as_ptr()), (HEADER, body.as_ptr()));
        let mut received = bytes(Kind::Call, 1, &body);
        let whole = Frame { kind: Kind::Call, number: 1, body };
        assert_eq!(read_frame(&mut &*received, NONCE).as_ref(), Some(&whole));
        assert_eq!(take_frame(&mut received, NONCE, 1 << 20), Ok(Some(whole)));
    }

    #[test]
    fn what_is_too_long_or_not_ours_is_garbage() {
        assert_eq!(take_frame(&mut bytes(Kind::Call, 1, b"body"), NONCE, 3), Err(Garbage));
        assert_eq!(take_frame(&mut bytes(Kind::Call, 1, b"body"), NONCE + 1, 9), Err(Garbage));
        assert_eq!(take_frame(&mut b"hello".to_vec(), NONCE, 9), Err(Garbage));
        let mut unknown = bytes(Kind::Call, 1, b"");
        unknown[8] = 99;
        assert_eq!(take_frame(&mut unknown, NONCE, 9), Err(Garbage));
        assert!(read_frame(&mut &*unknown, NONCE).is_none());
    }

    #[test]
    fn a_length_alone_takes_no_memory() {
        let mut header = bytes(Kind::Call, 1, b"");
        header[13..].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(read_frame(&mut &*header, NONCE).is_none());
        assert_eq!(take_frame(&mut header, NONCE, 1 << 20), Err(Garbage));
    }

    proptest! {
        #[test]
        fn frames_arrive_whole_in_whatever_pieces(
            bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..50), 1..5),
            piece in 1_usize..40,
        ) {
            let mut sent = Vec::new();
            for (number, body) in (1..).zip(&bodies) {
                sent.extend(bytes(Kind::Call, number, body));
            }
            let (mut received, mut arrived) = (Vec::new(), Vec::new());
            for piece in sent.chunks(piece) {
                received.extend_from_slice(piece);
                while let Some(frame) = take_frame(&mut received, NONCE, 50).unwrap() {
                    prop_assert_eq!(frame.number as usize, arrived.len() + 1);
                    arrived.push(frame.body);
                }
            }
            prop_assert_eq!(arrived, bodies);
        }
    }
}
