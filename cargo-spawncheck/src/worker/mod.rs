//! What test binaries that check workers have found by themselves, with the `spawncheck` crate.
//!
//! Such a binary appends its findings to the file that a variable names. Each binary has a file of its own, and the same one
//! in both legs and in each repetition: a variable whose value (or only its length) changed from process to process would be a
//! difference that tests could see. So a finding is known by what it says of itself, and its binary by the file. Where that
//! crate is linked in, it removes the variable before `main`; the tests of other binaries can see it, alike in both legs.
//!
//! A finding counts if one leg alone shows it. It has been confirmed already: in each of eight rounds of really new
//! processes, by turns with the reference. What keeps the other leg from showing it as well is the inputs, which are
//! random, or what the two legs have not in common, and neither takes anything back. For the same reason a test that fails and
//! has such a finding is neither an ordinary failure nor suspected of anything.
//!
//! Anybody may write into these files, so nothing in them is believed: not their size, nor that a line is what we expect.

mod line;
#[cfg(test)]
mod tests;

pub(crate) use line::place as place_of_context;

use crate::explanation::Explanation;
use crate::finding::{Kind, Verdict};
use crate::suite::{Binary, Suite, TestId};
use line::Line;
use spawncheck::reproduce::Reproduction;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The variable that names the file.
pub(crate) const VARIABLE: &str = "SPAWNCHECK_EVENTS";

/// How much of a binary's file is read, in bytes, and how much of it may be one line.
const MOST: u64 = 64 << 20;
const LONGEST: u64 = 4 << 20;

/// How many findings of one binary are believed, before the same ones are put together.
const MOST_FINDINGS: usize = 10_000;

/// A statement about a worker, as its test binary made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WorkerFinding {
    pub(crate) kind: Kind,
    /// The test that checks it.
    pub(crate) test: TestId,
    /// What it is called there.
    pub(crate) worker: String,
    /// `Debug` rendering of the smallest input that shows it, where it depends on one.
    pub(crate) input: Option<String>,
    /// Context and what the worker did in it, the reference last.
    pub(crate) outcomes: Vec<(String, String)>,
    /// `Debug` renderings of the inputs of the calls that must come before.
    pub(crate) history: Vec<String>,
    /// `Diverges`: whether it takes setup.
    pub(crate) needs_setup: Option<bool>,
    /// `Lossy`: what changed.
    pub(crate) loss: Option<Loss>,
    /// What there is to say besides.
    pub(crate) message: Option<String>,
    /// How it comes about, as far as that is known.
    pub(crate) explanation: Explanation,
    /// `Diverges`: two processes that show it, if they can be started by others.
    pub(crate) reproduction: Option<Reproduction>,
}

impl WorkerFinding {
    /// Whether it says that what came before the last call matters. Without a past there is nothing to be found in it: the context
    /// itself is what differs.
    pub(crate) fn has_past(&self) -> bool {
        let has_past = self.needs_setup == Some(true) || !self.history.is_empty();
        self.kind == Kind::Diverges && has_past
    }
}

/// What changed in a round trip through serialization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Loss {
    /// Whether it was the output; else the input.
    pub(crate) output: bool,
    /// Its path; empty for the whole value.
    pub(crate) field: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// What all binaries have told.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Each once, in the order of tests.
    pub(crate) findings: Vec<WorkerFinding>,
    /// The tests that failed because of a finding.
    pub(crate) explained: BTreeSet<TestId>,
    /// What was left out, a line for each binary.
    pub(crate) complaints: Vec<String>,
}

impl Told {
    /// Leaves what is about tests that are judged here.
    pub(crate) fn keep(&mut self, judged: impl Fn(TestId) -> bool) {
        self.findings.retain(|finding| judged(finding.test));
        self.explained.retain(|id| judged(*id));
    }
}

/// The file of the binary with this index, in our folder.
pub(crate) fn file(folder: &Path, binary: usize) -> PathBuf {
    folder.join(format!("workers-{binary}.jsonl"))
}

