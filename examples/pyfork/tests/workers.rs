//! The script's workers as a suite: two findings, for `worker` and `strict_worker`, and none for `repaired`.

use pyfork::{Args, parent_only, repaired, start_up, strict_worker, worker};
use spawncheck::Suite;
use std::process::ExitCode;

fn main() -> ExitCode {
    // The top of the script: children come by here too.
    let args = start_up(Args { input: 2, ..Args::default() });
    Suite::new("pyfork")
        // What stands below `if __name__ == "__main__"`: children do not.
        .setup(|| parent_only(args))
        .worker("worker", worker, 0..10_i64)
        .worker("strict_worker", strict_worker, 0..10_i64)
        .worker("repaired", repaired, (0..10_i64, 0..10_i64))
        .run()
}
