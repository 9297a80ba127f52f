//! Findings for other programs: JSON lines, appended to the file that a variable names.
//!
//! The variable is read and removed before `main`, like that of a child's channel: what a worker or a test sees of its
//! environment is the same with and without it, and programs that they start do not write into the file.

use crate::channel;
use crate::error::{Error, ErrorKind};
use crate::finding::{Finding, Kind};
use crate::replay;
use crate::report::Report;
use crate::reproduce::Reproduction;
use serde_json::{Map, Value, json};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The variable that names the file.
pub(crate) const VARIABLE: &str = "SPAWNCHECK_EVENTS";

/// The file, if somebody wants to know. The first call removes the variable.
pub(crate) fn destination() -> Option<&'static Path> {
    static DESTINATION: OnceLock<Option<PathBuf>> = OnceLock::new();
    let take = || channel::take_variable(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
    DESTINATION.get_or_init(take).as_deref()
}

/// Appends what was found, if somebody wants to know.
pub(crate) fn tell(report: &Report) -> Result<(), Error> {
    destination().map_or(Ok(()), |path| append(report, path))
}

fn append(report: &Report, path: &Path) -> Result<(), Error> {
    let mut events: Vec<_> = report.findings.iter().map(event).collect();
    if !report.errors.is_empty() {
        // Then a finding is not the only reason why the test fails.
        let errors: Vec<_> = report.errors.iter().map(ToString::to_string).collect();
        events.iter_mut().for_each(|event| event["errors"] = json!(errors));
    }
    let lines: String = events.iter().map(|event| format!("{event}\n")).collect();
    // In one piece, because other processes may append at the same time.
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(lines.as_bytes())).map_err(|error| {
        let message = format!("cannot append to `{}`, named by `{VARIABLE}`", path.display());
        Error::new(ErrorKind::Events, message).with_source(error)
    })
}

fn event(finding: &Finding) -> Value {
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    let mut event = json!({
        "type": "finding",
        "kind": finding.kind,
        "level": finding.kind.level(),
        "binary": binary(&package, &program()),
        "package": package,
        "test": finding.test,
        "worker": finding.worker,
        "input": finding.input,
        "outcomes": outcomes(finding),
        "history": finding.history,
        "causes": [],
        "replay": replay::command(&finding.test),
    });
    match (finding.kind, &finding.loss) {
        (Kind::Lossy, Some(loss)) => {
            event["field"] = json!(loss.field);
            event["value"] = json!(if loss.output { "output" } else { "input" });
            event["before"] = json!(loss.before);
            event["after"] = json!(loss.after);
        }
        (Kind::Diverges, _) => {
            event["needs_setup"] = json!(finding.needs_setup);
            if let Some(Reproduction { arguments, context, dirty, fresh, inline }) = &finding.reproduction {
                let (dirty, fresh) = (dirty.to_string(), fresh.to_string());
                event["reproduction"] =
                    json!({"arguments": arguments, "context": context, "dirty": dirty, "fresh": fresh});
                if let Some(inline) = inline {
                    event["reproduction"]["inline"] = json!(inline.to_string());
                }
            }
        }
        (Kind::Oversized, _) => {
            event["bytes"] = json!(finding.bytes);
            event["message"] = json!(finding.message);
        }
        (Kind::Recursive, _) => event["message"] = json!(finding.message),
        _ => {}
    }
    event
}

fn outcomes(finding: &Finding) -> Map<String, Value> {
    let outcomes = finding.outcomes.iter();
    outcomes.map(|(context, outcome)| (context.to_string(), json!(outcome.to_string()))).collect()
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
mod tests;
