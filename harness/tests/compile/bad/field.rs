use serde::Serialize;
use std::fs::File;

// `Deserialize` is left out: its messages show names from inside serde that change with each version.
#[derive(Debug, Serialize)]
struct Job {
    log: File,
}

fn main() {
    let _ = |job: Job| job.log;
}
