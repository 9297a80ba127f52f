//! Which functions can be workers.
//!
//! Python sends a function by its name, so one that is defined inside another function, or has no name, cannot be sent.
//! Here a child is the same executable and has all its functions, wherever they are written: nested ones and closures
//! too (see `tests/workers.rs`). What a new process cannot have is what a closure has captured. So that is refused, and
//! not when it runs, but when it is compiled:
//!
//! ```compile_fail,E0080
//! let factor = std::env::args().count() as u64;
//! spawncheck::check(move |n: u64| n.wrapping_mul(factor));
//! ```
//!
//! ```text
//! this worker carries a value that a fresh child does not have: instead of capturing it, make it part of the input
//! ```
//!
//! The repair is what the message says:
//!
//! ```
//! let factor = std::env::args().count() as u64;
//! spawncheck::check(|(n, factor): (u64, u64)| n.wrapping_mul(factor))
//!     .inputs((spawncheck::any::<u64>(), spawncheck::proptest::strategy::Just(factor)));
//! ```
//!
//! ```sh
//! cargo test      # all pass
//! ```

/// A worker by name, as Python wants it.
pub fn at_the_top(n: u64) -> u64 {
    n.wrapping_mul(3)
}
