//! A check without its types, as suites and tests run it.

use super::builder::Check;
use super::explore::Explorer;
use super::kept::Kept;
use super::launch::Launch;
use super::permits;
use super::processes::Processes;
use super::worker::{Subject, Values, Worker};
use crate::error::{Error, ErrorKind};
use crate::events;
use crate::portable::Portable;
use crate::protocol::Target;
use crate::report::Report;
use crate::serve::Serve;
use crate::{Config, Context};

/// A worker with all that is needed to check it, and to serve it in a child.
pub(crate) struct Job {
    pub(crate) worker: Box<dyn Serve>,
    customs: Vec<String>,
    subject: Option<Box<dyn Subject>>,
    config: Option<Config>,
}

/// What a job does not know by itself.
pub(crate) struct Parts<'a> {
    /// What the user calls the worker.
    pub(crate) name: &'a str,
    /// The suite or test that it belongs to.
    pub(crate) owner: &'a str,
    /// The test that fails if it is not in order.
    pub(crate) test: &'a str,
    pub(crate) target: Target,
    /// The results of earlier checks in the same test.
    pub(crate) past: &'a [Report],
    /// What to go by where the check has no configuration of its own.
    pub(crate) config: &'a Config,
}

impl<T: Portable, R: Portable> From<Check<T, R>> for Job {
    fn from(check: Check<T, R>) -> Self {
        let Check { function, setup, customs, inputs, same, config } = check;
        let names = customs.iter().map(|(name, _)| name.clone()).collect();
        let subject = inputs.map(|inputs| Box::new(Values { inputs, same }) as Box<dyn Subject>);
        Self { worker: Box::new(Worker { function, setup, customs }), customs: names, subject, config }
    }
}

impl Job {
    /// Checks the worker: the parent's side.
    pub(crate) fn run(&self, parts: Parts<'_>) -> Result<Report, Error> {
        let Parts { name, owner, test, target, past, config } = parts;
        let config = self.config.as_ref().unwrap_or(config);
        let subject = self.usable(name, config)?;
        let mut processes =
            Processes::new(Launch::of_this_process()?, target, past, config, self.customs.clone());
        let _reserved = permits::reserve(processes.most())?;
        let kept = config.regressions.as_ref().map(|folder| Kept::new(folder, owner, name));
        let mut report = Explorer::new(name, config, subject, &mut processes, kept).run()?;
        for finding in &mut report.findings {
            test.clone_into(&mut finding.test);
        }
        if let Err(error) = events::tell(&report) {
            report.errors.push(error);
        }
        Ok(report)
    }

    /// What there is to check, if it can be.
    fn usable(&self, name: &str, config: &Config) -> Result<&dyn Subject, Error> {
        let wrong = |what: String| Err(Error::new(ErrorKind::Usage, format!("worker `{name}`: {what}")));
        if config.cases == 0 {
            return wrong("zero cases would check nothing (hint: `Config::cases`)".into());
        }
        let mut names = self.customs.iter();
        if let Some(twice) = names.find(|one| self.customs.iter().filter(|other| one == other).count() > 1) {
            return wrong(format!("two contexts are called `{twice}`"));
        }
        // Reports and events tell contexts apart by their names.
        if let Some(ours) =
            self.customs.iter().find(|name| !matches!(Context::from(name.to_string()), Context::Custom(_)))
        {
            return wrong(format!("`{ours}` is the name of a context that there is already"));
        }
        match &self.subject {
            Some(subject) => Ok(&**subject),
            None => wrong("there are no inputs (hint: `.inputs(strategy)`)".into()),
        }
    }
}
