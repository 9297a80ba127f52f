//! A check from its first input to its report.

mod one;
mod tell;

use super::confirm::{Verdict, confirm};
use super::executor::{Executor, Input, Raw, Trouble};
use super::kept::Kept;
use super::worker::{Candidate, Subject};
use crate::Config;
use crate::error::{Error, ErrorKind};
use crate::finding::{Finding, Kind};
use crate::report::Report;
use proptest::test_runner::{Config as ProptestConfig, RngAlgorithm, TestRng, TestRunner};

/// So many inputs of a worker may waver before the rest is given up.
const WAVERING: u32 = 8;

/// So many calls of the reference may time out before the rest is given up.
const HANGING: u32 = 3;

/// A check under way.
pub(crate) struct Explorer<'a> {
    name: &'a str,
    config: &'a Config,
    subject: &'a dyn Subject,
    executor: &'a mut dyn Executor,
    kept: Option<Kept>,
    report: Report,
    /// The inputs since the processes were started.
    past: Vec<Past>,
    /// Their bytes.
    remembered: usize,
    wavering: u32,
    hanging: u32,
}

/// An input that was tried.
struct Past {
    input: Input,
    candidate: Option<Box<dyn Candidate>>,
}

impl<'a> Explorer<'a> {
    pub(crate) fn new(
        name: &'a str,
        config: &'a Config,
        subject: &'a dyn Subject,
        executor: &'a mut dyn Executor,
        kept: Option<Kept>,
    ) -> Self {
        Self {
            name,
            config,
            subject,
            executor,
            kept,
            report: Report::new(name),
            past: Vec::new(),
            remembered: 0,
            wavering: 0,
            hanging: 0,
        }
    }

    /// Tries what was kept, then new inputs until one diverges.
    pub(crate) fn run(mut self) -> Result<Report, Error> {
        let result = match self.try_kept() {
            Ok(true) => Ok(()),
            Ok(false) => self.try_new(),
            Err(trouble) => Err(trouble),
        };
        match result {
            Ok(()) => Ok(self.report),
            Err(Trouble::Recursive(message)) => {
                self.report.findings.push(Finding { message, ..Finding::new(Kind::Recursive, self.name) });
                Ok(self.report)
            }
            // What was found until then is not lost.
            Err(Trouble::Error(error)) if !self.report.findings.is_empty() => {
                self.report.errors.push(error);
                Ok(self.report)
            }
            Err(Trouble::Error(error)) => Err(error),
        }
    }

    /// The counterexamples of earlier runs; whether one of them still diverges.
    fn try_kept(&mut self) -> Result<bool, Trouble> {
        let Some(kept) = &mut self.kept else { return Ok(false) };
        let (cases, errors) = kept.load(self.subject);
        self.report.errors.extend(errors);
        for case in cases {
            let contexts = self.executor.contexts().to_vec();
            let suspects: Vec<_> = contexts
                .into_iter()
                .map(|context| {
                    let history = if context.remembers() { case.history.clone() } else { Vec::new() };
                    (context, history)
                })
                .collect();
            self.report.cases += 1;
            let same = |left: &Raw, right: &Raw| self.subject.same(left, right);
            match confirm(self.executor, &same, &suspects, &case.input)? {
                Verdict::Confirmed(witness) => {
                    if self.diverges(witness, None, Vec::new())? {
                        return Ok(true);
                    }
                    self.flaky(&case.input, None);
                }
                Verdict::Flaky => self.flaky(&case.input, None),
                Verdict::Gone => {}
            }
        }
        Ok(false)
    }

    fn try_new(&mut self) -> Result<(), Trouble> {
        let mut runner = self.runner();
        for _ in 0..self.config.cases {
            let candidate = self.subject.generate(&mut runner).map_err(|reason| {
                let message = format!("the strategy of worker `{}` gives no input: {reason}", self.name);
                Error::new(ErrorKind::Strategy, message)
            })?;
            if self.try_one(candidate)? {
                break;
            }
            if self.hanging >= HANGING {
                let message = format!(
                    "worker `{}` did not end within {:?} for {HANGING} inputs; gave up after {} of {} cases (hint: \
                     `Config::timeout`)",
                    self.name, self.config.timeout, self.report.cases, self.config.cases
                );
                return Err(Error::new(ErrorKind::Child, message).into());
            }
            if self.wavering >= WAVERING {
                break;
            }
        }
        Ok(())
    }

    fn runner(&self) -> TestRunner {
        let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
        match self.config.seed {
            None => TestRunner::new(config),
            Some(seed) => {
                let mut bytes = [0; 32];
                bytes[..8].copy_from_slice(&seed.to_le_bytes());
                TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
            }
        }
    }
}
