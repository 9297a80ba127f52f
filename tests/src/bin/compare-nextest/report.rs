//! What was measured, as Markdown.

use crate::measure::Row;
use spawncheck_tests::benchmark::Sample;
use std::{env, thread};

/// Where the figures were taken: without it they say little.
pub(crate) fn machine(nextest: Option<&str>) -> String {
    let cores = thread::available_parallelism().map_or_else(|_| "?".to_owned(), |cores| cores.to_string());
    let nextest = nextest.unwrap_or("no cargo-nextest");
    format!("{}, {}, {cores} cores, {nextest}\n", env::consts::OS, env::consts::ARCH)
}

/// What stands above the rows.
pub(crate) const HEAD: &str = "\
| tests | pairs | a test alone | `cargo test`, serial | nextest | spawncheck | spawncheck / nextest | peak memory: nextest | spawncheck |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |";

/// The line of one crate.
pub(crate) fn line(row: &Row) -> String {
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        row.tests,
        row.pairs,
        time(row.alone),
        time(row.serial),
        time(row.nextest),
        time(row.spawncheck),
        cell(row.ratio, |ratio| format!("{ratio:.2}")),
        memory(row.nextest),
        memory(row.spawncheck),
    )
}

/// From each crate to the next larger one: how many times as many tests, and how many times as long.
pub(crate) fn growth(rows: &[Row]) -> String {
    let factor = |small: Option<Sample>, large: Option<Sample>| {
        cell(small.zip(large), |(small, large)| format!("× {:.1}", large.seconds / small.seconds))
    };
    let line = |pair: &[Row]| {
        let (small, large) = (&pair[0], &pair[1]);
        format!(
            "| {} → {} | × {:.1} | {} | {} | {} |\n",
            small.tests,
            large.tests,
            large.tests as f64 / small.tests as f64,
            factor(small.alone, large.alone),
            factor(small.nextest, large.nextest),
            factor(small.spawncheck, large.spawncheck),
        )
    };
    let head =
        "| growth | tests | a test alone | nextest | spawncheck |\n| --- | ---: | ---: | ---: | ---: |\n";
    head.to_owned() + &rows.windows(2).map(line).collect::<String>()
}

fn time(sample: Option<Sample>) -> String {
    let write = |seconds: f64| {
        if seconds < 1.0 { format!("{:.1} ms", seconds * 1000.0) } else { format!("{seconds:.2} s") }
    };
    cell(sample, |sample| write(sample.seconds))
}

fn memory(sample: Option<Sample>) -> String {
    cell(sample.and_then(|sample| sample.peak_memory), |kib| format!("{:.1} MiB", kib as f64 / 1024.0))
}

fn cell<T>(value: Option<T>, write: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| "–".to_owned(), write)
}
