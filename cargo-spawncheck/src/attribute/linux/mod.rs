//! Attribution where processes can be stopped and looked into.

mod call;
mod changers;
mod compare;
mod deep;
mod describe;
mod ending;
mod experiment;
mod footprint;
mod mappings;
mod memory;
mod objects;
mod outside;
mod procfs;
mod prove;
mod repair;
mod run;
mod state;
mod statics;
#[cfg(test)]
mod tests;
mod variables;

pub(super) use call::explain_call;
pub(super) use changers::changers;
pub(super) use footprint::{Learned, footprints, together};

use super::Attributor;
use crate::error::Result;
use crate::explanation::{Cause, Channel, Explanation};
use crate::finding::Finding;
use crate::image::{Origin, origin, readable};
use crate::trace::{Stopped, Trouble};
use compare::{Difference, compare};
use experiment::{causes, experiments};
pub(crate) use objects::Images;
use prove::Proof;
use run::{Reference, Runs};
use state::State;
use std::path::Path;
use std::time::Instant;

const TOO_SHORT: &str = "the time given was too short";

/// Names what carries state from `culprits` to the tests that `findings` are about.
pub(super) fn explain_tests(
    attributor: &Attributor<'_>,
    binary: usize,
    culprits: &[usize],
    findings: Vec<&mut Finding>,
) -> Result<()> {
    let runs = Runs::of_tests(attributor, binary, culprits);
    Group::new(attributor, runs).explain(findings)
}

/// The findings of one binary that have the same culprits, or one about a worker.
struct Group<'a> {
    runs: Runs<'a>,
    ours: &'a Path,
    images: &'a Images,
    /// What differs, once it is known: it is the same for all findings of the group.
    known: Option<Known>,
}

/// What the culprits leave.
struct Known {
    reference: Reference,
    environ: Option<u64>,
    objects: Vec<objects::Loaded>,
    differences: Vec<Difference>,
    /// The process has threads besides the test's: each of them may have statics of its own.
    has_threads: bool,
    /// The sets that mattered to other findings, the last one first.
    hint: Option<Vec<usize>>,
}

impl<'a> Group<'a> {
    fn new(attributor: &'a Attributor<'a>, runs: Runs<'a>) -> Self {
        Self { runs, ours: attributor.temp, images: &attributor.images, known: None }
    }

    fn explain(mut self, findings: Vec<&mut Finding>) -> Result<()> {
        for finding in findings {
            let started = Instant::now();
            self.runs.begin(finding);
            self.explain_one(&mut finding.explanation)?;
            finding.explanation.took += started.elapsed();
        }
        Ok(())
    }

    /// Names causes, or notes why there is none to name.
    fn explain_one(&mut self, explanation: &mut Explanation) -> Result<()> {
        if let Err(reason) = self.try_to_explain(explanation)? {
            explanation.notes.push(format!("no cause was found: {reason}"));
        }
        Ok(())
    }

