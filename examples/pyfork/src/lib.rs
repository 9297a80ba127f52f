//! A script with a global that only the parent sets. After `fork` its workers are right; after `spawn` they are wrong,
//! and nothing says so.
//!
//! What happens when it starts is split in two, as in a Python script:
//!
//! - [`start_up`] is the top of the script. It reads the command line, and runs in every process: a spawned child is the
//!   same executable with the same arguments.
//! - What stands below `if __name__ == "__main__"` is in `main`, for the parent alone: it sets [`ARGCOPY`] and hands out
//!   the work. A forked child has its own copy of what the parent has set. A spawned one has what the executable
//!   starts with.
//!
//! So [`worker`] gives `2 * n` or `0`. [`strict_worker`] shows the harmless variant: what it needs is missing altogether,
//! and it panics. [`repaired`] gets all it needs as its input.
//!
//! ```sh
//! cargo run -q -- -i 2 --method fork      # [0, 2, 4, 6, 8, 10, 12, 14, 16, 18]
//! cargo run -q -- -i 2 --method spawn     # [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
//! cargo test                              # names `worker` and `strict_worker`
//! python3 pyfork.py -i 2 --method spawn   # the same in Python
//! ```

mod args;
#[cfg(unix)]
pub mod fork;
pub mod spawn;

pub use args::{Args, Method};

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};

/// How many processes share the work.
pub const PROCESSES: usize = 4;

/// What the command line says: there in every process, because each reads it anew.
static ARGS: OnceLock<Args> = OnceLock::new();

/// The factor of [`worker`]: there only where somebody has set it.
pub static ARGCOPY: AtomicI64 = AtomicI64::new(0);

/// What [`strict_worker`] reads: set by the parent alone, and without a value of its own before.
pub static SETTINGS: OnceLock<Args> = OnceLock::new();

/// The top of the script.
pub fn start_up(args: Args) -> &'static Args {
    ARGS.get_or_init(|| args)
}

/// What the parent does before it hands out work.
pub fn parent_only(args: &Args) {
    ARGCOPY.store(args.input, Ordering::Relaxed);
    // Not set twice by a program; a test that is the parent a second time finds the same value.
    SETTINGS.get_or_init(|| args.clone());
}

/// Wrong in a spawned child, in silence. What it writes shows that the arguments, unlike the global, are there.
pub fn worker(n: i64) -> i64 {
    let input = ARGS.get().map_or(0, |args| args.input);
    eprintln!("{n} - {}", n * input);
    n * ARGCOPY.load(Ordering::Relaxed)
}

/// Wrong in a spawned child as well, but not in silence.
pub fn strict_worker(n: i64) -> i64 {
    n * SETTINGS.get().expect("the settings are not there").input
}

/// Right everywhere: its result depends on its input alone.
pub fn repaired((n, factor): (i64, i64)) -> i64 {
    n * factor
}
