//! Culprits and causes of what was found.

use super::{Found, Session, write_failed};
use crate::attribute::{Attributor, Images};
use crate::culprits::{Detective, Look};
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use crate::explanation::Explanation;
use crate::finding::Finding;
use crate::report::{Event, Reporter};
use crate::run::{Company, Executor, Legs, Processes, Schedule};
use crate::suite::Binary;
use std::collections::BTreeSet;

impl Session<'_> {
    /// Fills in the explanations of all findings of inherited state, in tests and in workers.
    pub(super) fn explain(
        &self,
        processes: &Processes<'_>,
        schedules: &[Schedule],
        legs: &Legs,
        found: &mut Found,
        reporter: &mut dyn Reporter,
    ) -> Result<()> {
        // What cannot be written here cannot be written later either, and is reported then.
        let mut progress = |progress| drop(reporter.event(&Event::Searching(progress)));
        let attributor = self.attributor(processes);
        let changers = |schedule: &Schedule| attributor.changers(schedule);
        let detective = self.detective(processes, &changers, schedules, legs);
        let findings = &mut found.confirmed.findings;
        detective
            .explain(findings, &mut progress)
            .and_then(|()| attributor.attribute(findings))
            .and_then(|()| attributor.attribute_workers(&mut found.told.findings, &self.settings.levels))
            .or_else(|error| outcome(found, error))?;
        self.limits(processes, &found.confirmed.findings, reporter)
    }

    /// Says once of each binary that less can be found out about it, and why.
    fn limits(
        &self,
        executor: &Processes<'_>,
        findings: &[Finding],
        reporter: &mut dyn Reporter,
    ) -> Result<()> {
        let wanted = findings.iter().filter(|finding| finding.explanation.culprits.is_some());
        for index in wanted.map(|finding| finding.test.binary).collect::<BTreeSet<_>>() {
            let Binary { package, id, .. } = &self.suite.binaries[index];
            if let Some(trouble) = executor.limit(index) {
                let event = Event::Limited {
                    package,
                    binary: id,
                    reason: &format!("no cause is looked for: {trouble} (culprits are named all the same)"),
                };
                reporter.event(&event).map_err(write_failed)?;
            }
        }
        Ok(())
    }

    fn attributor<'a>(&'a self, processes: &'a Processes<'a>) -> Attributor<'a> {
        let (workers, time) = (self.settings.jobs, self.settings.culprits.time);
        let (images, company) = (Images::default(), Company::default());
        Attributor { processes, temp: self.temp, workers, time, images, company }
    }

    fn detective<'a>(
        &'a self,
        executor: &'a dyn Executor,
        changers: &'a Look<'a>,
        schedules: &'a [Schedule],
        legs: &'a Legs,
    ) -> Detective<'a> {
        Detective {
            executor,
            changers,
            suite: &self.suite,
            schedules,
            legs,
            levels: &self.settings.levels,
            workers: self.settings.jobs,
            budget: self.settings.culprits,
        }
    }
}

/// What goes wrong while findings are explained does not touch the findings: they stand, and say so. Only an interrupt ends the run.
fn outcome(Found { confirmed, told, .. }: &mut Found, error: Error) -> Result<()> {
    if error.code() == ExitCode::Interrupted {
        return Err(error);
    }
    let tests = confirmed.findings.iter_mut().filter(|finding| finding.kind.is_inherited_state());
    let workers = told.findings.iter_mut().filter(|finding| finding.has_past());
    let explanations = tests
        .map(|finding| &mut finding.explanation)
        .chain(workers.map(|finding| &mut finding.explanation))
        .filter(|Explanation { causes, notes, .. }| causes.is_empty() && notes.is_empty());
    let note = format!("the search ended early: {error}");
    explanations.for_each(|explanation| explanation.notes.push(note.clone()));
    Ok(())
}
