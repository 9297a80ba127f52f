//! `--message-format json`: one event a line.

use super::{Event, Reporter, SCHEMA};
use crate::matrix::Matrix;
use serde::Serialize;
use std::io::{self, Write};

/// Writes events as JSON lines.
#[derive(Debug)]
pub(crate) struct Json<W> {
    out: W,
}

impl<W: Write> Json<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out }
    }

    /// What `merge` found, as one event.
    pub(crate) fn matrix(&mut self, matrix: &Matrix) -> io::Result<()> {
        #[derive(Serialize)]
        #[serde(tag = "type", rename = "matrix")]
        struct Event<'a> {
            schema: u32,
            #[serde(flatten)]
            matrix: &'a Matrix,
            exit_code: u8,
        }
        self.line(&Event { schema: SCHEMA, matrix, exit_code: matrix.exit_code() as u8 })
    }

    /// In one piece: a reader never sees half an event.
    fn line(&mut self, event: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(event)?;
        line.push(b'\n');
        self.out.write_all(&line)?;
        self.out.flush()
    }
}

impl<W: Write> Reporter for Json<W> {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::TestOutput { .. } | Event::Confirming(_) | Event::Searching(_) | Event::Exploring(_) => {
                Ok(())
            }
            Event::Findings(findings) => findings.iter().try_for_each(|finding| self.line(finding)),
            event => self.line(event),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Json, Reporter};
    use crate::finding::{Leg, Verdict};
    use crate::report::TestName;
    use std::time::Duration;

    #[test]
    fn one_line_an_event() {
        let mut out = Vec::new();
        let mut json = Json::new(&mut out);
        let name = TestName { package: "p", binary: "p::it", test: "tests::\"a\"\n" };
        let duration = Duration::from_micros(1234);
        json.event(&Event::TestFinished { leg: Leg::InProcess, name, verdict: Verdict::TimedOut, duration })
            .unwrap();
        json.event(&Event::Confirming(crate::confirm::Step::Alone)).unwrap();
        json.event(&Event::Searching(crate::culprits::Progress { done: 0, findings: 1 })).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            r#"{"type":"test-finished","leg":"in-process","package":"p","binary":"p::it","test":"tests::\"a\"\n","verdict":"timed-out","duration_ms":1.234}"#.to_owned() + "\n"
        );
    }
}
