//! What a check must find in a program: its contexts as a few lines each, and no process at all.

use super::program::{End, Place, Program, State, run};
use crate::Context;
use std::collections::BTreeMap;

/// A process in memory. The thread that serves has the place `Local` as it is here.
#[derive(Clone)]
pub(crate) struct Process<'a> {
    program: &'a Program,
    held: [u8; 4],
    /// What the next call finds in `Term::Noise`.
    pub(crate) noise: u8,
}

impl State for Process<'_> {
    fn get(&self, place: Place) -> u8 {
        self.held[place as usize]
    }

    fn set(&mut self, place: Place, number: u8) {
        self.held[place as usize] = number;
    }

    fn noise(&self) -> u8 {
        self.noise
    }
}

impl<'a> Process<'a> {
    /// A new process, in which setup has run or not.
    pub(crate) fn start(program: &'a Program, setup: bool) -> Self {
        let mut process = Self { program, held: [0; 4], noise: 0 };
        if setup {
            run(&program.setup, 0, &mut process);
        }
        process
    }

    /// Calls the worker as `context` does, and says how that ended and whether the process lives on.
    pub(crate) fn call(&mut self, context: &Context, input: u8) -> (End, bool) {
        let worker = &self.program.worker;
        let end = match context {
            Context::Fork => run(worker, input, &mut self.clone()),
            Context::Thread | Context::Custom(_) => {
                let local = std::mem::take(&mut self.held[Place::Local as usize]);
                let end = run(worker, input, self);
                self.held[Place::Local as usize] = local;
                end
            }
            Context::Inline | Context::Pool | Context::Spawn => run(worker, input, self),
        };
        let lives = *context == Context::Fork || !matches!(end, End::Exited(_));
        (end, lives)
    }
}

/// A worker, to be tried with these inputs one after the other in these contexts, besides the reference.
pub(crate) struct Model<'a> {
    pub(crate) program: &'a Program,
    pub(crate) contexts: &'a [Context],
}

/// What a finding claims.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) history: Vec<u8>,
    pub(crate) input: u8,
    pub(crate) needs_setup: bool,
    /// By context.
    pub(crate) outcomes: BTreeMap<String, String>,
}

impl Model<'_> {
    /// Whether any of `inputs` comes to something else in a context than in a fresh child.
    pub(crate) fn differs(&self, inputs: &[u8]) -> bool {
        self.contexts.iter().any(|context| {
            let mut process = None;
            inputs.iter().any(|input| {
                let mut living =
                    process.take().unwrap_or_else(|| Process::start(self.program, has_setup(context)));
                let (end, lives) = living.call(context, *input);
                process = lives.then_some(living);
                end != self.reference(*input)
            })
        })
    }

    /// Whether the claim is true, and no smaller one of its kind is.
    pub(crate) fn verify(&self, claim: &Claim) -> Result<(), String> {
        let Claim { history, input, needs_setup, outcomes } = claim;
        let expected = self.side_by_side(history, *input);
        if *outcomes != expected {
            return Err(format!("the outcomes are {expected:?}"));
        }
        let reference = self.reference(*input).to_string();
        if expected.values().all(|outcome| *outcome == reference) {
            return Err("no context shows it".into());
        }
        let without = |index| [&history[..index], &history[index + 1..]].concat();
        let minimal = |context: &&Context| {
            let shows = |history: &[u8]| self.shows(context, has_setup(context), history, *input);
            shows(history) && (0..history.len()).all(|index| !shows(&without(index)))
        };
        let mut candidates = self.contexts.iter().filter(minimal).peekable();
        if candidates.peek().is_none() {
            return Err("one of the earlier calls can be left out, or one is missing".into());
        }
        let pool =
            self.contexts.contains(&Context::Pool) && self.shows(&Context::Pool, false, history, *input);
        let setup_matters = |context: &Context| !pool && !self.shows(context, false, history, *input);
        if candidates.any(|context| setup_matters(context) == *needs_setup) {
            Ok(())
        } else {
            Err(format!("it takes setup: {}", !needs_setup))
        }
    }

    /// What the report's table has to say.
    fn side_by_side(&self, history: &[u8], input: u8) -> BTreeMap<String, String> {
        let outcome = |context: &Context| {
            let history = if remembers(context) { history } else { &[] };
            let ended = || "broke the channel: an earlier call ended the process".to_owned();
            let end = self.after(context, has_setup(context), history, input);
            (context.to_string(), end.map_or_else(ended, |end| end.to_string()))
        };
        self.contexts.iter().chain([&Context::Spawn]).map(outcome).collect()
    }

    fn shows(&self, context: &Context, setup: bool, history: &[u8], input: u8) -> bool {
        self.after(context, setup, history, input).is_some_and(|end| end != self.reference(input))
    }

    fn reference(&self, input: u8) -> End {
        Process::start(self.program, false).call(&Context::Spawn, input).0
    }

    /// What comes of `input` after `history` in a new process; `None` if that ends it.
    fn after(&self, context: &Context, setup: bool, history: &[u8], input: u8) -> Option<End> {
        let mut process = Process::start(self.program, setup);
        history.iter().all(|input| process.call(context, *input).1).then(|| process.call(context, input).0)
    }
}

fn has_setup(context: &Context) -> bool {
    !matches!(context, Context::Pool | Context::Spawn)
}

fn remembers(context: &Context) -> bool {
    !matches!(context, Context::Fork | Context::Spawn)
}
