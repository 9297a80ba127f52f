//! The words of a command line, by the rules of libtest's parser: flags and filters in any order, `--flag=value` and
//! `--flag value`, and a value may look like a flag.

use std::collections::{BTreeSet, VecDeque};
use std::ffi::OsString;

/// The flags that may be given more than once. Of a second `--exact`, libtest says that it is wrong.
const REPEATABLE: [&str; 3] = ["--color", "--skip", "--test-threads"];

/// A flag without its value, or a filter.
pub(super) enum Word {
    Flag(String),
    Filter(String),
}

/// What is left to read.
pub(super) struct Words {
    rest: VecDeque<String>,
    /// The last flag that was read.
    flag: String,
    /// The value that is attached to `flag`, until it is asked for.
    attached: Option<String>,
    seen: BTreeSet<String>,
    filters_only: bool,
}

impl Words {
    /// # Errors
    /// One of the arguments is not UTF-8.
    pub(super) fn new(args: impl IntoIterator<Item = OsString>) -> Result<Self, String> {
        let utf8 = |arg: OsString| {
            arg.into_string().map_err(|arg| format!("argument `{}` is not UTF-8", arg.display()))
        };
        Ok(Self {
            rest: args.into_iter().map(utf8).collect::<Result<_, _>>()?,
            flag: String::new(),
            attached: None,
            seen: BTreeSet::new(),
            filters_only: false,
        })
    }

    /// The next word, or `None` at the end.
    ///
    /// # Errors
    /// The flag before it has a value that nobody asked for, or it is a flag that was there before.
    pub(super) fn read(&mut self) -> Result<Option<Word>, String> {
        if let Some(value) = self.attached.take() {
            return Err(format!("`{}` takes no value, but got `{value}`", self.flag));
        }
        let Some(word) = self.rest.pop_front() else { return Ok(None) };
        // A lone `-` is a filter too.
        if self.filters_only || !word.starts_with('-') || word == "-" {
            return Ok(Some(Word::Filter(word)));
        }
        if word == "--" {
            self.filters_only = true;
            return self.read();
        }
        (self.flag, self.attached) = split(&word);
        if !self.seen.insert(self.flag.clone()) && !REPEATABLE.contains(&self.flag.as_str()) {
            return Err(format!("`{}` is given more than once", self.flag));
        }
        Ok(Some(Word::Flag(self.flag.clone())))
    }

    /// The value of the flag that was just read.
    ///
    /// # Errors
    /// The line ends before it.
    pub(super) fn value(&mut self) -> Result<String, String> {
        let value = self.attached.take().or_else(|| self.rest.pop_front());
        value.ok_or_else(|| format!("`{}` needs a value", self.flag))
    }

    /// What the value of the flag that was just read stands for.
    ///
    /// # Errors
    /// There is none, or it is not among `choices`.
    pub(super) fn choice<T: Copy>(&mut self, choices: &[(&str, T)]) -> Result<T, String> {
        let value = self.value()?;
        choices.iter().find(|(name, _)| *name == value).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let names: Vec<_> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
            format!("`{}` cannot be `{value}` (hint: it takes {})", self.flag, names.join(", "))
        })
    }
}

/// `--flag=value` is a flag and its value, and so is `-Fvalue`.
fn split(word: &str) -> (String, Option<String>) {
    if word.starts_with("--") {
        return match word.split_once('=') {
            Some((flag, value)) => (flag.into(), Some(value.into())),
            None => (word.into(), None),
        };
    }
    let end = word.char_indices().nth(2).map_or(word.len(), |(index, _)| index);
    let (flag, value) = word.split_at(end);
    (flag.into(), (!value.is_empty()).then(|| value.into()))
}
