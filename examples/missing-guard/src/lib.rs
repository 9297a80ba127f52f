//! Work that a child would hand out again.
//!
//! A spawned child starts at the top of `main`, as its parent did. If work is handed out there without a guard, the child
//! hands out the same work before it has served any of its own, and so do its children. In Python that ends in an error
//! or in a flood of processes; here a child that comes to hand out work stops at once, and its parent reports it as
//! *recursive*.
//!
//! - `tests/before_run.rs`: two suites in one `main`. The children of the second come by the first one's `run`.
//! - `tests/inside.rs`: a worker that hands out work itself.
//! - `tests/guarded.rs`: the repair of both.
//!
//! ```sh
//! cargo test --no-fail-fast
//! ```

/// A worker.
pub fn subtotal(amounts: Vec<u32>) -> u64 {
    amounts.into_iter().map(u64::from).sum()
}

/// Another one.
pub fn largest(amounts: Vec<u32>) -> Option<u32> {
    amounts.into_iter().max()
}
