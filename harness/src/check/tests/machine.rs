//! Processes in memory, for checks of programs.

use super::model::Process;
use super::program::{End, Place, Program, State, exit_code, panic_text};
use crate::check::executor::{Executor, Input, Observed, Raw, Seen, Trouble};
use crate::finding::Loss;
use crate::reproduce::Reproduction;
use crate::{Context, Exit, Outcome, wire};

/// Where all processes of a check run.
pub(super) struct Machine<'a> {
    program: &'a Program,
    contexts: Vec<Context>,
    standing: Vec<Option<Standing<'a>>>,
    /// What the template has set already, though it has not served anything; `None` where each fresh child is executed.
    template: Option<Option<(Place, u8)>>,
    /// What the call with this number finds as noise.
    noise: fn(u64) -> u8,
    calls: u64,
}

/// A context's process, and how many calls it has served.
struct Standing<'a>(Process<'a>, usize);

impl<'a> Machine<'a> {
    pub(super) fn new(
        program: &'a Program,
        contexts: &[Context],
        stale: Option<(Place, u8)>,
        noise: fn(u64) -> u8,
        first_call: u64,
    ) -> Self {
        let standing = contexts.iter().map(|_| None).collect();
        Self {
            program,
            contexts: contexts.to_vec(),
            standing,
            template: Some(stale),
            noise,
            calls: first_call,
        }
    }

    fn call(&mut self, process: &mut Process<'_>, context: &Context, input: &Input) -> (Raw, bool) {
        let input: u8 = wire::decode(&input.bytes).unwrap();
        process.noise = (self.noise)(self.calls);
        self.calls += 1;
        let (end, lives) = process.call(context, input);
        (outcome(end), lives)
    }
}

fn outcome(end: End) -> Raw {
    match end {
        End::Returned(output) => Outcome::Value(wire::encode_for_keeps(&output).unwrap()),
        End::Panicked(number) => Outcome::Panicked { message: panic_text(number), location: None },
        End::Exited(number) => Outcome::Ended(Exit::Code(exit_code(number))),
    }
}

impl Executor for Machine<'_> {
    fn contexts(&self) -> &[Context] {
        &self.contexts
    }

    fn next(&mut self, input: &Input) -> Result<Observed, Trouble> {
        let mut fresh = Process::start(self.program, false);
        if let Some(Some((place, number))) = self.template {
            fresh.set(place, number);
        }
        let (reference, _) = self.call(&mut fresh, &Context::Spawn, input);
        let mut others = Vec::new();
        for index in 0..self.contexts.len() {
            let context = self.contexts[index].clone();
            let start = || Standing(Process::start(self.program, context.has_setup()), 0);
            let Standing(mut process, calls) = self.standing[index].take().unwrap_or_else(start);
            let (outcome, lives) = self.call(&mut process, &context, input);
            self.standing[index] = lives.then_some(Standing(process, calls + 1));
            let earlier = if context.remembers() { calls } else { 0 };
            others.push(Seen { context, outcome, earlier });
        }
        Ok(Observed { reference, loss: None, others })
    }

    fn fresh(
        &mut self,
        context: &Context,
        setup: bool,
        calls: &[Input],
    ) -> Result<Option<(Raw, Option<Loss>)>, Trouble> {
        let mut process = Process::start(self.program, setup);
        let mut last = None;
        let mut alive = true;
        for input in calls {
            if !alive {
                return Ok(None);
            }
            let (outcome, lives) = self.call(&mut process, context, input);
            (last, alive) = (Some((outcome, None)), lives);
        }
        Ok(last)
    }

    fn reproduction(&self, _: &Context, _: bool, _: &[Vec<u8>]) -> Option<Reproduction> {
        None
    }

    fn restart(&mut self) {
        self.standing.fill_with(|| None);
    }

    fn execute(&mut self) -> bool {
        self.template.take().is_some()
    }
}
