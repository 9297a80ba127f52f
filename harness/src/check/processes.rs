//! The real executor: one child for each context, and fresh ones on demand.

use super::companion::Companion;
use super::executor::{Executor, Input, Observed, Raw, Seen, Trouble};
use super::launch::Launch;
use crate::finding::Loss;
use crate::protocol::{Manner, Order, Target, VERSION};
use crate::report::Report;
use crate::reproduce::{Reproduction, Script};
use crate::{Config, Context};
use std::mem;

/// Children that serve `target`.
pub(crate) struct Processes<'a> {
    launch: &'static Launch,
    target: Target,
    past: &'a [Report],
    config: &'a Config,
    contexts: Vec<Context>,
    customs: Vec<String>,
    standing: Vec<Standing>,
    /// Whether a fresh child is a fork of one that stopped before it served anything; else each is executed.
    forks: bool,
    /// The child for the next call of the reference: that one, or the next to be used up, which starts while the one before works.
    standby: Option<Companion>,
}

/// A context's process, and how many calls it has served.
#[derive(Default)]
struct Standing {
    companion: Option<Companion>,
    calls: usize,
}

impl<'a> Processes<'a> {
    /// For `target`, in the contexts of `config` and those of the user's own that are named in `customs`.
    pub(crate) fn new(
        launch: &'static Launch,
        target: Target,
        past: &'a [Report],
        config: &'a Config,
        customs: Vec<String>,
    ) -> Self {
        let given = config.contexts.iter().filter(|context| **context != Context::Spawn).cloned();
        let contexts: Vec<_> = given.chain(customs.iter().cloned().map(Context::Custom)).collect();
        let standing = contexts.iter().map(|_| Standing::default()).collect();
        let forks = cfg!(unix) && !config.execute;
        Self { launch, target, past, config, contexts, customs, standing, forks, standby: None }
    }

    /// How many children there can be at once: one for each context, the reference, the one that starts meanwhile, and one
    /// more to confirm with.
    pub(crate) fn most(&self) -> usize {
        self.contexts.len() + 3
    }

    fn order(&self, setup: bool, manner: Manner, verify: bool) -> Order {
        Order {
            version: VERSION,
            target: self.target.clone(),
            setup,
            manner,
            verify,
            comparable: false,
            past: self.past.to_vec(),
        }
    }

    fn start(&self, context: &Context, setup: bool, manner: Manner) -> Result<Companion, Trouble> {
        let order = self.order(setup, manner, *context == Context::Spawn);
        Ok(Companion::start(self.launch, order, self.config.startup, self.config.timeout)?)
    }

    fn manner(&self, context: &Context) -> Manner {
        match context {
            Context::Inline | Context::Pool | Context::Spawn => Manner::Same,
            Context::Thread => Manner::Thread,
            Context::Fork => Manner::Fork,
            Context::Custom(name) => {
                Manner::Custom(self.customs.iter().position(|custom| custom == name).unwrap_or(usize::MAX))
            }
        }
    }

    /// A child for the reference's calls.
    fn reference(&self) -> Result<Companion, Trouble> {
        let manner = if self.forks { Manner::Fork } else { Manner::Same };
        self.start(&Context::Spawn, false, manner)
    }

    /// Has every context's process take `input`.
    fn ask_all(&mut self, input: &Input) -> Result<(), Trouble> {
        for index in 0..self.contexts.len() {
            let mut companion = match self.standing[index].companion.take() {
                Some(companion) => companion,
                None => {
                    let context = &self.contexts[index];
                    self.standing[index].calls = 0;
                    self.start(context, context.has_setup(), self.manner(context))?
                }
            };
            companion.ask(&input.bytes)?;
            self.standing[index].companion = Some(companion);
        }
        Ok(())
    }
}

impl Executor for Processes<'_> {
    fn contexts(&self) -> &[Context] {
        &self.contexts
    }

    fn next(&mut self, input: &Input) -> Result<Observed, Trouble> {
        // All of them work at the same time; then the answers are collected.
        let mut reference = self.standby.take().map_or_else(|| self.reference(), Ok)?;
        reference.ask(&input.bytes)?;
        self.ask_all(input)?;
        if !self.forks {
            self.standby = Some(self.reference()?);
        }
        // New ones start at the same time too, and so do their clocks.
        reference.meet()?;
        for standing in &mut self.standing {
            standing.companion.as_mut().map_or(Ok(()), Companion::meet)?;
        }
        let answer = reference.answer()?;
        if self.forks {
            self.standby = Some(reference).filter(Companion::is_alive);
        }
        let mut others = Vec::with_capacity(self.contexts.len());
        for (context, standing) in self.contexts.iter().zip(&mut self.standing) {
            let Some(companion) = &mut standing.companion else { continue };
            let outcome = companion.answer()?.outcome;
            let earlier = if context.remembers() { standing.calls } else { 0 };
            standing.calls += 1;
            if !companion.is_alive() {
                standing.companion = None;
            }
            others.push(Seen { context: context.clone(), outcome, earlier });
        }
        Ok(Observed { reference: answer.outcome, loss: answer.loss, others })
    }

    fn fresh(
        &mut self,
        context: &Context,
        setup: bool,
        calls: &[Input],
    ) -> Result<Option<(Raw, Option<Loss>)>, Trouble> {
        let mut companion = self.start(context, setup, self.manner(context))?;
        let mut last = None;
        for input in calls {
            if !companion.is_alive() {
                return Ok(None);
            }
            companion.ask(&input.bytes)?;
            let answer = companion.answer()?;
            last = Some((answer.outcome, answer.loss));
        }
        Ok(last)
    }

    fn reproduction(&self, context: &Context, setup: bool, calls: &[Vec<u8>]) -> Option<Reproduction> {
        let command = self.launch.command(&self.target);
        let arguments = command.args.into_iter().map(|arg| arg.into_string().ok()).collect::<Option<_>>()?;
        let only_last = calls.last().map(std::slice::from_ref)?;
        // Nothing is verified, so that both processes do the same after the call.
        let order = |setup, manner| Order { comparable: true, ..self.order(setup, manner, false) };
        let inline = match context {
            // Each of its calls finds what setup left, and nothing else.
            Context::Fork => Some(Script::new(&order(setup, Manner::Same), only_last)?),
            _ => None,
        };
        Some(Reproduction {
            arguments,
            context: context.to_string(),
            dirty: Script::new(&order(setup, self.manner(context)), calls)?,
            fresh: Script::new(&order(false, Manner::Same), only_last)?,
            inline,
        })
    }

    fn restart(&mut self) {
        self.standing.fill_with(Standing::default);
    }

    fn execute(&mut self) -> bool {
        if self.forks {
            self.standby = None;
        }
        mem::replace(&mut self.forks, false)
    }
}
