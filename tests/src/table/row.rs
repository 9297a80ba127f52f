//! The shape of the table.

use super::explained::{Cause, Causes, Culprits, Expected, Suspect};
use crate::{Kind, Verdict};

/// One run of the tool on one fixture.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    pub name: &'static str,
    pub fixture: &'static str,
    pub args: &'static [&'static str],
    /// Variables of the caller.
    pub env: &'static [(&'static str, &'static str)],
    pub exit: i32,
    /// Binaries that are not run.
    pub skipped: &'static [&'static str],
    /// What could not be looked into, by binary, where anything can be.
    pub limited: &'static [(&'static str, &'static str)],
    pub rows: &'static [Row],
}

/// One test: its verdicts, and what is found in it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub binary: &'static str,
    pub test: &'static str,
    /// `None`: depends on the moment.
    pub in_process: Option<Verdict>,
    pub spawned: Option<Verdict>,
    pub kind: Option<Kind>,
    pub explained: Expected,
}

impl Row {
    pub(super) const fn in_process(self, verdict: Verdict) -> Self {
        Self { in_process: Some(verdict), ..self }
    }

    pub(super) const fn spawned(self, verdict: Verdict) -> Self {
        Self { spawned: Some(verdict), ..self }
    }

    pub(super) const fn kind(self, kind: Kind) -> Self {
        Self { kind: Some(kind), ..self }
    }

    /// The tests that leave the state.
    pub(super) const fn culprits(self, tests: &'static [&'static str]) -> Self {
        Self { explained: Expected { culprits: Culprits::Exactly(tests), ..self.explained }, ..self }
    }

    /// Where several sets of tests do, all as small.
    pub(super) const fn culprits_one_of(self, sets: &'static [&'static [&'static str]]) -> Self {
        Self { explained: Expected { culprits: Culprits::OneOf(sets), ..self.explained }, ..self }
    }

    /// Where the search may find that it cannot tell.
    pub(super) const fn culprits_at_most(self, tests: &'static [&'static str]) -> Self {
        Self { explained: Expected { culprits: Culprits::AtMost(tests), ..self.explained }, ..self }
    }

    /// What carries it: all of these, and nothing else.
    pub(super) const fn causes(self, causes: &'static [Cause]) -> Self {
        Self { explained: Expected { causes: Causes::Exactly(causes), ..self.explained }, ..self }
    }

    /// Where each of several carriers decides alone.
    pub(super) const fn causes_any_of(self, causes: &'static [Cause]) -> Self {
        Self { explained: Expected { causes: Causes::AnyOf(causes), ..self.explained }, ..self }
    }

    /// Where it may be out of reach.
    pub(super) const fn causes_at_most(self, causes: &'static [Cause]) -> Self {
        Self { explained: Expected { causes: Causes::AtMost(causes), ..self.explained }, ..self }
    }

    /// What it shares with other tests, of a racy one.
    pub(super) const fn suspects(self, suspects: &'static [Suspect]) -> Self {
        Self { explained: Expected { suspects, ..self.explained }, ..self }
    }

    /// Parts of what must be said about what cannot be shown.
    pub(super) const fn notes(self, notes: &'static [&'static str]) -> Self {
        Self { explained: Expected { notes, ..self.explained }, ..self }
    }

    /// Whether it depends on what another test left.
    #[must_use]
    pub fn is_dependence(&self) -> bool {
        matches!(self.kind, Some(Kind::Brittle | Kind::Victim))
    }

    /// Whether it is an ordinary failure.
    #[must_use]
    pub fn fails_both_ways(&self) -> bool {
        self.kind.is_none()
            && self.in_process.is_some_and(Verdict::is_bad)
            && self.spawned.is_some_and(Verdict::is_bad)
    }
}

/// A run without arguments in which all is well.
pub(super) const fn case(fixture: &'static str) -> Case {
    Case { name: fixture, fixture, args: &[], env: &[], exit: 0, skipped: &[], limited: &[], rows: &[] }
}

const fn same(binary: &'static str, test: &'static str, verdict: Verdict) -> Row {
    Row {
        binary,
        test,
        in_process: Some(verdict),
        spawned: Some(verdict),
        kind: None,
        explained: Expected::NOTHING,
    }
}

pub(super) const fn passing(binary: &'static str, test: &'static str) -> Row {
    same(binary, test, Verdict::Passed)
}

pub(super) const fn failing(binary: &'static str, test: &'static str) -> Row {
    same(binary, test, Verdict::Failed)
}

pub(super) const fn crashing(binary: &'static str, test: &'static str) -> Row {
    same(binary, test, Verdict::Crashed)
}

pub(super) const fn hanging(binary: &'static str, test: &'static str) -> Row {
    same(binary, test, Verdict::TimedOut)
}

pub(super) const fn ignored(binary: &'static str, test: &'static str) -> Row {
    same(binary, test, Verdict::Ignored)
}

pub(super) const fn brittle(binary: &'static str, test: &'static str) -> Row {
    passing(binary, test).spawned(Verdict::Failed).kind(Kind::Brittle)
}

pub(super) const fn victim(binary: &'static str, test: &'static str) -> Row {
    passing(binary, test).in_process(Verdict::Failed).kind(Kind::Victim)
}

#[cfg(unix)]
pub(super) const fn leaking(binary: &'static str, test: &'static str) -> Row {
    passing(binary, test).kind(Kind::Leak)
}

/// A test whose verdicts in a single run say little.
pub(super) const fn unsteady(binary: &'static str, test: &'static str, kind: Kind) -> Row {
    Row { binary, test, in_process: None, spawned: None, kind: Some(kind), explained: Expected::NOTHING }
}
