//! What to check, as the user says it.

use super::job::{Job, Parts};
use super::worker::{Call, Same};
use crate::Config;
use crate::error::{Error, ErrorKind};
use crate::guard;
use crate::portable::Portable;
use crate::protocol::Target;
use crate::report::Report;
use crate::serve::{Arrival, arrive, serve, stop_if_serving};
use proptest::strategy::{BoxedStrategy, Strategy};
use std::cell::RefCell;
use std::sync::Arc;

/// A check of one worker: made by [`check`], given to [`Suite::check`](crate::Suite::check) or [run](Check::run) inside a
/// `#[test]`.
#[must_use = "a check does nothing until it is run"]
pub struct Check<T, R> {
    pub(super) function: Call<T, R>,
    pub(super) setup: Vec<Box<dyn Fn() + Send + Sync>>,
    pub(super) customs: Vec<(String, Call<T, R>)>,
    pub(super) inputs: Option<BoxedStrategy<T>>,
    pub(super) same: Option<Same<R>>,
    pub(super) config: Option<Config>,
}

/// Begins a check of `worker`: a function, or a closure that captures nothing (anything else does not compile).
///
/// ```no_run
/// # fn quote(n: u64) -> u64 { n }
/// # fn configure(rate: u64) {}
/// # use spawncheck::{any, check};
/// #[test]
/// fn quote_needs_nothing_but_its_input() {
///     check(quote).setup(|| configure(2)).inputs(any::<u64>()).run();
/// }
/// ```
pub fn check<F, T, R>(worker: F) -> Check<T, R>
where
    F: Fn(T) -> R + Send + Sync + 'static,
    T: Portable,
    R: Portable,
{
    const { carries_nothing(size_of::<F>()) };
    Check::of(worker)
}

/// Does not compile for a worker that has a size. Called where the user's code calls us, as that is the place which the compiler shows.
#[track_caller]
pub(crate) const fn carries_nothing(size: usize) {
    assert!(
        size == 0,
        "this worker carries a value that a fresh child does not have: instead of capturing it, make it part of the input; \
         instead of a function pointer, name the function"
    );
}

impl<T: Portable, R: Portable> Check<T, R> {
    /// As [`check`], for a worker that is known to carry nothing.
    pub(crate) fn of(worker: impl Fn(T) -> R + Send + Sync + 'static) -> Self {
        Self {
            function: Box::new(worker),
            setup: Vec::new(),
            customs: Vec::new(),
            inputs: None,
            same: None,
            config: None,
        }
    }

    /// What the parent of a program does before it hands out work: it runs once in each process that plays that parent, and
    /// never in a fresh child. Several steps run in their order.
    pub fn setup(mut self, step: impl Fn() + Send + Sync + 'static) -> Self {
        self.setup.push(Box::new(step));
        self
    }

    /// As [`setup`](Self::setup), but before the steps that there are.
    pub(crate) fn setup_first(mut self, step: Arc<dyn Fn() + Send + Sync>) -> Self {
        self.setup.insert(0, Box::new(move || step()));
        self
    }

    /// Where inputs come from: any strategy of proptest, [`any`](crate::any) for types that have one.
    pub fn inputs(mut self, strategy: impl Strategy<Value = T> + 'static) -> Self {
        self.inputs = Some(strategy.boxed());
        self
    }

    /// A context of your own beside the others: `call` hands an input to the worker by whatever means the program uses, a thread
    /// pool or its own child processes, and returns what comes back. It runs in a process in which setup has run, one
    /// call after another.
    pub fn context(mut self, name: impl Into<String>, call: impl Fn(T) -> R + Send + Sync + 'static) -> Self {
        self.customs.push((name.into(), Box::new(call)));
        self
    }

    /// When two outputs count as the same. By default, when they are equal, or differ only in that a NaN is not equal to itself.
    pub fn compare(mut self, same: impl Fn(&R, &R) -> bool + 'static) -> Self {
        self.same = Some(Box::new(same));
        self
    }

    /// How to do it; [`Config::default`] otherwise.
    pub fn config(mut self, config: Config) -> Self {
        self.config = Some(config);
        self
    }

    /// Does the check, inside a `#[test]`.
    ///
    /// # Panics
    /// With the report, if a finding fails the test, or the check could not be done. What is only told goes to standard error.
    #[track_caller]
    pub fn run(self) {
        match self.try_run() {
            Ok(report) if report.fails() => panic!("{report}"),
            Ok(report) => crate::report::warn(&report),
            Err(error) => panic!("{error}"),
        }
    }

    /// Does the check, inside a `#[test]`, and returns what came of it.
    ///
    /// Its children run the same test up to this point, in a test executable of their own that gets nothing else to do. Where a test
    /// does several checks, a child passes by those before its own: they return what they returned in the parent.
    ///
    /// # Errors
    /// The check could not be done.
    pub fn try_run(self) -> Result<Report, Error> {
        let ordinal = DONE.with_borrow(Vec::len);
        let result = self.nth(ordinal);
        // A check that could not be done counts too: children come by it as well.
        let past = result.as_ref().map_or_else(|_| Report::new("(not done)"), Clone::clone);
        DONE.with_borrow_mut(|done| done.push(past));
        result
    }

    fn nth(self, ordinal: usize) -> Result<Report, Error> {
        stop_if_serving("a check");
        let test = test_name()?;
        let here = Target::Check { test: test.clone(), ordinal };
        let job = Job::from(self);
        match arrive(&here.to_string(), |target| *target == here, Some(ordinal)) {
            Arrival::Serve(channel, order) => serve(channel, order, &*job.worker),
            Arrival::Past(report) => return Ok(*report),
            Arrival::Parent => {}
        }
        guard::check(&here.to_string()).map_err(|message| Error::new(ErrorKind::Child, message))?;
        let past = DONE.with_borrow(Clone::clone);
        let name = here.worker();
        job.run(Parts {
            name: &name,
            owner: &test,
            test: &test,
            target: here,
            past: &past,
            config: &Config::default(),
        })
    }
}

thread_local! {
    /// The results of the checks that the test of this thread has done.
    static DONE: RefCell<Vec<Report>> = const { RefCell::new(Vec::new()) };
}

/// The name of the test that this thread runs. libtest gives the thread that name.
fn test_name() -> Result<String, Error> {
    let thread = std::thread::current();
    match thread.name() {
        Some(name) if name != "main" => Ok(name.to_owned()),
        _ => Err(Error::new(
            ErrorKind::Usage,
            "`check` has to run on the thread of a `#[test]`, by whose name its children find it (hint: elsewhere, use \
             `spawncheck::Suite` in a target with `harness = false`)",
        )),
    }
}
