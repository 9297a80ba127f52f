//! How a finding must be explained: the tests that leave the state, and what carries it.

use crate::report::{Carrier, Explanation, Suspected};
use std::fmt;

/// Causes are looked for with the means of this platform; culprits are found everywhere.
pub const HAS_CAUSES: bool = cfg!(all(target_os = "linux", target_arch = "x86_64"));

/// The smallest set of tests that leaves the state, in the order in which they run.
#[derive(Clone, Copy, Debug)]
pub enum Culprits {
    Unchecked,
    Exactly(&'static [&'static str]),
    /// Each of these sets does, and none of them is smaller.
    OneOf(&'static [&'static [&'static str]]),
    /// These, or none, with a reason.
    AtMost(&'static [&'static str]),
}

/// What is confirmed to carry the state.
#[derive(Clone, Copy, Debug)]
pub enum Causes {
    Unchecked,
    Exactly(&'static [Cause]),
    /// Each of these flips the verdict alone: one of them has to be named, and nothing else.
    AnyOf(&'static [Cause]),
    /// These or a part of them, or none, with a reason.
    AtMost(&'static [Cause]),
}

/// One carrier; what is `None` is not compared.
#[derive(Clone, Copy)]
pub struct Cause {
    pub channel: &'static str,
    /// With a `*` for what differs from run to run.
    pub name: &'static str,
    pub type_name: Option<&'static str>,
    /// The end of it: where a path begins is up to the compiler.
    pub location: Option<&'static str>,
    pub fresh: Option<&'static str>,
    pub inherited: Option<&'static str>,
}

/// What a racy test changes and others do too: channel, name, and those tests.
pub type Suspect = (&'static str, &'static str, &'static [&'static str]);

/// All that is expected of one explanation.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    pub culprits: Culprits,
    pub causes: Causes,
    /// Parts of notes, or names or channels of causes, be they confirmed or not.
    pub notes: &'static [&'static str],
    /// All of them, in any order.
    pub suspects: &'static [Suspect],
}

impl Cause {
    pub const fn new(channel: &'static str, name: &'static str) -> Self {
        Self { channel, name, type_name: None, location: None, fresh: None, inherited: None }
    }

    /// With its declaration at `FILE:LINE`.
    pub const fn at(self, location: &'static str) -> Self {
        Self { location: Some(location), ..self }
    }

    pub const fn typed(self, type_name: &'static str) -> Self {
        Self { type_name: Some(type_name), ..self }
    }

    pub const fn values(self, fresh: &'static str, inherited: &'static str) -> Self {
        Self { fresh: Some(fresh), inherited: Some(inherited), ..self }
    }

    fn describes(&self, carrier: &Carrier) -> bool {
        let same = |expected: Option<&str>, actual: &str| expected.is_none_or(|expected| expected == actual);
        let location = carrier.location.as_deref().unwrap_or_default();
        carrier.channel == self.channel
            && matches_pattern(self.name, &carrier.name)
            && self.type_name.is_none_or(|expected| carrier.type_name.as_deref() == Some(expected))
            && self.location.is_none_or(|end| location.ends_with(end))
            && same(self.fresh, &carrier.fresh)
            && same(self.inherited, &carrier.inherited)
    }
}

/// Without what is not compared.
impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.channel, self.name)?;
        self.type_name.map_or(Ok(()), |name| write!(f, ": {name}"))?;
        self.location.map_or(Ok(()), |location| write!(f, " at {location}"))?;
        self.fresh.zip(self.inherited).map_or(Ok(()), |(from, to)| write!(f, ", {from} -> {to}"))
    }
}

impl Expected {
    pub const NOTHING: Self =
        Self { culprits: Culprits::Unchecked, causes: Causes::Unchecked, notes: &[], suspects: &[] };

