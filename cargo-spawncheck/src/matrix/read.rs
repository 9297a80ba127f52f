//! The file of a report.

use super::Report;
use crate::error::{Error, Result};
use crate::exit::ExitCode;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// How much of a file is read, in bytes, and how much of it may be one line. Ten thousand tests make about 4 MiB.
const MOST: u64 = 1 << 30;
const LONGEST: u64 = 16 << 20;

/// How much of a line an error shows.
const QUOTED: usize = 300;

/// Reads a whole report. One that is cut off is read as far as it goes; that is for [`join`](super::join) to say.
///
/// # Errors
/// It cannot be read, or is no report of a schema that this version knows.
pub(crate) fn read(path: &Path) -> Result<Report> {
    let file = File::open(path).map_err(|error| unreadable(path).source(error))?;
    lines(file, &path.to_string_lossy())
}

fn lines(file: impl Read, name: &str) -> Result<Report> {
    let mut report = Report::new(name);
    let mut file = BufReader::new(file.take(MOST));
    let mut line = Vec::new();
    for number in 1_usize.. {
        line.clear();
        let failed = |reason: String| {
            // It may quote what is in the line.
            let reason: String = shown(&reason).chars().take(QUOTED).collect();
            let error = Error::new(ExitCode::Setup, format!("`{}`, line {number}: {reason}", shown(name)));
            error.hint("reports are written by `cargo spawncheck --report-file FILE`")
        };
        let length = (&mut file)
            .take(LONGEST)
            .read_until(b'\n', &mut line)
            .map_err(|error| unreadable(Path::new(name)).source(error))?;
        let ends = line.last() == Some(&b'\n');
        match (length as u64, ends) {
            (0, _) => break,
            (LONGEST, false) => return Err(failed(format!("longer than {} MiB", LONGEST >> 20))),
            (_, false) if file.get_ref().limit() == 0 => {
                return Err(failed(format!("the file is longer than {} MiB", MOST >> 20)));
            }
            _ => {}
        }
        match report.line(&line) {
            Err(_) if !ends && number > 1 => break,
            Err(reason) => return Err(failed(reason)),
            Ok(()) => {}
        }
    }
    if report.start.is_none() {
        return Err(unreadable(Path::new(name)).source(io::Error::other("it is empty")));
    }
    Ok(report)
}

fn unreadable(path: &Path) -> Error {
    Error::new(ExitCode::Setup, format!("failed to read the report `{}`", shown(&path.to_string_lossy())))
}

fn shown(name: &str) -> String {
    crate::report::on_one_line(name)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, lines};

    const START: &str =
        r#"{"type":"run-started","schema":1,"version":"0.1.0","os":"linux","arch":"x86_64","more":[]}"#;
    const TEST: &str = r#"{"type":"test-finished","leg":"spawned","package":"p","binary":"p","test":"a","verdict":"passed"}"#;
    const END: &str = r#"{"type":"run-finished","wall_ms":1.5,"exit_code":0}"#;

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        let error = lines(text.as_bytes(), "r.json").unwrap_err();
        assert_eq!(error.code() as u8, 96);
        let error = error.to_string();
        assert!(error.contains("r.json") && error.contains(expected), "{error}");
        assert!(error.len() < 1_000 && !error.contains('\u{1b}'), "{error:?}");
    }

    #[test]
    fn whole() {
        let report =
            lines(format!("{START}\n{TEST}\n{{\"type\":\"of-later\"}}\n{END}\n").as_bytes(), "").unwrap();
        assert_eq!((report.tests.len(), report.end.is_some()), (1, true));
        assert!(lines(format!("{START}\r\n{END}").as_bytes(), "").unwrap().end.is_some());
    }

    /// Wherever it is cut, what is there by then is read.
    #[test]
    fn cut_off() {
        let text = format!("{START}\n{TEST}\n{END}\n");
        for length in START.len()..text.len() - 2 {
            let report = lines(&text.as_bytes()[..length], "").unwrap();
            assert_eq!(
                report.tests.len(),
                usize::from(length >= START.len() + 1 + TEST.len()),
                "at {length}"
            );
            assert!(report.end.is_none(), "at {length}");
        }
    }

    #[test]
    fn not_a_report() {
        check_refused("", "empty");
        check_refused("\n", "line 1");
        check_refused("PK\u{3}\u{4}", "not a report");
        check_refused(&START[..20], "not a report");
        check_refused(TEST, "begins with `test-finished`");
        check_refused(&START.replace(":1,", ":2,"), "schema 2, and this version reads schema 1");
        check_refused(&START.replace(r#""schema":1,"#, ""), "does not say which schema");
        check_refused(&format!("{START}\nnonsense\n{END}\n"), "line 2: no event");
        check_refused(&format!("{START}\n{}\n", TEST.replace("passed", "maybe")), "line 2: no event");
        let steering = TEST.replace("passed", "\\u001b[2J\\nerror: nothing");
        check_refused(&format!("{START}\n{steering}\n"), "unknown variant ` error: nothing`");
        let steering = START.replace("run-started", "\\u001b[2J");
        check_refused(&steering, "it begins with ``");
        let deep = START.replace("[]", &"[".repeat(100_000));
        check_refused(&deep, "expected value");
        let deep = TEST.replace("\"passed\"", &"[".repeat(100_000));
        check_refused(&format!("{START}\n{deep}\n"), "recursion limit");
        check_refused(&format!("{START}\n{}\n", END.replace(":0}", ":256}")), "256");
        check_refused(&format!("{START}\n{}\n", END.replace("1.5", "1e999")), "line 2");
        check_refused(&format!("{START}\n{END}\n{START}\n"), "line 3: it goes on after");
        check_refused(&format!("{START}\n{}", " ".repeat(LONGEST as usize + 1)), "longer than 16 MiB");
    }
}
