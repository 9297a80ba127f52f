//! Workers that exist only once a cell has run.
//!
//! This is a notebook at its smallest: a program that reads cells from standard input and evaluates one after the
//! other. `let NAME = A * x` defines a function, `map NAME 1 2 3` applies it, and `check NAME` hands it to spawncheck as a
//! worker. All definitions are in a global [namespace](define), as in an interactive session.
//!
//! # What is refused, and why
//!
//! ```sh
//! cargo run -q < cells.txt
//! ```
//!
//! defines `double` in one cell, uses it in the next, and checks it in the third. The check is refused:
//!
//! ```text
//! error: the child for worker `double` of suite `notebook` ended (exited: 0) before it could serve
//! ```
//!
//! A fresh child is the same program, started again. What makes it serve is that it comes to the same `run()`, as a script does
//! that is run again from its top. But here the way there led through cells, and a child has none: nobody types them again.
//! It reads an empty standard input, and ends. There is nothing that could be run again, so this cannot be made to
//! work by a guard; and a fork, which inherits the namespace, would only hide it on the systems that have one.
//!
//! # What to do instead
//!
//! - Send the definition with the input: [`evaluate`] gets the function's text and needs no namespace. cloudpickle does this for
//!   Python.
//! - Keep workers in a module that the program has from its start, such as [`library`], and come to `run()` before any cell
//!   is read.
//! - Use threads: they are in the process that has the namespace. See `examples/threads`.
//!
//! ```sh
//! cargo test      # all pass: `tests/refused.rs` expects the refusal, `tests/remedies.rs` has the first two remedies
//! ```

pub mod library;

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Mutex;

/// What the cells have defined so far.
static NAMESPACE: Mutex<BTreeMap<String, Function>> = Mutex::new(BTreeMap::new());

/// `A * x`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Function {
    factor: i64,
}

impl Function {
    /// Its value at `x`.
    pub fn at(self, x: i64) -> i64 {
        self.factor * x
    }
}

impl FromStr for Function {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let factor = text.strip_suffix("* x").map(str::trim).ok_or(format!("`{text}` is not `A * x`"))?;
        let factor = factor.parse().map_err(|error| format!("`{factor}`: {error}"))?;
        Ok(Self { factor })
    }
}

/// Runs a cell that begins with `let`.
pub fn define(name: &str, text: &str) -> Result<(), String> {
    let function = text.parse()?;
    NAMESPACE.lock().unwrap().insert(name.to_owned(), function);
    Ok(())
}

/// A worker that looks the function up in the namespace.
pub fn call((name, x): (String, i64)) -> Result<i64, String> {
    let namespace = NAMESPACE.lock().unwrap();
    namespace.get(&name).map(|function| function.at(x)).ok_or(format!("`{name}` is not defined"))
}

/// A worker that gets the function's text along with its argument.
pub fn evaluate((text, x): (String, i64)) -> Result<i64, String> {
    Ok(text.parse::<Function>()?.at(x))
}
