//! Executors of other crates.
//!
//! `.context(name, call)` adds a context to a check: the call hands the input to the worker in whatever way a program
//! does it. `tests/workers.rs` has two of them beside the built-in ones:
//!
//! - `rayon`: a pool of threads. It inherits what setup has set, like `thread`.
//! - `procspawn`: new processes of the same executable. They inherit nothing, like `spawn`.
//!
//! So for [`quote`], which reads a global, the two disagree: exchanging one executor for the other changes the results of a
//! program, without an error. For [`repaired`] they agree.
//!
//! ```sh
//! cargo test      # names `quote`
//! ```

use std::sync::atomic::{AtomicU64, Ordering};

static RATE: AtomicU64 = AtomicU64::new(0);

/// What the parent does before it hands out work.
pub fn configure(rate: u64) {
    RATE.store(rate, Ordering::Relaxed);
}

/// What `n` pieces cost. The rate is inherited, or it is not.
pub fn quote(n: u64) -> u64 {
    n * RATE.load(Ordering::Relaxed)
}

/// What `n` pieces cost at this rate.
pub fn repaired((n, rate): (u64, u64)) -> u64 {
    n * rate
}
