//! Workflow commands.

use crate::finding::Level;
use crate::matrix::{Failure, Matrix, Platform, Story, Unsettled};
use crate::report::story::{details, label, targets, text};
use crate::report::text::{excerpt, on_one_line};
use std::fmt::Write as _;

/// GitHub shows ten of each severity for a step, and the log all that there are.
const MOST: usize = 100;

/// How much of an output is quoted.
const LINES: usize = 10;
const WIDTH: usize = 200;

struct Annotation {
    severity: &'static str,
    place: Option<(String, u32)>,
    title: String,
    text: String,
}

/// One command a line. `folder` is where the workspace is in the repository: empty, or with a slash at its end.
pub(super) fn annotations(matrix: &Matrix, folder: &str) -> String {
    let platforms = &matrix.platforms;
    let stories = matrix.stories.iter().filter(|story| story.accepted.is_none());
    let all = stories
        .map(|story| of_story(story, platforms))
        .chain(matrix.failures.iter().map(|failure| of_failure(failure, platforms)))
        .chain(matrix.unsettled.iter().map(of_unsettled));
    all.take(MOST).map(|annotation| command(&annotation, folder)).collect()
}

fn of_story(story: &Story, platforms: &[Platform]) -> Annotation {
    let cause = story.causes.iter().filter(|cause| cause.confirmed).find_map(|cause| {
        let (file, line) = cause.carrier.location.as_deref()?.rsplit_once(':')?;
        place(file, line)
    });
    let panic = || story.evidence.iter().find_map(|(_, output)| place_of_panic(output));
    Annotation {
        severity: if story.level == Level::Deny { "error" } else { "warning" },
        place: cause.or_else(panic),
        title: format!("{}: {} {}", label(story).to_lowercase(), story.name.binary, story.name.test),
        text: format!("{}\n{}", on_one_line(&story.headline), text(&details(&[story], platforms, false))),
    }
}

fn of_failure(Failure { name, platforms: on, output }: &Failure, platforms: &[Platform]) -> Annotation {
    let first = output.values().next().map(String::as_str).unwrap_or_default();
    let place_name = match platforms {
        [_] => String::new(),
        _ => format!(" on {}", targets(on, platforms)),
    };
    Annotation {
        severity: "error",
        place: place_of_panic(first),
        title: format!("failure: {} {}", name.binary, name.test),
        text: format!("fails both ways{place_name}\n{}", excerpt(first, LINES, WIDTH).join("\n")),
    }
}

fn of_unsettled(Unsettled { name, text, .. }: &Unsettled) -> Annotation {
    let title = format!("{} {}", name.binary, name.test);
    Annotation { severity: "error", place: None, title: title.trim_end().to_owned(), text: text.clone() }
}

/// Where the output says `panicked at FILE:LINE:COLUMN:`.
fn place_of_panic(output: &str) -> Option<(String, u32)> {
    let (_, rest) = output.split_once("panicked at ")?;
    let mut parts = rest.lines().next()?.trim_end_matches(':').rsplitn(3, ':');
    let (_column, line, file) = (parts.next()?, parts.next()?, parts.next()?);
    place(file, line)
}

/// `None` for what lies outside of the workspace.
fn place(file: &str, line: &str) -> Option<(String, u32)> {
    let file = file.replace('\\', "/");
    let outside = file.starts_with('/') || file.contains(':') || file.split('/').any(|part| part == "..");
    (!outside && !file.is_empty()).then_some((file, line.parse().ok()?))
}

fn command(Annotation { severity, place, title, text }: &Annotation, folder: &str) -> String {
    let mut command = format!("::{severity} ");
    if let Some((file, line)) = place {
        // Writing to a string does not fail.
        let _ = write!(command, "file={},line={line},", property(&format!("{folder}{file}")));
    }
    let lines: Vec<_> = text.lines().map(on_one_line).collect();
    let _ = writeln!(command, "title={}::{}", property(title), data(lines.join("\n").trim_end()));
    command
}

fn property(text: &str) -> String {
    data(&on_one_line(text)).replace(':', "%3A").replace(',', "%2C")
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::{Annotation, annotations, command, place_of_panic};
    use crate::matrix::tests::{LINUX, Lines, joined};
    use serde_json::json;

    #[test]
    fn at_the_cause_or_at_the_panic() {
        let cause = json!({"channel": "static", "name": "p::RATE", "location": "src/rate.rs:4", "fresh": "1",
            "inherited": "2", "confirmed": true});
        let evidence = json!({"leg": "spawned", "text": "thread 't' panicked at src/lib.rs:9:5:\nx"});
        let report = Lines::of(LINUX)
            .finding("brittle", "deny", "a", json!({"causes": [cause], "evidence": evidence}))
            .finding("victim", "warn", "b", json!({"evidence": evidence}))
            .finding("victim", "deny", "c", json!({"accepted": "known"}))
            .failure("d", "panicked at /elsewhere.rs:1:1:");
        let matrix = joined([report.end(120)]);
        let text = annotations(&matrix, "");
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        for (line, begin) in lines.iter().zip([
            "::error file=src/rate.rs,line=4,title=brittle%3A p%3A%3Ait a::passes in-process, fails spawned%0A",
            "::warning file=src/lib.rs,line=9,title=victim%3A p%3A%3Ait b::",
            "::error title=failure%3A p%3A%3Ait d::fails both ways%0A",
        ]) {
            assert!(line.starts_with(begin), "{line}");
        }
        let deeper = annotations(&matrix, "tools/p/");
        assert!(deeper.starts_with("::error file=tools/p/src/rate.rs,line=4,"), "{deeper}");
    }

    #[test]
    fn nothing_ends_a_command_or_begins_one() {
        let annotation = Annotation {
            severity: "error",
            place: Some(("a,b:100%.rs".into(), 3)),
            title: "x::y, line=1::\n::error::z".into(),
            text: "50%\r\n::set-output name=a::b\u{1b}[31m\n".into(),
        };
        assert_eq!(
            command(&annotation, ""),
            "::error file=a%2Cb%3A100%25.rs,line=3,title=x%3A%3Ay%2C line=1%3A%3A %3A%3Aerror%3A%3Az::50%25%0A::set-output name=a::b\n"
        );
    }

    #[test]
    fn places_of_panics() {
        let of = |text: &str| place_of_panic(text);
        let found = Some(("src/lib.rs".to_owned(), 31));
        assert_eq!(of("thread 't' (1) panicked at src/lib.rs:31:9:\nleft"), found);
        assert_eq!(of("x panicked at src\\lib.rs:31:9:\r\n"), found);
        for outside in
            ["/rustc/0/core.rs:1:2:", "C:\\x\\y.rs:1:2:", "../other/src/lib.rs:1:2:", "nowhere", ""]
        {
            assert_eq!(of(&format!("panicked at {outside}")), None);
        }
    }
}
