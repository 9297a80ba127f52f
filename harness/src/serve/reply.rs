//! What a child says about one call.

use super::panics::{catch, is_comparable};
use crate::protocol::{Kind, Panicked};
use crate::wire;
use serde::Serialize;
use std::fmt::Debug;

/// Of a value in words, in bytes: nobody reads more.
const LONGEST_SHOWN: usize = 4 << 10;

/// One answer, ready to be sent.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(super) kind: Kind,
    pub(super) body: Vec<u8>,
    /// Where the output changed in a round trip.
    pub(super) lossy: Option<Vec<u8>>,
    /// What it says, for people.
    pub(super) shown: Option<String>,
}

impl Reply {
    /// The worker returned this, encoded.
    pub(crate) fn returned(output: Vec<u8>) -> Self {
        Self { kind: Kind::Returned, body: output, lossy: None, shown: None }
    }

    /// The same answer, with a difference that the output showed after a round trip.
    pub(crate) fn with_loss(self, difference: &impl Serialize) -> Self {
        Self { lossy: wire::encode(difference).ok(), ..self }
    }

    /// The same answer, with the output in words where those are asked for.
    pub(crate) fn showing(self, output: &impl Debug) -> Self {
        // A rendering that panics does not change what the worker did.
        let shown = is_comparable().then(|| catch(|| format!("{output:?}")).ok()).flatten();
        Self { shown: shown.map(clipped), ..self }
    }

    /// The worker panicked.
    pub(crate) fn panicked(panicked: &Panicked) -> Self {
        let shown = is_comparable().then(|| clipped(format!("panicked: {}", panicked.message)));
        Self { shown, ..Self::encoded(Kind::Panicked, panicked) }
    }

    /// A text for people.
    pub(crate) fn text(kind: Kind, text: &str) -> Self {
        Self { kind, body: text.as_bytes().into(), lossy: None, shown: None }
    }

    /// One of our own types.
    pub(crate) fn encoded(kind: Kind, body: &impl Serialize) -> Self {
        // Plain structs of numbers and strings always can be encoded.
        Self { kind, body: wire::encode(body).unwrap_or_default(), lossy: None, shown: None }
    }
}

fn clipped(mut text: String) -> String {
    if text.len() > LONGEST_SHOWN {
        let end = (0..=LONGEST_SHOWN).rev().find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or(0));
        text.push_str("...");
    }
    text
}
