//! Whether a value is on its way between two processes of one run.
//!
//! A value that all of them can reach by other means is sent as a handle then, and by its content everywhere else.
//! serde hands no context to a `Serialize`, hence a thread-local.

use std::cell::Cell;

thread_local! {
    static IN_TRANSIT: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside [`encode`](super::encode) or [`decode`](super::decode).
pub(crate) fn in_transit() -> bool {
    IN_TRANSIT.get()
}

/// Sets [`in_transit`] for as long as it lives, and then puts back what was before, also when a value's own code
/// panics.
pub(super) struct Transit {
    before: bool,
}

impl Transit {
    pub(super) fn set(now: bool) -> Self {
        Self { before: IN_TRANSIT.replace(now) }
    }
}

impl Drop for Transit {
    fn drop(&mut self) {
        IN_TRANSIT.set(self.before);
    }
}

/// Runs `work` as if it were part of [`encode`](super::encode).
#[cfg(test)]
pub(crate) fn while_in_transit<T>(work: impl FnOnce() -> T) -> T {
    let _transit = Transit::set(true);
    work()
}
