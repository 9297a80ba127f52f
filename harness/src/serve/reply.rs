//! What a child says about one call.

use crate::protocol::Kind;
use crate::wire;
use serde::Serialize;

/// One answer, ready to be sent.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(super) kind: Kind,
    pub(super) body: Vec<u8>,
    /// Where the output changed in a round trip.
    pub(super) lossy: Option<Vec<u8>>,
}

impl Reply {
    /// The worker returned this, encoded.
    pub(crate) fn returned(output: Vec<u8>) -> Self {
        Self { kind: Kind::Returned, body: output, lossy: None }
    }

    /// The same answer, with a difference that the output showed after a round trip.
    pub(crate) fn with_loss(self, difference: &impl Serialize) -> Self {
        Self { lossy: wire::encode(difference).ok(), ..self }
    }

    /// A text for people.
    pub(crate) fn text(kind: Kind, text: &str) -> Self {
        Self { kind, body: text.as_bytes().into(), lossy: None }
    }

    /// One of our own types.
    pub(crate) fn encoded(kind: Kind, body: &impl Serialize) -> Self {
        // Plain structs of numbers and strings always can be encoded.
        Self { kind, body: wire::encode(body).unwrap_or_default(), lossy: None }
    }
}
