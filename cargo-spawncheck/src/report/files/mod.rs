//! Reports in files, besides the one on standard output.
//!
//! The events go to `--report-file` as they come, straight into the file: of a run that is killed, what it had found by then is
//! worth having, and a reader sees that the last event, `run-finished`, is missing. A temporary file that is renamed at the end would
//! leave the report of an earlier run in its place, and that would be taken for this run's. The other files are written in one piece
//! at the end, from the same events, read back by the same reader that `merge` has.

mod distinct;
mod place;

use super::{Event, Json, Reporter, github, junit};
use crate::args::{MessageFormat, OutputArgs};
use crate::blocking::unless_interrupted;
use crate::error::Result;
use crate::finding::Level;
use crate::html::html;
use crate::matrix::{Matrix, Report, join};
pub(crate) use distinct::check_distinct;
use github::Github;
use place::Place;
pub(super) use place::unwritable;
use spawncheck::child::Interrupt;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What is written when everything is known.
#[derive(Debug)]
pub(crate) struct Outputs {
    junit: Option<Place>,
    html: Option<Place>,
    github: Option<Github>,
    interrupt: Interrupt,
}

impl Outputs {
    /// `format`: of what goes to standard output.
    ///
    /// # Errors
    /// A file cannot be written.
    pub(crate) fn new(args: &OutputArgs, format: MessageFormat, interrupt: &Interrupt) -> Result<Self> {
        let place = |path: &Option<PathBuf>| path.as_deref().map(Place::new).transpose();
        let github = args.github.then(|| Github::new(format)).transpose()?;
        let interrupt = interrupt.clone();
        Ok(Self { junit: place(&args.junit)?, html: place(&args.html)?, github, interrupt })
    }

    /// The workspace that the reports are about is not at the current directory, but there.
    fn at(&mut self, root: &Path) {
        if let Some(github) = &mut self.github {
            github.at(root);
        }
    }

    /// Before anything else is printed.
    pub(crate) fn begin(&self) -> io::Result<()> {
        self.github.as_ref().map_or(Ok(()), Github::begin)
    }

    /// After everything else.
    pub(crate) fn write(&self, matrix: &Matrix) -> io::Result<()> {
        if let Some(place) = &self.junit {
            place.write(junit::junit(matrix)?.as_bytes(), &self.interrupt)?;
        }
        if let Some(place) = &self.html {
            place.write(html(matrix).as_bytes(), &self.interrupt)?;
        }
        self.github.as_ref().map_or(Ok(()), |github| github.write(matrix))
    }

    fn is_empty(&self) -> bool {
        self.junit.is_none() && self.html.is_none() && self.github.is_none()
    }
}

/// The files of a run.
#[derive(Debug)]
pub(crate) struct Files {
    events: Option<File>,
    outputs: Outputs,
    /// The run as far as it has come, if something is to be made of it at the end.
    report: Option<Report>,
}

impl Files {
    /// # Errors
    /// One of them cannot be written, or is named twice.
    pub(crate) fn new(
        events: Option<&Path>,
        args: &OutputArgs,
        format: MessageFormat,
        interrupt: &Interrupt,
    ) -> Result<Self> {
        let all: Vec<_> = events.into_iter().chain(args.files()).collect();
        check_distinct(&all, &[])?;
        let outputs = Outputs::new(args, format, interrupt)?;
        let open = |path: &Path| {
            let own = path.to_owned();
            unless_interrupted(interrupt, || File::create(own)).map_err(|error| unwritable(path, error))
        };
        let report = (!outputs.is_empty()).then(|| Report::new(""));
        Ok(Self { events: events.map(open).transpose()?, outputs, report })
    }

    /// Whether the events are written, or read back.
    pub(crate) fn keep_events(&self) -> bool {
        self.events.is_some() || self.report.is_some()
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let mut lines = Vec::new();
        Json::new(&mut lines).event(event)?;
        if let Some(file) = &mut self.events {
            file.write_all(&lines)?;
        }
        if let Some(report) = &mut self.report {
            lines
                .split_inclusive(|byte| *byte == b'\n')
                .try_for_each(|line| report.line(line))
                .map_err(io::Error::other)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let Some(report) = self.report.take() else { return Ok(()) };
        self.outputs.write(&join(vec![report], Level::Deny))
    }
}

/// Tells everything to a reporter, and to the files.
pub(crate) struct Tee {
    pub(crate) front: Box<dyn Reporter>,
    pub(crate) files: Files,
}

impl Tee {
    /// `root`: of the workspace.
    pub(crate) fn new(front: Box<dyn Reporter>, mut files: Files, root: &Path) -> io::Result<Self> {
        files.outputs.at(root);
        files.outputs.begin()?;
        Ok(Self { front, files })
    }
}

impl Reporter for Tee {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        // First, so that a reader of standard output who has seen enough takes nothing away from the file.
        self.files.event(event)?;
        self.front.event(event)?;
        if matches!(event, Event::RunFinished(_)) { self.files.finish() } else { Ok(()) }
    }
}
