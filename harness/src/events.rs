//! Findings for other programs: JSON lines, appended to the file that a variable names.

use crate::error::{Error, ErrorKind};
use crate::finding::{Finding, Kind};
use crate::report::Report;
use serde_json::{Map, Value, json};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// The variable that names the file.
pub(crate) const VARIABLE: &str = "SPAWNCHECK_EVENTS";

/// Appends what was found for `test`, if somebody wants to know.
pub(crate) fn tell(report: &Report, test: &str) -> Result<(), Error> {
    let Some(path) = std::env::var_os(VARIABLE).filter(|path| !path.is_empty()) else { return Ok(()) };
    let path = Path::new(&path);
    let mut lines = Vec::new();
    for finding in &report.findings {
        lines.extend(event(finding, test).to_string().into_bytes());
        lines.push(b'\n');
    }
    // In one piece, because other processes may append at the same time.
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(&lines)).map_err(|error| {
        let message = format!("cannot append to `{}`, named by `{VARIABLE}`", path.display());
        Error::new(ErrorKind::Events, message).with_source(error)
    })
}

fn event(finding: &Finding, test: &str) -> Value {
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    let mut event = json!({
        "type": "finding",
        "kind": finding.kind,
        "level": finding.kind.level(),
        "binary": binary(&package, &program()),
        "package": package,
        "test": test,
        "worker": finding.worker,
        "input": finding.input,
        "outcomes": outcomes(finding),
        "history": finding.history,
        "causes": [],
        "replay": replay(test),
    });
    match (finding.kind, &finding.loss) {
        (Kind::Lossy, Some(loss)) => {
            event["field"] = json!(loss.field);
            event["value"] = json!(if loss.output { "output" } else { "input" });
            event["before"] = json!(loss.before);
            event["after"] = json!(loss.after);
        }
        (Kind::Diverges, _) => event["needs_setup"] = json!(finding.needs_setup),
        (Kind::Oversized, _) => event["bytes"] = json!(finding.bytes),
        (Kind::Recursive, _) => event["message"] = json!(finding.message),
        _ => {}
    }
    event
}

fn outcomes(finding: &Finding) -> Map<String, Value> {
    let outcomes = finding.outcomes.iter();
    outcomes.map(|(context, outcome)| (context.to_string(), json!(outcome.to_string()))).collect()
}

/// The command that shows it again: kept cases are tried first.
fn replay(test: &str) -> String {
    format!("cargo test -- --exact {}", quoted(test))
}

/// As one word of a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-:./".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn program() -> String {
    let program = std::env::current_exe().ok();
    program.and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).unwrap_or_default()
}

/// The package's name for its library, else `package::target`; of a target, its crate name has to do.
fn binary(package: &str, program: &str) -> String {
    let target = match program.rsplit_once('-') {
        Some((name, hash)) if hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => name,
        _ => program,
    };
    if target == package.replace('-', "_") { package.to_owned() } else { format!("{package}::{target}") }
}

#[cfg(test)]
mod tests {
    use super::{binary, quoted};

    #[test]
    fn binaries_have_their_ids() {
        assert_eq!(binary("my-crate", "my_crate-0123456789abcdef"), "my-crate");
        assert_eq!(binary("my-crate", "workers-0123456789abcdef"), "my-crate::workers");
        assert_eq!(binary("my-crate", "my-tool"), "my-crate::my-tool");
    }

    #[test]
    fn names_are_one_word() {
        assert_eq!(quoted("tests::quote"), "tests::quote");
        assert_eq!(quoted("it's; rm"), r"'it'\''s; rm'");
        assert_eq!(quoted(""), "''");
    }
}
