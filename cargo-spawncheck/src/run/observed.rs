//! What one process showed of its tests, as it comes.

use super::executor::Observation;
use super::output::beginning;
pub(super) use super::output::clip;
use super::results::{Record, Results};
use crate::finding::Verdict;
use crate::suite::{Binary, Dialect};
use spawncheck::Exit;
use spawncheck::child::{Ended, Killed};
use std::time::{Duration, Instant};

/// What both harnesses exit with after a test has failed.
const SOME_FAILED: Exit = Exit::Code(101);

/// The observations of one process, as they come.
pub(super) struct Observed<'a> {
    /// The tests that were asked for.
    wanted: &'a [usize],
    observations: Vec<Observation>,
    last: Instant,
}

impl<'a> Observed<'a> {
    pub(super) fn new(wanted: &'a [usize]) -> Self {
        Self { wanted, observations: Vec::with_capacity(wanted.len()), last: Instant::now() }
    }

    pub(super) fn note(&mut self, record: Record, now: Instant, finished: &mut dyn FnMut(&Observation)) {
        let duration = now.saturating_duration_since(self.last);
        self.last = now;
        self.add(record.test, record.verdict, duration, String::new(), finished);
    }

    /// The process ended without a result for `test`.
    pub(super) fn ended_early(
        &mut self,
        test: usize,
        ended: &Ended,
        garbled: bool,
        finished: &mut dyn FnMut(&Observation),
    ) {
        let verdict =
            if ended.killed == Some(Killed::TimedOut) { Verdict::TimedOut } else { Verdict::Crashed };
        let reason = match (verdict, garbled) {
            (Verdict::TimedOut, _) => "no result in the time given".to_owned(),
            (_, true) => "its harness reported on another test instead".to_owned(),
            (_, false) => format!("{} before its result", ended.exit),
        };
        self.add(test, verdict, self.last.elapsed(), with_stderr(&reason, ended), finished);
    }

    fn add(
        &mut self,
        test: usize,
        verdict: Verdict,
        duration: Duration,
        output: String,
        finished: &mut dyn FnMut(&Observation),
    ) {
        let observation = Observation { test, verdict, duration, leak: None, output, bad_end: None };
        self.observations.push(observation);
        self.observations.last().into_iter().for_each(finished);
    }

    /// Every test has its result, but the process did not end as its harness would have ended it then.
    fn ended_badly(&mut self, ended: &Ended) {
        let end = match ended.killed {
            Some(_) => "no end in the time given".to_owned(),
            None => ended.exit.to_string(),
        };
        // One that has failed is told as that, whatever else it did.
        let mut passed: Vec<_> =
            self.observations.iter_mut().filter(|observation| !observation.verdict.is_bad()).collect();
        passed.iter_mut().for_each(|observation| observation.bad_end = Some(end.clone()));
        if let ([only], [_]) = (&mut *passed, self.wanted) {
            only.verdict = if ended.killed.is_some() { Verdict::TimedOut } else { Verdict::Crashed };
            only.output = with_stderr(&format!("{end}, after its result"), ended);
        }
    }

    /// Adds what is known only after the end.
    pub(super) fn finish(
        mut self,
        binary: &Binary,
        results: &Results,
        ended: &Ended,
        show_passed: bool,
    ) -> Vec<Observation> {
        let any_failed = self.observations.iter().any(|observation| observation.verdict.is_bad());
        let as_told = ended.exit.is_success() || any_failed && ended.exit == SOME_FAILED;
        if results.pending().is_none() && !as_told {
            self.ended_badly(ended);
        }
        if let ([only], [_]) = (&mut *self.observations, self.wanted) {
            only.leak = ended.leak;
            only.duration = ended.duration;
        }
        let wanted = |observation: &Observation| {
            observation.verdict == Verdict::Failed || show_passed && observation.verdict == Verdict::Passed
        };
        if self.observations.iter().any(wanted) {
            let (stdout, stderr) = (ended.stdout.to_text(), ended.stderr.to_text());
            for observation in self.observations.iter_mut().filter(|observation| wanted(observation)) {
                let name = &binary.tests[observation.test].name;
                let keep: fn(&str) -> String = if observation.verdict.is_bad() { clip } else { beginning };
                observation.output = keep(&match (binary.dialect, observation.verdict) {
                    // It captures nothing: what passing tests print is told apart only where there is one of them.
                    (Dialect::Mimic, Verdict::Passed) if self.wanted.len() == 1 => {
                        format!("{stdout}{stderr}")
                    }
                    (Dialect::Mimic, Verdict::Passed) => String::new(),
                    _ => results.output_of(name, &stdout, &stderr),
                });
            }
        }
        self.observations
    }
}

/// How a process ended, and what it had to say.
fn with_stderr(reason: &str, ended: &Ended) -> String {
    let stderr = ended.stderr.to_text();
    // libtest says so in every process that we start, and it means us.
    let said = stderr.lines().filter(|line| !line.starts_with("warning: `--logfile` is deprecated"));
    let text: Vec<&str> = [reason].into_iter().chain(said).collect();
    beginning(text.join("\n").trim())
}

#[cfg(test)]
mod tests;
