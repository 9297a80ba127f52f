//! Two workers in seven contexts: one finding, for `quote`.

use executors::{configure, quote, repaired};
use rayon::{ThreadPool, ThreadPoolBuilder};
use spawncheck::{Suite, check};
use std::process::ExitCode;
use std::sync::LazyLock;

static THREADS: LazyLock<ThreadPool> =
    LazyLock::new(|| ThreadPoolBuilder::new().num_threads(4).build().expect("threads can be started"));

fn main() -> ExitCode {
    // procspawn's processes start at the top of `main` too, and serve here: it has to come first.
    procspawn::init();
    Suite::new("executors")
        .setup(|| configure(2))
        .check(
            "quote",
            check(quote)
                .inputs(0..10_u64)
                .context("rayon", |n| THREADS.install(|| quote(n)))
                .context("procspawn", |n| in_a_process(n, quote)),
        )
        .check(
            "repaired",
            check(repaired)
                .inputs((0..10_u64, 0..10_u64))
                .context("rayon", |input| THREADS.install(|| repaired(input)))
                .context("procspawn", |input| in_a_process(input, repaired)),
        )
        .run()
}

/// What `worker` returns in a process that procspawn starts for it.
fn in_a_process<T: spawncheck::Portable>(input: T, worker: fn(T) -> u64) -> u64 {
    procspawn::spawn(input, worker).join().expect("the process returns")
}
