//! What an input has shown, made as small as it can be and put into the report.

use super::Explorer;
use crate::check::confirm::Witness;
use crate::check::executor::{Input, Observed, Raw, Trouble};
use crate::check::explain::{Explained, explain};
use crate::check::shrink::{Budget, shrink};
use crate::check::worker::Candidate;
use crate::finding::{Finding, Kind, Loss};
use crate::report::{Crossed, copies};
use crate::{Config, Context, Outcome};
use std::time::Instant;

impl Explorer<'_> {
    /// Finds the smallest way to show it, and reports that; `false` if it did not hold.
    pub(super) fn diverges(
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
        finding.counts = (1 + differing, self.report.cases + tried);
        let shown = |outcome: &Raw| outcome.map(|value| subject.show_output(value));
        finding.outcomes =
            outcomes.iter().map(|(context, outcome)| (context.clone(), shown(outcome))).collect();
        // By their content: what crosses as a handle now is gone when somebody else makes the calls.
        let calls = witness.history.iter().chain([&witness.input]).map(|input| subject.for_keeps(input));
        finding.reproduction = calls
            .collect::<Result<Vec<_>, _>>()
            .ok()
            .and_then(|calls| self.executor.reproduction(&witness.context, witness.setup, &calls));
        if let Some(kept) = &mut self.kept {
            match kept.keep(subject, &witness.history, &witness.input) {
                Ok(path) => finding.kept = path,
                Err(error) => self.report.errors.push(error),
            }
        }
        self.report.findings.push(finding);
        Ok(true)
    }

    pub(super) fn measure(&mut self, input: &Input, observed: &Observed) {
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

    pub(super) fn flaky(&mut self, input: &Input, observed: Option<&Observed>) {
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

    pub(super) fn has_loss(&self, output: bool) -> bool {
        let losses = self.report.findings.iter().filter_map(|finding| finding.loss.as_ref());
        losses.into_iter().any(|loss| loss.output == output)
    }

    /// Reports an input that changes on its way, and returns the smallest one that does.
    pub(super) fn lossy_input(
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

    pub(super) fn lossy_output(
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
