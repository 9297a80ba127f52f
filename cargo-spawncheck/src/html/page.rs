//! The page as a whole: its policy, its landmarks, and what the script fills in.

use super::stories::{MOST, View, kinds};
use super::{SCRIPT, STYLE, data, picture, story, summary, text};
use crate::matrix::{Failure, Matrix, Story};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Of [`STYLE`] and [`SCRIPT`]; a test says what they have to be. In the file they could be computed each time, but they change only here.
pub(super) const STYLE_HASH: &str = "PpXCHXq64i+wGsKlIWIOGQRnOBuPk4uyiAPyTl9Cy7k=";
pub(super) const SCRIPT_HASH: &str = "lDnqP/BQJ5ScQGf67Jw5YjQ4N4YmUrmSE9ZImr1u2TU=";

/// Findings that are seen without asking for more.
const AT_ONCE: usize = 50;

pub(super) fn page(matrix: &Matrix) -> Markup {
    let view = View::new(matrix);
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{STYLE_HASH}'; script-src 'sha256-{SCRIPT_HASH}'; img-src data:; \
         base-uri 'none'; form-action 'none'"
    );
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(concat!("cargo-spawncheck ", env!("CARGO_PKG_VERSION")));
                // Else a browser asks its server for one.
                link rel="icon" href="data:,";
                title { (summary::title(&view)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#findings" { "Skip to the findings" }
                (header(&view))
                main {
                    (summary::summary(&view))
                    (filter(&view))
                    (findings(&view))
                    (failures(&view))
                    (tests())
                }
                script #data type="application/json" { (PreEscaped(data::data(&view))) }
                script type="module" { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

fn header(view: &View<'_>) -> Markup {
    html! {
        header.top {
            p.brand { "cargo spawncheck" }
            nav aria-label="Parts of this page" {
                a href="#summary" { "Summary" }
                a href="#findings" { "Findings" }
                @if !view.matrix.failures.is_empty() { a href="#failures" { "Failures" } }
                a href="#tests" { "Tests" }
            }
            button #theme type="button" hidden { "Dark" }
        }
    }
}

/// The script shows it; without one it could do nothing.
fn filter(view: &View<'_>) -> Markup {
    let kinds = kinds(view.stories);
    html! {
        search #filter hidden {
            div.field {
                label.quiet for="query" { "Filter" }
                input #query type="search" autocomplete="off" spellcheck="false" aria-keyshortcuts="/"
                    placeholder="test, culprit, static, …";
                kbd aria-hidden="true" { "/" }
            }
            @if view.platforms.len() > 1 {
                fieldset {
                    legend.quiet { "Platforms" }
                    @for (index, label) in view.platforms.iter().enumerate() {
                        label.chip { input type="checkbox" name="platform" value=(index); bdi { (label) } }
                    }
                }
            }
            label.chip { input #differing type="checkbox"; "only what differs" }
            button #reset type="button" hidden { "Clear" }
            @if !kinds.is_empty() {
                fieldset.kinds {
                    legend.quiet { "Kinds" }
                    @for (name, number) in &kinds {
                        label.chip { input type="checkbox" name="kind" value=(name); (name) " " span.number { (number) } }
                    }
                }
            }
            output #found for="query" {}
        }
    }
}

fn findings(view: &View<'_>) -> Markup {
    let all = view.matrix.stories.len();
    html! {
        section #findings aria-labelledby="findings-title" {
            h2 #findings-title { "Findings" }
            @if all == 0 { p { "None." } }
            (picture::picture(view))
            @if all > 0 {
                @let (first, rest) = view.stories.split_at(view.stories.len().min(AT_ONCE));
                div #stories {
                    (list(view, first, 0))
                    @if !rest.is_empty() {
                        details #rest.more {
                            summary { "… " (text::count(rest.len(), "more finding")) }
                            (list(view, rest, first.len()))
                        }
                    }
                }
                @if all > MOST {
                    p {
                        (text::count(all - MOST, "more finding"))
                        ", of less weight, not on this page; the reports have them."
                    }
                }
            }
        }
    }
}

/// `first`: the number of the first of them.
fn list(view: &View<'_>, stories: &[Story], first: usize) -> Markup {
    html! {
        ol.stories start=(first + 1) {
            @for (index, story) in stories.iter().enumerate() { li { (story::story(view, first + index, story)) } }
        }
    }
}

fn failures(view: &View<'_>) -> Markup {
    html! {
        @if !view.matrix.failures.is_empty() {
            section #failures aria-labelledby="failures-title" {
                h2 #failures-title { "Fail both ways" }
                p.quiet { "Ordinary failures: they depend on no inherited state." }
                ul.stories { @for failure in view.failures { li { (failed(view, failure)) } } }
                @if view.matrix.failures.len() > view.failures.len() {
                    p { (text::count(view.matrix.failures.len() - view.failures.len(), "more test")) ", not on this page; the reports have them." }
                }
            }
        }
    }
}

fn failed(view: &View<'_>, failure: &Failure) -> Markup {
    html! {
        details.story {
            summary {
                span.badge.failure { "fails" }
                (story::test_name(&failure.name))
                @if let Some(places) = view.places(&failure.platforms) { span.places { bdi { (places) } } }
            }
            div.body {
                @for (platform, output) in &failure.output { (story::output(view, *platform, output)) }
                @if failure.output.is_empty() { p { "It wrote nothing." } }
            }
        }
    }
}

fn tests() -> Markup {
    html! {
        section #tests aria-labelledby="tests-title" {
            h2 #tests-title { "Tests" }
            noscript { p { "The table of all tests needs JavaScript. What was found is above." } }
            p #tests-help.quiet hidden {
                "Arrow keys move, Enter goes to the finding." span #printed {}
            }
            div #rows.rows hidden {
                table #grid role="grid" tabindex="0" aria-labelledby="tests-title" aria-describedby="tests-help" {
                    thead {}
                    tbody {}
                }
            }
        }
    }
}