/// Reads what the binaries of `suite` have told; `verdicts` are those of a test in both legs.
pub(crate) fn told(suite: &Suite, folder: &Path, verdicts: impl Fn(TestId) -> [Option<Verdict>; 2]) -> Told {
    let mut told = Told::default();
    for (index, binary) in suite.binaries.iter().enumerate() {
        let mut heard = Heard::default();
        if let Err(error) = read(&file(folder, index), &mut |line| heard.add(index, binary, line)) {
            heard.strange.get_or_insert_with(|| error.to_string());
        }
        if let Some(why) = heard.strange {
            let id = &binary.id;
            told.complaints.push(format!("`{id}`: not all that it tells of workers could be read: {why}"));
        }
        let only_so = heard.failing.difference(&heard.failing_otherwise);
        told.explained.extend(only_so.filter(|id| has_failed(verdicts(**id))));
        told.findings.append(&mut heard.findings);
    }
    put_together(&mut told.findings);
    told
}

/// Whether it failed, and did nothing worse: a finding neither ends a process nor takes the time that there is.
fn has_failed(verdicts: [Option<Verdict>; 2]) -> bool {
    let bad = || verdicts.into_iter().flatten().filter(|verdict| verdict.is_bad());
    bad().next().is_some() && bad().all(|verdict| verdict == Verdict::Failed)
}

/// What one binary has told.
#[derive(Default)]
struct Heard {
    findings: Vec<WorkerFinding>,
    /// Tests that a finding makes fail, and tests that have another reason as well.
    failing: BTreeSet<TestId>,
    failing_otherwise: BTreeSet<TestId>,
    /// What was wrong first.
    strange: Option<String>,
}

impl Heard {
    fn add(&mut self, index: usize, binary: &Binary, bytes: &[u8]) {
        let finding = Line::parse(bytes).map_err(|error| error.to_string()).and_then(|line| {
            let test = line.test_of(binary).ok_or("a finding is about none of its tests")?;
            if self.findings.len() >= MOST_FINDINGS {
                return Err(format!("more than {MOST_FINDINGS} findings"));
            }
            Ok((line, TestId { binary: index, test }))
        });
        match finding {
            Ok((line, test)) => {
                if line.fails_its_test() {
                    self.failing.insert(test);
                }
                if line.has_errors() {
                    self.failing_otherwise.insert(test);
                }
                self.findings.push(line.into_finding(test));
            }
            Err(why) => {
                self.strange.get_or_insert(why);
            }
        }
    }
}

/// Gives `each` line of a file, as far as it is read. Where nothing was found, there is no file.
fn read(path: &Path, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    match path.symlink_metadata() {
        // Nothing else is opened: a pipe would have nobody who writes into it.
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(io::Error::other("somebody put something else in the place of the file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    }
    let mut file = BufReader::new(File::open(path)?.take(MOST));
    let mut line = Vec::new();
    loop {
        line.clear();
        if (&mut file).take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        each(&line);
        if line.last() != Some(&b'\n') {
            file.skip_until(b'\n')?;
        }
    }
    match file.get_ref().limit() {
        0 => Err(io::Error::other(format!("it is longer than {} MiB", MOST >> 20))),
        _ => Ok(()),
    }
}

/// Leaves one of those that state the same, the one with the smallest input.
fn put_together(findings: &mut Vec<WorkerFinding>) {
    fn identity(finding: &WorkerFinding) -> (TestId, &str, Kind, Option<(bool, &str)>) {
        let field = finding.loss.as_ref().map(|loss| (loss.output, loss.field.as_str()));
        (finding.test, &finding.worker, finding.kind, field)
    }
    let size = |finding: &WorkerFinding| {
        finding.history.iter().chain(&finding.input).map(String::len).sum::<usize>()
    };
    findings.sort_by(|one, other| {
        let inputs =
            |finding: &WorkerFinding| (size(finding), finding.history.clone(), finding.input.clone());
        identity(one).cmp(&identity(other)).then_with(|| inputs(one).cmp(&inputs(other)))
    });
    findings.dedup_by(|later, first| identity(later) == identity(first));
}
