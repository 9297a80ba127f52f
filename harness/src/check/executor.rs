//! Where calls are made. The decisions of a check need no more than this, and are tested with scripted workers.

use crate::error::Error;
use crate::finding::Loss;
use crate::reproduce::Reproduction;
use crate::{Context, Outcome};
use std::any::Any;
use std::rc::Rc;

/// An outcome whose value is still encoded.
pub(crate) type Raw = Outcome<Vec<u8>>;

/// An encoded input; cheap to pass around.
pub(crate) type Input = Rc<Parcel>;

/// What crosses, and what must live as long as it may be read.
pub(crate) struct Parcel {
    pub(crate) bytes: Vec<u8>,
    /// The value itself: a part of it may cross as a handle, to a file that goes with the value.
    pub(crate) value: Box<dyn Any>,
}

/// What became of one input in all contexts.
#[derive(Debug)]
pub(crate) struct Observed {
    /// In a fresh child.
    pub(crate) reference: Raw,
    /// Where the fresh child's output changed in a round trip.
    pub(crate) loss: Option<Loss>,
    /// In the other contexts.
    pub(crate) others: Vec<Seen>,
}

/// What became of one input in one context.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) context: Context,
    pub(crate) outcome: Raw,
    /// How many calls came before it in the same process.
    pub(crate) earlier: usize,
}

/// Why a call has no outcome.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The child came to dispatch work again; the text says where.
    Recursive(String),
    /// Anything else.
    Error(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Makes calls.
pub(crate) trait Executor {
    /// The contexts besides the reference.
    fn contexts(&self) -> &[Context];

    /// Calls the worker in all contexts, in processes that go on from call to call where the context is like that.
    fn next(&mut self, input: &Input) -> Result<Observed, Trouble>;

    /// Makes `calls` one after the other in processes that are really new, and returns what came of the last; `None` if the
    /// process has not lived to see it.
    fn fresh(
        &mut self,
        context: &Context,
        setup: bool,
        calls: &[Input],
    ) -> Result<Option<(Raw, Option<Loss>)>, Trouble>;

    /// What it takes to make `calls`, encoded for keeps, as [`fresh`](Self::fresh) does; `None` where that cannot be said.
    fn reproduction(&self, context: &Context, setup: bool, calls: &[Vec<u8>]) -> Option<Reproduction>;

    /// From here on, `next` starts with new processes.
    fn restart(&mut self);

    /// From here on, a fresh child is one that was really executed. Whether it was not before.
    fn execute(&mut self) -> bool;
}
