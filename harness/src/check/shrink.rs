//! A smaller input that still shows what was found.

use super::executor::Input;
use super::worker::{Candidate, Encoded};
use std::time::Instant;

/// How much may be tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    pub(crate) iterations: u32,
    pub(crate) until: Instant,
}

/// Walks down the candidate's tree as long as `shows` holds; the smallest input for which it does, if there is a smaller one than
/// the candidate is now, and how many were tried.
///
/// # Errors
/// Those of `shows`.
pub(crate) fn shrink<E>(
    candidate: &mut dyn Candidate,
    budget: Budget,
    mut shows: impl FnMut(&Encoded) -> Result<bool, E>,
) -> Result<(Option<Input>, u32), E> {
    let (mut best, mut tried) = (None, 0);
    if !candidate.simplify() {
        return Ok((best, tried));
    }
    while tried < budget.iterations && Instant::now() < budget.until {
        tried += 1;
        // What cannot be encoded shows nothing.
        let shown = match candidate.encoded() {
            Ok(encoded) if shows(&encoded)? => Some(encoded.input),
            _ => None,
        };
        let goes_on = if shown.is_some() { candidate.simplify() } else { candidate.complicate() };
        best = shown.or(best);
        if !goes_on {
            break;
        }
    }
    Ok((best, tried))
}
