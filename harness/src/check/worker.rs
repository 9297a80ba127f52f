//! A worker and its types: everything that has to know them, so that the rest deals in bytes.

use super::executor::{Input, Parcel, Raw};
use super::round_trip::loss;
use crate::finding::Loss;
use crate::portable::Portable;
use crate::protocol::Kind;
use crate::serve::{Reply, Serve, about_to_call, catch};
use crate::wire;
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Reason, TestRunner};
use std::rc::Rc;

/// A call of the worker by the user's own means.
pub(super) type Call<T, R> = Box<dyn Fn(T) -> R + Send + Sync>;

/// Whether two outputs are the same.
pub(super) type Same<R> = Box<dyn Fn(&R, &R) -> bool>;

/// The function, and what the user said about it.
pub(crate) struct Worker<T, R> {
    pub(super) function: Call<T, R>,
    pub(super) setup: Vec<Box<dyn Fn() + Send + Sync>>,
    pub(super) customs: Vec<(String, Call<T, R>)>,
}

/// What the parent knows about inputs and outputs.
pub(crate) struct Values<T, R> {
    pub(super) inputs: BoxedStrategy<T>,
    pub(super) same: Option<Same<R>>,
}

/// A generated input that can be made smaller.
pub(crate) trait Candidate {
    /// Its present value, encoded.
    fn encoded(&self) -> Result<Encoded, wire::Error>;
    /// Makes it smaller, if it can be.
    fn simplify(&mut self) -> bool;
    /// Takes back part of that, if it can be.
    fn complicate(&mut self) -> bool;
}

/// An encoded input.
pub(crate) struct Encoded {
    pub(crate) input: Input,
    /// Where it changed in a round trip.
    pub(crate) loss: Option<Loss>,
}

/// [`Values`] without its types.
pub(crate) trait Subject {
    /// The next input, or why the strategy has none.
    fn generate(&self, runner: &mut TestRunner) -> Result<Box<dyn Candidate>, Reason>;
    /// `Debug` rendering of an input.
    fn show_input(&self, input: &Parcel) -> String;
    /// `Debug` rendering of an encoded output.
    fn show_output(&self, output: &[u8]) -> String;
    /// Whether two outcomes are the same.
    fn same(&self, left: &Raw, right: &Raw) -> bool;
    /// An input encoded so that it means the same tomorrow and elsewhere.
    fn for_keeps(&self, input: &Parcel) -> Result<Vec<u8>, wire::Error>;
    /// The input that [`for_keeps`](Self::for_keeps) made this of, ready to be sent.
    fn for_transit(&self, kept: &[u8]) -> Result<Input, wire::Error>;
}

impl<T: Portable, R: Portable> Worker<T, R> {
    fn reply(&self, custom: Option<usize>, encoded: Vec<u8>, verify: bool) -> Reply {
        let input: T = match wire::decode(&encoded) {
            Ok(input) => input,
            Err(error) => return Reply::text(Kind::Unreadable, &error.to_string()),
        };
        // Before the call: a large input is in memory once meanwhile, as it would be in the user's own program.
        drop(encoded);
        let call = match custom.map(|index| self.customs.get(index)) {
            None => &self.function,
            Some(Some((_, call))) => call,
            Some(None) => return Reply::text(Kind::Refused, "it has no such context"),
        };
        about_to_call();
        let output = call(input);
        // By content: a file that this process shares goes with it.
        let encoded = match wire::encode_for_keeps(&output) {
            Ok(encoded) => encoded,
            Err(error) => return Reply::text(Kind::Unwritable, &error.to_string()),
        };
        // Whether it can be read back is looked at in each context: looked at in one, it would pass for a difference.
        let read_back =
            if verify { loss(&output, &encoded, true) } else { wire::decode::<R>(&encoded).map(|_| None) };
        match read_back {
            Ok(None) => Reply::returned(encoded).showing(&output),
            Ok(Some(loss)) => Reply::returned(encoded).with_loss(&loss),
            Err(error) => Reply::text(Kind::Unwritable, &format!("it cannot be read back: {error}")),
        }
    }
}

impl<T: Portable, R: Portable> Serve for Worker<T, R> {
    fn set_up(&self) {
        self.setup.iter().for_each(|step| step());
    }

    fn call(&self, custom: Option<usize>, input: Vec<u8>, verify: bool) -> Reply {
        catch(|| self.reply(custom, input, verify)).unwrap_or_else(|panicked| Reply::panicked(&panicked))
    }
}

struct Tree<V>(V);

impl<V: ValueTree<Value: Portable>> Candidate for Tree<V> {
    fn encoded(&self) -> Result<Encoded, wire::Error> {
        let value = self.0.current();
        let bytes = wire::encode(&value)?;
        let loss = loss(&value, &bytes, false)?;
        Ok(Encoded { input: Rc::new(Parcel { bytes, value: Box::new(value) }), loss })
    }

    fn simplify(&mut self) -> bool {
        self.0.simplify()
    }

    fn complicate(&mut self) -> bool {
        self.0.complicate()
    }
}

impl<T: Portable, R: Portable> Subject for Values<T, R> {
    fn generate(&self, runner: &mut TestRunner) -> Result<Box<dyn Candidate>, Reason> {
        Ok(Box::new(Tree(self.inputs.new_tree(runner)?)))
    }

    fn show_input(&self, input: &Parcel) -> String {
        match input.value.downcast_ref::<T>() {
            Some(value) => format!("{value:?}"),
            None => format!("({} bytes)", input.bytes.len()),
        }
    }

    fn show_output(&self, output: &[u8]) -> String {
        match wire::decode::<R>(output) {
            Ok(output) => format!("{output:?}"),
            Err(error) => format!("(cannot be read: {error})"),
        }
    }

    fn same(&self, left: &Raw, right: &Raw) -> bool {
        left.agrees(right, |left, right| {
            let (Ok(one), Ok(other)) = (wire::decode::<R>(left), wire::decode::<R>(right)) else {
                return left == right;
            };
            match &self.same {
                Some(same) => same(&one, &other),
                // The second, because a NaN is not equal to itself.
                None => one == other || wire::same(left, right),
            }
        })
    }

    fn for_keeps(&self, input: &Parcel) -> Result<Vec<u8>, wire::Error> {
        wire::encode_for_keeps(&wire::decode::<T>(&input.bytes)?)
    }

    fn for_transit(&self, kept: &[u8]) -> Result<Input, wire::Error> {
        let value: T = wire::decode_kept(kept)?;
        Ok(Rc::new(Parcel { bytes: wire::encode(&value)?, value: Box::new(value) }))
    }
}
