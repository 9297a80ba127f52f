//! A field that serialization leaves out.
//!
//! [`Line::note`] is marked `#[serde(skip)]`, perhaps because it was of no use in some file. After a fork a worker has the
//! value itself. A spawned worker has what came out of serialization: the default where the note was, and nothing says
//! that it is missing. [`receipt`] gets an [`Order`] and would be right if it got the one that was sent.
//!
//! ```sh
//! cargo test      # names the field of `receipt`'s input: lines[0].note
//! ```
//!
//! The repair is [`repaired`]: types that cross are serialized whole.

use serde::{Deserialize, Serialize};

/// An input that loses something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub number: u32,
    pub lines: Vec<Line>,
}

/// The part of it that does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub article: u16,
    #[serde(skip)]
    pub note: String,
}

/// How many of the lines have a note.
pub fn receipt(order: Order) -> usize {
    order.lines.iter().filter(|line| !line.note.is_empty()).count()
}

/// The same with types that lose nothing.
pub mod repaired {
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub struct Order {
        pub number: u32,
        pub lines: Vec<Line>,
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub struct Line {
        pub article: u16,
        pub note: String,
    }

    /// How many of the lines have a note.
    pub fn receipt(order: Order) -> usize {
        order.lines.iter().filter(|line| !line.note.is_empty()).count()
    }
}
