//! What it comes to: numbers, kinds, reports, and what a reader must know of them.

use super::platforms;
use super::stories::{View, kind_name, weight};
use super::text::{self, count, grouped};
use crate::finding::{Kind, Verdict};
use crate::matrix::{Name, Row, Run};
use clap::ValueEnum;
use maud::{Markup, html};
use std::collections::HashSet;

pub(super) fn title(view: &View<'_>) -> String {
    let tests = count(view.matrix.tests.len(), "test");
    match view.matrix.stories.len() {
        0 => format!("No findings in {tests}"),
        number => format!("{} in {tests}", count(number, "finding")),
    }
}

pub(super) fn summary(view: &View<'_>) -> Markup {
    html! {
        section #summary aria-labelledby="summary-title" {
            h1 #summary-title { (title(view)) }
            (numbers(view))
            @if !view.matrix.warnings.is_empty() {
                div.warnings role="note" aria-label="About the reports" {
                    p { strong { "About the reports" } }
                    ul { @for warning in &view.matrix.warnings { li { bdi { (text::value(warning)) } } } }
                }
            }
            div.tables {
                (kinds(view))
                (runs(view))
            }
        }
    }
}

fn numbers(view: &View<'_>) -> Markup {
    let matrix = view.matrix;
    let weighing = |word: &str| matrix.stories.iter().filter(|story| weight(story) == word).count();
    let marked: HashSet<&Name> = matrix.stories.iter().map(|story| &story.name).collect();
    let pass = matrix.tests.iter().filter(|row| !marked.contains(&row.name) && passes(row)).count();
    html! {
        dl.numbers {
            @for (number, label, class) in [
                (weighing("denied"), "denied", "deny"),
                (weighing("warning"), "warnings", "warn"),
                (weighing("accepted"), "accepted", ""),
                (matrix.failures.len(), "fail both ways", "deny"),
                (pass, "pass both ways", ""),
            ] {
                div class=(if number == 0 { "" } else { class }) { dt { (label) } dd { (grouped(number)) } }
            }
        }
    }
}

/// Both ways, wherever it ran.
fn passes(row: &Row) -> bool {
    let mut ran = row.cells.iter().flat_map(|cell| [cell.in_process, cell.spawned]).flatten().peekable();
    ran.peek().is_some() && ran.all(|verdict| verdict == Verdict::Passed)
}

fn kinds(view: &View<'_>) -> Markup {
    let of = |kind: Option<Kind>| view.matrix.stories.iter().filter(|story| story.kind == kind).count();
    let kinds = Kind::ALL.into_iter().map(Some).chain([None]);
    let found: Vec<_> = kinds.map(|kind| (kind, of(kind))).filter(|(_, number)| *number > 0).collect();
    html! {
        @if !found.is_empty() {
            table.plain {
                caption { "Kinds of finding" }
                thead { tr { th scope="col" { "Kind" } th scope="col" { "Means" } th.right scope="col" { "Found" } } }
                tbody {
                    @for (kind, number) in found {
                        tr { th scope="row" { (kind_name(kind)) } td { (meaning(kind)) } td.right { (grouped(number)) } }
                    }
                }
            }
        }
    }
}

/// The same words as in the help of the command line.
fn meaning(kind: Option<Kind>) -> String {
    let help =
        kind.and_then(|kind| kind.to_possible_value()).and_then(|value| Some(value.get_help()?.to_string()));
    help.unwrap_or_else(|| {
        "Verdicts differ between platforms, and on each of them both legs agree".to_owned()
    })
}

fn runs(view: &View<'_>) -> Markup {
    let runs = &view.matrix.runs;
    let named = runs.iter().any(|run| !run.file.is_empty());
    let parts = runs.iter().any(|run| run.partition.is_some());
    html! {
        div.runs role="group" tabindex="0" aria-label="Runs" { table.plain {
            caption { (if runs.len() == 1 { "The run" } else { "The runs" }) }
            thead {
                tr {
                    @if named { th scope="col" { "Report" } }
                    th scope="col" { "Platform" }
                    @if parts { th scope="col" { "Part" } }
                    th scope="col" { "Commit" }
                    th scope="col" { "Version" }
                    th.right scope="col" { "Time" }
                    th scope="col" { "End" }
                }
            }
            tbody {
                @for run in runs {
                    tr {
                        @if named { td { bdi.code { (text::name(&run.file)) } } }
                        td { bdi { (platforms::of(&view.platforms, &[run.platform]).concat()) } }
                        @if parts { td { bdi { (text::name(run.partition.as_deref().unwrap_or("whole"))) } } }
                        td { (commit(run)) }
                        td { (text::name(&run.version)) }
                        td.right { (time(run.wall_ms)) }
                        td { (end(run.exit_code)) }
                    }
                }
            }
        } }
    }
}

fn commit(run: &Run) -> Markup {
    let commit = run.commit.as_deref().map(text::name);
    html! {
        @match commit {
            Some(commit) => bdi.code title=(commit) { (text::start(&commit, 10)) },
            None => "unknown",
        }
    }
}

fn time(milliseconds: f64) -> String {
    match milliseconds / 1e3 {
        seconds if seconds < 60.0 => format!("{seconds:.1} s"),
        seconds => format!("{:.0} min {:02.0} s", (seconds / 60.0).floor(), seconds % 60.0),
    }
}

fn end(exit_code: Option<u8>) -> String {
    match exit_code {
        Some(0) => "nothing denied".to_owned(),
        Some(100) => "tests fail".to_owned(),
        Some(120) => "denied findings".to_owned(),
        Some(130) => "interrupted".to_owned(),
        Some(code) => format!("exit code {code}"),
        None => "cut off before its end".to_owned(),
    }
}
