//! The progress bar: on standard error, and only where that is a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::borrow::Cow;

/// How often the bar is drawn at most, in times a second: drawing costs more than a short test.
const RATE: u8 = 10;

#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// indicatif draws nothing where standard error is no terminal.
    pub(super) fn new(shown: bool) -> Self {
        let target =
            if shown { ProgressDrawTarget::stderr_with_hz(RATE) } else { ProgressDrawTarget::hidden() };
        Self { bar: ProgressBar::with_draw_target(Some(0), target) }
    }

    pub(super) fn start(&self, steps: usize) {
        let style = ProgressStyle::with_template("   {bar:30}  {pos}/{len}  {msg}");
        self.bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━╸ "));
        self.bar.set_length(steps as u64);
    }

    pub(super) fn step(&self) {
        self.bar.inc(1);
    }

    pub(super) fn say(&self, message: impl Into<Cow<'static, str>>) {
        self.bar.set_message(message);
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
