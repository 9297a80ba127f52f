//! Which arguments make a test binary run a given set of its tests.

use crate::args::FilterArgs;
use crate::suite::{Binary, Dialect, RunIgnored};

/// How much may go on a command line: half of the smallest `ARG_MAX` in use, respectively of Windows' limit in characters.
pub(super) const MAX_BYTES: usize = if cfg!(windows) { 16_000 } else { 128 << 10 };

/// A call of a test binary.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) args: Vec<String>,
    /// The tests that it runs, in order. It may report on ignored ones besides.
    pub(super) runs: Vec<usize>,
}

/// Finds a call that runs `wanted` (not empty), or the longest beginning of it that arguments can express: on a command line of
/// limited length, in the binary's own order.
pub(super) fn call(binary: &Binary, filter: &FilterArgs, wanted: &[usize]) -> Call {
    let mode = filter.run_ignored;
    let ordered = wanted.windows(2).position(|pair| pair[0] >= pair[1]).map_or(wanted.len(), |last| last + 1);
    let wanted = &wanted[..ordered];
    if wanted.len() == 1 {
        // The spawned leg makes one call for each test: none may take time that grows with their number.
        return exactly(binary, mode, wanted);
    }
    let runs = |index: &usize| mode.runs(&binary.tests[*index]);
    let (everything, selected): (Vec<_>, Vec<_>) =
        ((0..binary.tests.len()).collect(), binary.selected().collect());
    let same = |set: &[usize]| set.iter().filter(|index| runs(index)).eq(wanted);
    if same(&everything) {
        return Call::new(Vec::new(), mode, wanted);
    }
    if same(&selected) && (binary.dialect == Dialect::Libtest || filter.filters.len() <= 1) {
        return Call::new(own_filters(filter), mode, wanted);
    }
    by_name(binary, mode, wanted)
}

fn own_filters(filter: &FilterArgs) -> Vec<String> {
    let mut args = Vec::new();
    args.extend(filter.exact.then(|| "--exact".to_owned()));
    args.extend(filter.skip.iter().map(|skip| format!("--skip={skip}")));
    // After `--`, a filter that starts with a hyphen is no flag.
    args.extend((!filter.filters.is_empty()).then(|| "--".to_owned()));
    args.extend(filter.filters.iter().cloned());
    args
}

fn by_name(binary: &Binary, mode: RunIgnored, wanted: &[usize]) -> Call {
    let skipped: Vec<_> =
        (0..binary.tests.len()).filter(|index| wanted.binary_search(index).is_err()).collect();
    let (run_bytes, skip_bytes) = (bytes(binary, wanted), bytes(binary, &skipped));
    let many_filters = binary.dialect == Dialect::Libtest;
    if skip_bytes <= MAX_BYTES && (!many_filters || skip_bytes < run_bytes) {
        let skips = skipped.iter().map(|index| format!("--skip={}", binary.filter_name(*index)));
        return Call::new(["--exact".to_owned()].into_iter().chain(skips).collect(), mode, wanted);
    }
    exactly(binary, mode, &wanted[..if many_filters { fitting(binary, wanted) } else { 1 }])
}

fn exactly(binary: &Binary, mode: RunIgnored, tests: &[usize]) -> Call {
    let names = tests.iter().map(|index| binary.filter_name(*index).to_owned());
    Call::new(["--exact".to_owned(), "--".to_owned()].into_iter().chain(names).collect(), mode, tests)
}

/// How many of `wanted` fit, at least one.
fn fitting(binary: &Binary, wanted: &[usize]) -> usize {
    let sums = wanted.iter().scan(0, |sum, index| {
        *sum += cost(binary, *index);
        Some(*sum)
    });
    sums.take_while(|sum| *sum <= MAX_BYTES).count().max(1)
}

fn bytes(binary: &Binary, tests: &[usize]) -> usize {
    tests.iter().map(|index| cost(binary, *index)).sum()
}

/// How many bytes a test's name takes on a command line.
fn cost(binary: &Binary, test: usize) -> usize {
    // With the flag and the separating zero; quoting on Windows costs about as much.
    binary.tests[test].name.len() + 8
}

impl Call {
    /// For a process that will be given its tests, in any order, by other means.
    pub(super) fn steered(filter: &FilterArgs, tests: &[usize]) -> Self {
        Self::new(Vec::new(), filter.run_ignored, tests)
    }

    fn new(mut args: Vec<String>, mode: RunIgnored, runs: &[usize]) -> Self {
        if let Some(flag) = mode.flag() {
            args.insert(0, flag.to_owned());
        }
        Self { args, runs: runs.to_vec() }
    }
}
