//! A pool of threads.
//!
//! Threads share the memory of their process, whatever the system: they see the globals that were set before, and what
//! they are given is neither serialized nor copied. A closure may capture, an input may be as large as it likes. So
//! there is nothing to find: [`total`] uses a pool inside and is the same in every context, with and without setup.
//!
//! ```sh
//! cargo test      # all pass
//! ```

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Set by the parent.
pub static RATE: AtomicU64 = AtomicU64::new(0);

/// How many threads share the work.
const THREADS: usize = 4;

/// What `work` makes of each input, in their order, on four threads.
pub fn map<T: Sync, R: Send>(inputs: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let waiting = Mutex::new(inputs.iter().enumerate());
    let done = Mutex::new(Vec::with_capacity(inputs.len()));
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(inputs.len()) {
            scope.spawn(|| {
                // The lock is held while the next input is taken, not while it is worked on.
                let next = || waiting.lock().unwrap().next();
                while let Some((index, input)) = next() {
                    let output = work(input);
                    done.lock().unwrap().push((index, output));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, output)| output).collect()
}

/// What these amounts cost at this rate: a worker with a pool of threads of its own. `rate` is captured.
pub fn total((rate, amounts): (u64, Vec<u32>)) -> u64 {
    map(&amounts, |amount| u64::from(*amount).wrapping_mul(rate)).into_iter().fold(0, u64::wrapping_add)
}

/// Reads a global: right on threads, because they are in the process that has set it.
pub fn quote(n: &u64) -> u64 {
    n * RATE.load(Ordering::Relaxed)
}