    /// The inner error says why there is nothing to say.
    fn try_to_explain(&mut self, explanation: &mut Explanation) -> Result<std::result::Result<(), Trouble>> {
        let mut inherited = None;
        let mut look = |stopped: &mut Stopped<'_>| {
            inherited = Some(State::of(stopped, self.images)?);
            Ok(())
        };
        let dirty = match self.runs.inherited(&mut look)? {
            Ok(ending) => ending,
            Err(trouble) => return Ok(Err(trouble)),
        };
        if !self.runs.is_as_found(&dirty) {
            return Ok(Err(Trouble(format!("while it is traced, its {} is another", self.runs.noun()))));
        }
        let mut fresh = None;
        let mut look = |stopped: &mut Stopped<'_>| {
            fresh = Some(State::of(stopped, self.images)?);
            Ok(())
        };
        let (reference, clean) = match self.runs.reference(&dirty, &mut look)? {
            Ok(found) => found,
            Err(trouble) => return Ok(Err(trouble)),
        };
        let (Some(fresh), Some(inherited)) = (fresh, inherited) else {
            return Ok(Err(Trouble("it did not come to its beginning".into())));
        };
        let mut differences = compare(&fresh, &inherited, self.ours);
        differences.retain(|difference| !self.runs.is_bookkeeping(difference));
        let hint = self.known.take().and_then(|known| known.hint_in(&differences));
        let has_threads = !inherited.threads.is_empty();
        let known = Known {
            has_threads,
            reference,
            environ: inherited.environ,
            objects: inherited.objects,
            differences,
            hint,
        };
        let known = self.known.insert(known);
        let proof = experiments(&self.runs, known, &dirty, &clean)?;
        if proof.sets.is_empty() {
            explanation.causes = outside::causes(&self.runs, self.ours, &dirty, &clean)?;
        }
        if proof.sets.is_empty() && explanation.causes.is_empty() {
            return Ok(Err(Trouble(nothing_matters(known, &proof, self.runs.is_spent()))));
        }
        known.hint = proof.sets.first().cloned();
        for set in &proof.sets {
            let causes = causes(&self.runs, known, set, &dirty, &clean)?;
            explanation.causes.extend(causes);
        }
        complete_names(&self.runs, &mut explanation.causes);
        let also = proof.harmless.iter().map(|index| known.differences[*index].carrier());
        explanation.also.extend(also);
        if explanation.causes.is_empty() {
            return Ok(Err(Trouble(nothing_confirmed(&self.runs))));
        }
        Ok(Ok(()))
    }
}

/// The system cuts the names of threads; one that has no name of its own is called after the test that started it.
fn complete_names(runs: &Runs<'_>, causes: &mut [Cause]) {
    for carrier in causes.iter_mut().map(|cause| &mut cause.carrier) {
        let is_cut = carrier.channel == Channel::Thread && carrier.name.len() == procfs::THREAD_NAME;
        if let Some(name) = runs.culprit_names().find(|name| is_cut && name.starts_with(&carrier.name)) {
            carrier.name = name.to_owned();
        }
    }
}

impl Known {
    /// The hint in terms of other differences, by name.
    fn hint_in(&self, differences: &[Difference]) -> Option<Vec<usize>> {
        let same = |index: &usize| {
            let wanted = &self.differences[*index];
            differences
                .iter()
                .position(|other| (other.channel, &other.name) == (wanted.channel, &wanted.name))
        };
        self.hint.as_ref()?.iter().map(same).collect()
    }
}

/// Why what flips it once is not named.
fn nothing_confirmed(runs: &Runs<'_>) -> String {
    match runs.is_spent() {
        true => TOO_SHORT.into(),
        false => format!("while it is traced, its {} changes between runs that are alike", runs.noun()),
    }
}

fn nothing_matters(known: &Known, proof: &Proof, spent: bool) -> String {
    let differences = known.differences.len();
    let names = || {
        let named: Vec<_> =
            known.differences.iter().map(|difference| difference.name.as_str()).take(3).collect();
        named.join(", ")
    };
    let mut text = match (spent, differences, proof.harmless.len()) {
        (true, ..) => TOO_SHORT.into(),
        (_, 0, _) => "nothing that a tracer can see differs when it begins".into(),
        (_, _, 0) => format!("what differs ({}) cannot be put back without breaking it", names()),
        (_, _, harmless) => format!("{harmless} of {differences} differences were put back without effect"),
    };
    if known.has_threads {
        text.push_str("; thread-locals of other threads are out of reach");
        let locals = known.objects.iter().flat_map(|object| object.file.image.thread_locals());
        let ours = locals.filter(|local| matches!(origin(&local.symbol), Origin::Crate(_)));
        if let Some(local) = ours.map(|local| readable(&local.symbol)).next() {
            text.push_str(&format!(" ({local}, say)"));
        }
    }
    text
}
