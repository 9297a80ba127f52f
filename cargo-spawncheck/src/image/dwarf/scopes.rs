//! Which module an entry is in: entries do not say so themselves.

use super::Slice;

/// The modules of a unit, as they nest.
#[derive(Default)]
pub(super) struct Scopes<'a>(Vec<Scope<'a>>);

pub(super) struct Scope<'a> {
    pub(super) name: Slice<'a>,
    pub(super) parent: Option<usize>,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) depth: isize,
}

impl<'a> Scopes<'a> {
    pub(super) fn enter(&mut self, scope: Scope<'a>) -> usize {
        self.0.push(scope);
        self.0.len() - 1
    }

    /// Closes those that an entry at this depth is not in, and gives the one that it is in.
    pub(super) fn leave(&mut self, mut open: Option<usize>, offset: usize, depth: isize) -> Option<usize> {
        while let Some(index) = open.filter(|index| self.0[*index].depth >= depth) {
            self.0[index].end = offset;
            open = self.0[index].parent;
        }
        open
    }

    /// The innermost module around an entry.
    pub(super) fn of(&self, offset: usize) -> Option<usize> {
        let next = self.0.partition_point(|scope| scope.start <= offset);
        let mut scope = next.checked_sub(1);
        while let Some(index) = scope.filter(|index| self.0[*index].end <= offset) {
            scope = self.0[index].parent;
        }
        scope
    }

    pub(super) fn path(&self, mut scope: Option<usize>, name: &str) -> String {
        let mut segments = vec![name.to_owned()];
        while let Some(index) = scope {
            segments.push(self.0[index].name.to_string_lossy().into_owned());
            scope = self.0[index].parent;
        }
        segments.reverse();
        segments.join("::")
    }
}
