//! Suites: test executables of workers.

mod arguments;

use crate::check::{Check, Job, Parts, carries_nothing};
use crate::portable::Portable;
use crate::protocol::Target;
use crate::report::warn;
use crate::serve::{Arrival, arrive, serve};
use crate::{Config, guard};
use arguments::Arguments;
use libtest_mimic::{Failed, Trial};
use proptest::strategy::Strategy;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, Sender, channel};

/// The test executable of a target with `harness = false`, with one test for each worker.
///
/// ```no_run
/// # mod pricing { pub fn configure(rate: u64) {} pub fn quote(n: u64) -> u64 { n } }
/// use spawncheck::{Suite, any};
///
/// fn main() -> std::process::ExitCode {
///     Suite::new("pricing")
///         .setup(|| pricing::configure(2))
///         .worker("quote", pricing::quote, any::<u64>())
///         .run()
/// }
/// ```
///
/// Its children are the same executable, started with the same arguments. They run `main` up to [`run`](Suite::run), never
/// setup, and serve one worker there; code after `run` is the parent's alone.
#[must_use = "a suite does nothing until it is run"]
pub struct Suite {
    name: String,
    setup: Vec<std::sync::Arc<dyn Fn() + Send + Sync>>,
    jobs: Vec<(String, Job)>,
    config: Config,
}

impl Suite {
    /// An empty suite; the name appears in messages and in files of kept cases.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), setup: Vec::new(), jobs: Vec::new(), config: Config::default() }
    }

    /// What the parent of a program does before it hands out work, for all workers that are added after this: see
    /// [`Check::setup`].
    pub fn setup(mut self, step: impl Fn() + Send + Sync + 'static) -> Self {
        self.setup.push(std::sync::Arc::new(step));
        self
    }

    /// Adds a worker by name, with a strategy for its inputs: see [`check`](crate::check()) and [`Check::inputs`].
    pub fn worker<F, T, R>(
        self,
        name: impl Into<String>,
        worker: F,
        inputs: impl Strategy<Value = T> + 'static,
    ) -> Self
    where
        F: Fn(T) -> R + Send + Sync + 'static,
        T: Portable,
        R: Portable,
    {
        const { carries_nothing(size_of::<F>()) };
        self.check(name, Check::of(worker).inputs(inputs))
    }

    /// Adds a worker by name, with a setup after the suite's, contexts, comparison or configuration of its own.
    pub fn check<T: Portable, R: Portable>(
        mut self,
        name: impl Into<String>,
        mut check: Check<T, R>,
    ) -> Self {
        for step in self.setup.iter().rev() {
            check = check.setup_first(std::sync::Arc::clone(step));
        }
        self.jobs.push((name.into(), Job::from(check)));
        self
    }

    /// How to do all checks that have no configuration of their own.
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// In the parent: runs the tests that the command line asks for, with libtest's arguments and output, and returns what
    /// `main` is to return. Workers are checked one after the other, each in several processes at once.
    ///
    /// In a child: serves, and does not return.
    pub fn run(self) -> ExitCode {
        let here = format!("suite `{}`", self.name);
        let arrival = arrive(&here, |target| self.job(target).is_some(), None);
        if let Arrival::Serve(channel, order) = arrival
            && let Some(job) = self.job(&order.target)
        {
            serve(channel, order, &*job.worker);
        }
        if let Err(message) = self.well_formed().and_then(|()| guard::check(&here)) {
            say(&format!("error: {message}"));
            return ExitCode::from(101);
        }
        match Arguments::parse(std::env::args_os().skip(1), |name| std::env::var(name).ok()) {
            Ok(arguments) => self.dispatch(&arguments),
            Err(message) => {
                say(&format!("error: {message}"));
                ExitCode::from(2)
            }
        }
    }

    fn job(&self, target: &Target) -> Option<&Job> {
        let Target::Worker { suite, worker } = target else { return None };
        let job = self.jobs.iter().find(|(name, _)| name == worker);
        job.filter(|_| *suite == self.name).map(|(_, job)| job)
    }

    fn well_formed(&self) -> Result<(), String> {
        let names = || self.jobs.iter().map(|(name, _)| name);
        match names().find(|one| names().filter(|other| one == other).count() > 1) {
            Some(twice) => Err(format!("suite `{}` has two workers of the name `{twice}`", self.name)),
            None => Ok(()),
        }
    }

    /// Has libtest-mimic run the tests on a thread, and does the checks here when it comes to them: strategies need not be
    /// such that they can be handed to another thread.
    fn dispatch(&self, arguments: &Arguments) -> ExitCode {
        for note in &arguments.notes {
            say(note);
        }
        let (wishes, wished) = channel::<Wish>();
        let mut trials: Vec<_> = (0..self.jobs.len()).map(|index| self.trial(index, &wishes)).collect();
        drop(wishes);
        arguments.arrange(&mut trials);
        let mimic = arguments.for_trials(trials.iter().map(Trial::name));
        std::thread::scope(|scope| {
            let runner = scope.spawn(move || libtest_mimic::run(&mimic, trials));
            self.grant(&wished);
            match runner.join() {
                Ok(conclusion) => conclusion.exit_code(),
                Err(_) => ExitCode::from(101),
            }
        })
    }

    fn trial(&self, index: usize, wishes: &Sender<Wish>) -> Trial {
        let wishes = wishes.clone();
        Trial::test(&self.jobs[index].0, move || {
            let (answer, answered) = channel();
            let lost = |_| Failed::from("the suite has ended");
            wishes.send(Wish { index, answer }).map_err(|_| Failed::from("the suite has ended"))?;
            answered.recv().map_err(lost)?
        })
    }

    /// Does the checks that are wished for, until nobody is left who could wish for one.
    fn grant(&self, wished: &Receiver<Wish>) {
        for Wish { index, answer } in wished {
            // Whoever asked has gone; nobody is left to tell.
            let _ = answer.send(self.examine(index));
        }
    }

    fn examine(&self, index: usize) -> Result<(), Failed> {
        let (name, job) = &self.jobs[index];
        let target = Target::Worker { suite: self.name.clone(), worker: name.clone() };
        let (owner, past, config) = (&*self.name, &[][..], &self.config);
        match job.run(Parts { name, owner, test: name, target, past, config }) {
            Ok(report) if report.fails() => Err(report.to_string().into()),
            Ok(report) => {
                warn(&report);
                Ok(())
            }
            Err(error) => Err(format!("error: {error}").into()),
        }
    }
}

/// A test that is due.
struct Wish {
    index: usize,
    answer: Sender<Result<(), Failed>>,
}

#[expect(clippy::print_stderr, reason = "the command line is answered there")]
fn say(message: &str) {
    eprintln!("{message}");
}