    /// What is wrong with an explanation, a line each; causes count if they could be found.
    #[must_use]
    pub fn differences(&self, explanation: &Explanation, causes: bool) -> Vec<String> {
        let mut wrong = Vec::new();
        if !self.culprits.hold(explanation.culprits.as_deref()) {
            wrong.push(format!("culprits {:?} instead of {:?}", explanation.culprits, self.culprits));
        }
        if !causes {
            return wrong;
        }
        if !self.causes.hold(&explanation.confirmed()) {
            wrong.push(format!("causes {:?} instead of {:?}", explanation.causes, self.causes));
        }
        for note in self.notes.iter().filter(|note| !explanation.says(note)) {
            wrong.push(format!("no word of `{note}` in {:?}", explanation.notes));
        }
        if !same_suspects(self.suspects, &explanation.suspects) {
            wrong.push(format!("suspects {:?} instead of {:?}", explanation.suspects, self.suspects));
        }
        wrong
    }
}

fn same_suspects(expected: &[Suspect], actual: &[Suspected]) -> bool {
    let is = |(channel, name, tests): &Suspect, suspected: &Suspected| {
        (*channel, *name) == (&*suspected.channel, &*suspected.name) && suspected.tests == *tests
    };
    actual.len() == expected.len()
        && expected.iter().all(|suspect| actual.iter().any(|suspected| is(suspect, suspected)))
}

impl Culprits {
    fn hold(self, actual: Option<&[String]>) -> bool {
        let is = |expected: &[&str]| actual.is_some_and(|actual| actual == expected);
        match self {
            Self::Unchecked => true,
            Self::Exactly(expected) => is(expected),
            Self::OneOf(sets) => sets.iter().any(|expected| is(expected)),
            Self::AtMost(expected) => actual.is_none() || is(expected),
        }
    }
}

impl Causes {
    fn hold(self, actual: &[&Carrier]) -> bool {
        let known = |causes: &[Cause]| {
            actual.iter().all(|carrier| causes.iter().any(|cause| cause.describes(carrier)))
        };
        match self {
            Self::Unchecked => true,
            Self::Exactly(causes) => actual.len() == causes.len() && known(causes),
            Self::AnyOf(causes) => !actual.is_empty() && known(causes),
            Self::AtMost(causes) => known(causes),
        }
    }
}

fn matches_pattern(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => {
            text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carrier(name: &str) -> Carrier {
        Carrier { channel: "static".into(), name: name.into(), fresh: "1".into(), ..Carrier::default() }
    }

    #[test]
    fn sets_of_causes() {
        const AB: &[Cause] = &[Cause::new("static", "a"), Cause::new("static", "b").values("1", "")];
        let (a, b, other) = (carrier("a"), carrier("b"), carrier("other"));
        assert!(Causes::Exactly(AB).hold(&[&a, &b]));
        assert!(!Causes::Exactly(AB).hold(&[&a]));
        assert!(!Causes::Exactly(AB).hold(&[&a, &other]));
        assert!(Causes::AnyOf(AB).hold(&[&b]));
        assert!(!Causes::AnyOf(AB).hold(&[]));
        assert!(!Causes::AnyOf(AB).hold(&[&a, &other]));
        assert!(Causes::AtMost(AB).hold(&[]));
        assert!(!Causes::AtMost(AB).hold(&[&other]));
        assert!(!Cause::new("static", "a").values("0", "").describes(&a));
        assert!(!Cause::new("env", "a").describes(&a));
    }

    #[test]
    fn all_suspects_and_no_others() {
        const A: Suspect = ("static", "a", &["t"]);
        let suspected = |name: &str, tests: &[&str]| Suspected {
            channel: "static".into(),
            name: name.into(),
            tests: tests.iter().map(ToString::to_string).collect(),
        };
        assert!(same_suspects(&[A], &[suspected("a", &["t"])]));
        assert!(!same_suspects(&[A], &[suspected("a", &["t", "u"])]));
        assert!(!same_suspects(&[A], &[suspected("a", &["t"]), suspected("b", &["t"])]));
        assert!(!same_suspects(&[A], &[]));
    }

    #[test]
    fn patterns() {
        assert!(matches_pattern("/tmp/*/x", "/tmp/1234/x"));
        assert!(!matches_pattern("/tmp/*/x", "/tmp/x"));
        assert!(!matches_pattern("/tmp/a", "/tmp/ab"));
    }
}
