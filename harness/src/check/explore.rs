//! A check from its first input to its report.

use super::companion::Trouble;
use super::confirm::{Verdict, Witness, confirm};
use super::executor::{Executor, Input, Observed, Raw, Seen};
use super::explain::{Explained, explain};
use super::kept::Kept;
use super::shrink::{Budget, shrink};
use super::worker::{Candidate, Subject};
use crate::error::{Error, ErrorKind};
use crate::finding::{Finding, Kind, Loss};
use crate::report::{Crossed, Report, copies};
use crate::{Config, Context, Outcome};
use proptest::test_runner::{Config as ProptestConfig, RngAlgorithm, TestRng, TestRunner};
use std::time::Instant;

/// So many bytes of inputs are remembered, and as much by the processes that go on from call to call; then both begin anew.
const REMEMBERED: usize = 64 << 20;

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
    differing: u32,
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
            differing: 0,
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
                    self.differing += 1;
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

    /// Whether this input shows that the worker diverges.
    fn try_one(&mut self, mut candidate: Box<dyn Candidate>) -> Result<bool, Trouble> {
        let encoded = candidate.encoded().map_err(|error| {
            let message = format!("an input of worker `{}` cannot be serialized", self.name);
            Error::new(ErrorKind::Serialization, message).with_source(error)
        })?;
        self.report.cases += 1;
        let (input, mut candidate) = match encoded.loss {
            Some(loss) if !self.has_loss(false) => {
                (self.lossy_input(&mut *candidate, encoded.input, loss)?, None)
            }
            _ => (encoded.input, Some(candidate)),
        };
        let observed = self.executor.next(&input)?;
        self.measure(&input, &observed);
        if observed.reference == Outcome::TimedOut {
            self.hanging += 1;
        }
        let subject = self.subject;
        let differs = |seen: &&Seen| !subject.same(&seen.outcome, &observed.reference);
        let suspects: Vec<_> =
            observed.others.iter().filter(differs).map(|seen| self.suspect(seen)).collect();
        if let Some(loss) = &observed.loss
            && !self.has_loss(true)
        {
            // A candidate that was made smaller for this cannot be used for anything else.
            let candidate = if suspects.is_empty() { candidate.take() } else { None };
            self.lossy_output(candidate, &input, loss.clone())?;
        }
        if suspects.is_empty() {
            self.comparable(&input, &observed.reference)?;
        } else {
            self.differing += 1;
            let same = |left: &Raw, right: &Raw| subject.same(left, right);
            match confirm(self.executor, &same, &suspects, &input)? {
                Verdict::Confirmed(witness) => {
                    let first = self.past.len() - witness.history.len();
                    self.remembered = 0;
                    let earlier = self.past.drain(..).skip(first).map(|past| past.candidate).collect();
                    if self.diverges(witness, candidate.take(), earlier)? {
                        return Ok(true);
                    }
                    self.flaky(&input, Some(&observed));
                    self.executor.restart();
                    return Ok(false);
                }
                // The fork that stood for a fresh child may not have been one; from here on each is executed.
                Verdict::Gone if self.executor.execute() => {}
                Verdict::Flaky | Verdict::Gone => self.flaky(&input, Some(&observed)),
            }
        }
        self.remember(Past { input, candidate });
        Ok(false)
    }

    /// An outcome that says nothing about the worker's result must not pass for agreement.
    fn comparable(&self, input: &Input, reference: &Raw) -> Result<(), Error> {
        let (kind, what) = match reference {
            Outcome::Unserializable(why) => (ErrorKind::Serialization, why.clone()),
            Outcome::Broken(how) => (ErrorKind::Child, format!("it broke the channel to its parent: {how}")),
            _ => return Ok(()),
        };
        let input = self.subject.show_input(input);
        Err(Error::new(kind, format!("worker `{}` cannot be checked with input {input}: {what}", self.name)))
    }

    /// Finds the smallest way to show it, and reports that; `false` if it did not hold.
    fn diverges(
        &mut self,
        witness: Witness,
        candidate: Option<Box<dyn Candidate>>,
        earlier: Vec<Option<Box<dyn Candidate>>>,
    ) -> Result<bool, Trouble> {
        let subject = self.subject;
        let budget = self.budget();
        let same = |left: &Raw, right: &Raw| subject.same(left, right);
        let Some(explained) = explain(self.executor, &same, witness, candidate, earlier, budget)? else {
            return Ok(false);
        };
        let Explained { witness, outcomes, tried, differing } = explained;
        let mut finding = Finding::new(Kind::Diverges, self.name);
        finding.input = Some(subject.show_input(&witness.input));
        finding.history = witness.history.iter().map(|input| subject.show_input(input)).collect();
        finding.needs_setup = witness.setup;
        finding.counts = (self.differing + differing, self.report.cases + tried);
        let shown = |outcome: &Raw| outcome.map(|value| subject.show_output(value));
        finding.outcomes =
            outcomes.iter().map(|(context, outcome)| (context.clone(), shown(outcome))).collect();
        if let Some(kept) = &mut self.kept {
            match kept.keep(subject, &witness.history, &witness.input) {
                Ok(path) => finding.kept = path,
                Err(error) => self.report.errors.push(error),
            }
        }
        self.report.findings.push(finding);
        Ok(true)
    }

    fn suspect(&self, seen: &Seen) -> (Context, Vec<Input>) {
        let start = self.past.len().saturating_sub(seen.earlier);
        (seen.context.clone(), self.past[start..].iter().map(|past| past.input.clone()).collect())
    }

    fn remember(&mut self, past: Past) {
        self.remembered += past.input.bytes.len();
        self.past.push(past);
        if self.remembered > REMEMBERED {
            self.past.clear();
            self.remembered = 0;
            self.executor.restart();
        }
    }

    fn measure(&mut self, input: &Input, observed: &Observed) {
        let output = if let Outcome::Value(bytes) = &observed.reference { bytes.len() as u64 } else { 0 };
        let crossed = Crossed { input: input.bytes.len() as u64, output };
        self.report.crossed.push(crossed);
        if crossed.input > self.config.max_payload as u64 {
            let Config { max_payload, workers, .. } = *self.config;
            let oversized = self.found_once(Kind::Oversized);
            if crossed.input > oversized.bytes {
                oversized.bytes = crossed.input;
                oversized.message = copies(crossed.input, max_payload as u64, workers as u64);
            }
        }
    }

    /// The finding of this kind, made now if it is the first.
    fn found_once(&mut self, kind: Kind) -> &mut Finding {
        let findings = &mut self.report.findings;
        let index = findings.iter().position(|finding| finding.kind == kind).unwrap_or_else(|| {
            findings.push(Finding::new(kind, self.name));
            findings.len() - 1
        });
        &mut findings[index]
    }

    fn flaky(&mut self, input: &Input, observed: Option<&Observed>) {
        self.wavering += 1;
        if self.wavering > 1 {
            return;
        }
        let mut finding = Finding::new(Kind::Flaky, self.name);
        finding.input = Some(self.subject.show_input(input));
        if let Some(Observed { reference, others, .. }) = observed {
            let others = others.iter().map(|seen| (&seen.context, &seen.outcome));
            let all = others.chain([(&Context::Spawn, reference)]);
            let shown = |outcome: &Raw| outcome.map(|value| self.subject.show_output(value));
            finding.outcomes = all.map(|(context, outcome)| (context.clone(), shown(outcome))).collect();
        }
        self.report.findings.push(finding);
    }

    fn has_loss(&self, output: bool) -> bool {
        let losses = self.report.findings.iter().filter_map(|finding| finding.loss.as_ref());
        losses.into_iter().any(|loss| loss.output == output)
    }

    /// Reports an input that changes on its way, and returns the smallest one that does.
    fn lossy_input(
        &mut self,
        candidate: &mut dyn Candidate,
        input: Input,
        loss: Loss,
    ) -> Result<Input, Trouble> {
        let mut smallest = loss;
        let (smaller, _) = shrink(candidate, self.budget(), |encoded| {
            let lossy = encoded.loss.clone();
            let shows = lossy.is_some();
            smallest = lossy.unwrap_or_else(|| smallest.clone());
            Ok::<_, Trouble>(shows)
        })?;
        let input = smaller.unwrap_or(input);
        self.lossy(&input, smallest);
        Ok(input)
    }

    fn lossy_output(
        &mut self,
        candidate: Option<Box<dyn Candidate>>,
        input: &Input,
        loss: Loss,
    ) -> Result<(), Trouble> {
        let Some(mut candidate) = candidate else {
            self.lossy(input, loss);
            return Ok(());
        };
        let mut smallest = loss;
        let budget = self.budget();
        let (smaller, _) = shrink(&mut *candidate, budget, |encoded| {
            let calls = std::slice::from_ref(&encoded.input);
            let Some((_, Some(loss))) = self.executor.fresh(&Context::Spawn, false, calls)? else {
                return Ok::<_, Trouble>(false);
            };
            smallest = loss;
            Ok(true)
        })?;
        self.lossy(smaller.as_ref().unwrap_or(input), smallest);
        Ok(())
    }

    fn lossy(&mut self, input: &Input, loss: Loss) {
        let input = Some(self.subject.show_input(input));
        self.report.findings.push(Finding {
            input,
            loss: Some(loss),
            ..Finding::new(Kind::Lossy, self.name)
        });
    }

    fn budget(&self) -> Budget {
        let until = Instant::now() + self.config.max_shrink_time;
        Budget { iterations: self.config.max_shrink_iters, until }
    }
}
