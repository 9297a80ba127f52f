//! Many reports in, one matrix out. Pure.

use super::event::{Failed, OfBinary, Start, Unconfirmed};
use super::model::{Cell, Failure, Matrix, Name, Platform, Row, Run, Unsettled};
use super::report::{Report, worse};
use super::{provenance, stories};
use crate::finding::Level;
use crate::report::{binary_failed, unconfirmed};
use std::collections::{BTreeMap, BTreeSet};

/// How many tests a warning names.
const NAMED: usize = 3;

/// `differences`: how much it matters that a test passes on one platform and fails on another.
pub(crate) fn join(reports: Vec<Report>, differences: Level) -> Matrix {
    let mut platforms = Vec::new();
    let runs: Vec<_> = reports.iter().map(|report| run(report, &mut platforms)).collect();
    let mut matrix = Matrix { runs, platforms, ..Matrix::default() };
    matrix.warnings = provenance::warnings(&matrix.runs, &matrix.platforms);
    add_tests(&mut matrix, &reports);
    let mut findings = Vec::new();
    let mut failures = BTreeMap::new();
    for (index, report) in reports.into_iter().enumerate() {
        let platform = matrix.runs[index].platform;
        findings.extend(report.findings.into_iter().map(|finding| (platform, finding)));
        report.failures.into_iter().for_each(|failure| add_failure(&mut failures, platform, failure));
        add_remarks(&mut matrix, platform, report.remarks);
        add_unsettled(&mut matrix, platform, report.failed_binaries, report.unconfirmed);
    }
    // Every shard says so of a binary that takes no part.
    let mut told = BTreeSet::new();
    matrix.warnings.retain(|warning| told.insert(warning.clone()));
    matrix.failures = failures.into_values().collect();
    matrix.stories = stories::stories(findings, &matrix, differences);
    matrix
}

fn run(report: &Report, platforms: &mut Vec<Platform>) -> Run {
    let start = report.start.clone().unwrap_or_default();
    let platform = platform(&start);
    let index = platforms.iter().position(|known| *known == platform).unwrap_or_else(|| {
        platforms.push(platform);
        platforms.len() - 1
    });
    Run {
        file: report.file.clone(),
        version: start.version,
        platform: index,
        commit: start.commit,
        partition: start.partition,
        wall_ms: report.end.map_or(0.0, |(wall, _)| wall),
        exit_code: report.end.map(|(_, code)| code),
    }
}

/// By what the tests were built for; the machine that drove them may be another.
fn platform(start: &Start) -> Platform {
    let Start { os, arch, target, .. } = start.clone();
    let target = target.unwrap_or_else(|| format!("{arch}-{os}"));
    Platform { target, os, arch }
}

fn add_tests(matrix: &mut Matrix, reports: &[Report]) {
    let mut rows: BTreeMap<Name, Row> = BTreeMap::new();
    let columns = matrix.platforms.len();
    let mut contradictions = vec![Vec::new(); columns];
    for (run, report) in matrix.runs.iter().zip(reports) {
        for (name, seen) in &report.tests {
            let row = rows.entry(name.clone()).or_insert_with(|| Row {
                name: name.clone(),
                cells: vec![Cell::default(); columns],
                micros: vec![0; columns],
            });
            let cell = &mut row.cells[run.platform];
            if contradict(*cell, seen.cell) {
                contradictions[run.platform].push(name.clone());
            }
            cell.in_process = worse(cell.in_process, seen.cell.in_process);
            cell.spawned = worse(cell.spawned, seen.cell.spawned);
            row.micros[run.platform] = row.micros[run.platform].saturating_add(seen.micros);
        }
    }
    matrix.tests = rows.into_values().collect();
    for (platform, names) in matrix.platforms.iter().zip(contradictions) {
        matrix.warnings.extend(contradiction(platform, &names));
    }
}

fn contradict(one: Cell, other: Cell) -> bool {
    one.legs().into_iter().zip(other.legs()).any(|legs| match legs {
        (Some(one), Some(other)) => one != other && one.has_run() && other.has_run(),
        _ => false,
    })
}

fn contradiction(platform: &Platform, names: &[Name]) -> Option<String> {
    let shown: Vec<_> =
        names.iter().take(NAMED).map(|name| format!("`{} {}`", name.binary, name.test)).collect();
    let more = match names.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let target = &platform.target;
    (!names.is_empty()).then(|| {
        format!("reports of {target} disagree on {}{more}; the worst verdict is shown", shown.join(", "))
    })
}

fn add_failure(failures: &mut BTreeMap<Name, Failure>, platform: usize, failed: Failed) {
    let name = Name::from(failed.name);
    let failure = failures.entry(name.clone()).or_insert_with(|| Failure {
        name,
        platforms: Vec::new(),
        output: BTreeMap::new(),
    });
    if !failure.platforms.contains(&platform) {
        failure.platforms.push(platform);
        failure.platforms.sort_unstable();
        failure.output.insert(platform, failed.output);
    }
}

fn add_remarks(matrix: &mut Matrix, platform: usize, remarks: Vec<OfBinary>) {
    for OfBinary { binary, reason, .. } in remarks {
        matrix.warnings.push(format!("`{binary}` on {}: {reason}", matrix.platforms[platform].target));
    }
}

fn add_unsettled(
    matrix: &mut Matrix,
    platform: usize,
    failed_binaries: Vec<OfBinary>,
    unconfirmed_tests: Vec<Unconfirmed>,
) {
    let binaries = failed_binaries.into_iter().map(|OfBinary { package, binary, reason }| {
        (Name { package, binary, test: String::new() }, binary_failed(&reason))
    });
    let tests = unconfirmed_tests.into_iter().map(|Unconfirmed { name, in_process, spawned }| {
        (Name::from(name), unconfirmed(in_process, spawned))
    });
    for (name, text) in binaries.chain(tests) {
        let Name { binary, test, .. } = &name;
        let what = if test.is_empty() { binary.clone() } else { format!("{binary} {test}") };
        matrix.warnings.push(format!("`{what}` on {}: {text}", matrix.platforms[platform].target));
        matrix.unsettled.push(Unsettled { name, platform, text });
    }
}
