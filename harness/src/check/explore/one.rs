//! One generated input: called in all contexts, compared, and suspected or remembered.

use super::{Explorer, Past};
use crate::check::confirm::{Verdict, confirm};
use crate::check::executor::{Input, Raw, Seen, Trouble};
use crate::check::worker::Candidate;
use crate::error::{Error, ErrorKind};
use crate::{Context, Outcome};

/// So many bytes of inputs are remembered, and as much by the processes that go on from call to call; then both begin anew.
const REMEMBERED: usize = 64 << 20;

impl Explorer<'_> {
    /// Whether this input shows that the worker diverges.
    pub(super) fn try_one(&mut self, mut candidate: Box<dyn Candidate>) -> Result<bool, Trouble> {
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
}
