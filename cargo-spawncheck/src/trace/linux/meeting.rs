//! Tests that are to run beside each other wait for each other where they begin.

#[derive(Debug, Default)]
pub(super) struct Meeting {
    /// Threads in the order in which they were told to have been started.
    started: Vec<i32>,
    /// Threads that stand where their test begins, until the others have come.
    waiting: Vec<i32>,
    /// The same, until the first one has gone ahead.
    followers: Vec<i32>,
}

impl Meeting {
    /// A thread was started, which may be one that is to come.
    pub(super) fn note_start(&mut self, thread: i32) {
        self.started.push(thread);
    }

    /// How many have come so far.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn wait(&mut self, thread: i32) {
        self.waiting.push(thread);
    }

    /// All have come: the one to go first, which is the one that was started first. The others follow.
    ///
    /// # Panics
    /// None has come.
    pub(super) fn first(&mut self) -> i32 {
        self.followers = std::mem::take(&mut self.waiting);
        // Not that in which they came. Of the last one it may not have been told yet.
        let place = |thread: &i32| self.started.iter().position(|started| started == thread);
        self.followers.sort_by_key(|thread| place(thread).unwrap_or(usize::MAX));
        self.followers.remove(0)
    }

    /// Those that follow, each once.
    pub(super) fn followers(&mut self) -> impl Iterator<Item = i32> {
        self.followers.drain(..)
    }
}

#[cfg(test)]
mod tests {
    use super::Meeting;

    #[test]
    fn who_was_started_first_goes_first() {
        let mut meeting = Meeting::default();
        [7, 5, 6].into_iter().for_each(|thread| meeting.note_start(thread));
        [6, 5, 8].into_iter().for_each(|thread| meeting.wait(thread));
        assert_eq!(meeting.waiting(), 3);
        assert_eq!(meeting.first(), 5);
        assert_eq!(meeting.followers().collect::<Vec<_>>(), [6, 8]);
        assert_eq!((meeting.waiting(), meeting.followers().count()), (0, 0));
    }
}
