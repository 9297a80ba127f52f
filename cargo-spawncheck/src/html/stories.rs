//! What the parts of the page know of the findings: which row each belongs to, what it is called, how much of its output there is room for.

use super::platforms;
use crate::finding::{Kind, Level};
use crate::matrix::{Failure, Matrix, Name, Story};
use std::collections::HashMap;

/// The worst come first, and the page says how many are left out. What does not fit is in the reports.
pub(super) const MOST: usize = 2_000;

/// Characters of output on the whole page, and of one piece of it.
const ALL_OUTPUT: usize = 1_500_000;
const ONE_OUTPUT: usize = 16_000;

/// What is called a kind on the page and is none: no platform has a finding, and still they disagree.
pub(super) const PLATFORM: &str = "platform";

pub(super) struct View<'a> {
    pub(super) matrix: &'a Matrix,
    /// Those that are shown.
    pub(super) stories: &'a [Story],
    pub(super) failures: &'a [Failure],
    pub(super) platforms: Vec<String>,
    rows: HashMap<&'a Name, usize>,
    /// Characters of each piece of output.
    pub(super) output: usize,
}

impl<'a> View<'a> {
    pub(super) fn new(matrix: &'a Matrix) -> Self {
        let stories = &matrix.stories[..matrix.stories.len().min(MOST)];
        let failures = &matrix.failures[..matrix.failures.len().min(MOST)];
        let pieces = stories.iter().map(|story| story.evidence.len()).sum::<usize>()
            + failures.iter().map(|failure| failure.output.len()).sum::<usize>();
        Self {
            matrix,
            stories,
            failures,
            platforms: platforms::labels(&matrix.platforms),
            rows: matrix.tests.iter().enumerate().map(|(index, row)| (&row.name, index)).collect(),
            output: (ALL_OUTPUT / pieces.max(1)).min(ONE_OUTPUT),
        }
    }

    /// The row of a test; a worker need not have one.
    pub(super) fn row(&self, name: &Name) -> Option<usize> {
        self.rows.get(name).copied()
    }

    /// The names of platforms, unless there is only one, which goes without saying.
    pub(super) fn places(&self, which: &[usize]) -> Option<String> {
        (self.platforms.len() > 1 && !which.is_empty())
            .then(|| platforms::of(&self.platforms, which).join(", "))
    }
}

pub(super) fn kind_name(kind: Option<Kind>) -> &'static str {
    kind.map_or(PLATFORM, Kind::name)
}

/// How much it matters, in a word and not in a colour only.
pub(super) fn weight(story: &Story) -> &'static str {
    match (&story.accepted, story.level) {
        (Some(_), _) => "accepted",
        (None, Level::Deny) => "denied",
        (None, Level::Warn) => "warning",
        (None, Level::Allow) => "allowed",
    }
}

/// How many there are of each kind, in the order in which they come.
pub(super) fn kinds<'a>(stories: impl IntoIterator<Item = &'a Story>) -> Vec<(&'static str, usize)> {
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for name in stories.into_iter().map(|story| kind_name(story.kind)) {
        match kinds.iter_mut().find(|(other, _)| *other == name) {
            Some((_, number)) => *number += 1,
            None => kinds.push((name, 1)),
        }
    }
    kinds
}

/// Those of a list that are seen at once, and the rest, which is never one alone: its "… 1 more" would take the room of the one.
pub(super) fn shown<T>(items: &[T], limit: usize) -> (&[T], &[T]) {
    items.split_at(if items.len() == limit + 1 { items.len() } else { items.len().min(limit) })
}
