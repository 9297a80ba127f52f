//! Workers as data: small programs over a few places that outlive a call.
//!
//! The same programs run in real processes, in the test target `generated`, and in memory, in the tests of the decisions in
//! `src/check/tests`. Rejected: random Rust functions, each of which would have to be compiled.

use std::fmt;

/// What places hold, and what programs reckon with, is below this.
pub(crate) const NUMBERS: u8 = 4;

/// Where something can be left for a later call. Each place holds 0 in a new process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Static,
    /// A thread-local variable.
    Local,
    /// An environment variable.
    Variable,
    /// The current directory.
    Directory,
}

impl Place {
    pub(crate) const ALL: [Self; 4] = [Self::Static, Self::Local, Self::Variable, Self::Directory];
}

/// Something that has a value when a step comes to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    Number(u8),
    Input,
    Held(Place),
    /// What differs between identical runs.
    Noise,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Set(Place, Term),
    Add(Place, Term),
    /// Makes the value a part of the output.
    Emit(Term),
    /// Ends the call.
    Panic(Term),
    /// Ends the process.
    Exit(Term),
}

/// An operation, and when it is done: always, or only where the term has this value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) when: Option<(Term, u8)>,
    pub(crate) op: Op,
}

/// A worker, and what the parent of its program does before it hands out work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) setup: Vec<Step>,
    pub(crate) worker: Vec<Step>,
}

/// How a run ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Returned(Vec<u8>),
    Panicked(u8),
    Exited(u8),
}

/// The process that a program runs in.
pub(crate) trait State {
    fn get(&self, place: Place) -> u8;
    fn set(&mut self, place: Place, number: u8);
    fn noise(&self) -> u8;
}

/// Runs `steps` one after the other, until one of them ends the call.
pub(crate) fn run(steps: &[Step], input: u8, state: &mut impl State) -> End {
    let mut output = Vec::new();
    for Step { when, op } in steps {
        if when.is_some_and(|(term, number)| value(term, input, state) != number) {
            continue;
        }
        match *op {
            Op::Set(place, term) => state.set(place, value(term, input, state)),
            Op::Add(place, term) => {
                state.set(place, (state.get(place) + value(term, input, state)) % NUMBERS)
            }
            Op::Emit(term) => output.push(value(term, input, state)),
            Op::Panic(term) => return End::Panicked(value(term, input, state)),
            Op::Exit(term) => return End::Exited(value(term, input, state)),
        }
    }
    End::Returned(output)
}

fn value(term: Term, input: u8, state: &impl State) -> u8 {
    match term {
        Term::Number(number) => number,
        Term::Input => input,
        Term::Held(place) => state.get(place),
        Term::Noise => state.noise(),
    }
}

/// As a report shows the outcome.
impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Returned(output) => write!(f, "{output:?}"),
            Self::Panicked(number) => write!(f, "panicked: {}", panic_text(*number)),
            Self::Exited(number) => write!(f, "exited: {}", exit_code(*number)),
        }
    }
}

pub(crate) fn panic_text(number: u8) -> String {
    format!("gave up at {number}")
}

/// None that a process could end with for another reason.
pub(crate) fn exit_code(number: u8) -> i32 {
    40 + i32::from(number)
}
