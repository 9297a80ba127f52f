//! One finding, from its headline to the command that shows it again.

use super::platforms;
use super::stories::{View, kind_name, shown, weight};
use super::text;
use crate::explanation::{Carrier, Cause};
use crate::finding::{Kind, Verdict};
use crate::matrix::{Name, Spread, Story};
use crate::report::{carrier_message, proof, worker_proof};
use maud::{Markup, html};

pub(super) fn story(view: &View<'_>, index: usize, story: &Story) -> Markup {
    html! {
        details.story id=(format!("s{index}")) {
            summary {
                span class={ "badge " (weight(story)) } { (kind_name(story.kind)) }
                (test_name(&story.name))
                span.headline { (text::value(&story.headline)) }
                span.places {
                    (weight(story))
                    @if let Some(places) = view.places(&story.platforms) { " · " bdi { (places) } }
                }
            }
            div.body {
                dl.facts { (facts(view, story)) }
                @for (platform, output_of) in &story.evidence { (output(view, *platform, output_of)) }
            }
        }
    }
}

/// The binary is what many have in common, and so stands back.
pub(super) fn test_name(name: &Name) -> Markup {
    html! {
        span.test { bdi.binary { (text::name(&name.binary)) } " " bdi.name { (text::name(&name.test)) } }
    }
}

fn facts(view: &View<'_>, story: &Story) -> Markup {
    html! {
        @if let Some(reason) = &story.accepted { (fact("accepted", &html! { bdi { (text::value(reason)) } })) }
        @if let Some(spread) = spread(view, story) { (fact("where", &html! { (spread) })) }
        @if let Some(worker) = story.worker.as_ref().filter(|worker| **worker != story.name.test) {
            (fact("worker", &code(worker)))
        }
        @if let Some(input) = &story.input { (fact("input", &code(input))) }
        @if !story.history.is_empty() { (fact("earlier calls", &list(&story.history))) }
        @if !story.outcomes.is_empty() { (fact("outcomes", &outcomes(view, story))) }
        // It comes after itself, which its headline says.
        @if let Some(culprits) = story.culprits.as_ref().filter(|_| story.kind != Some(Kind::Repeat)) {
            (fact(if culprits.len() > 1 { "after all of" } else { "after" }, &list(culprits)))
        }
        @for cause in &story.causes {
            (fact(if cause.confirmed { "cause" } else { "suspect" }, &cause_of(view, story, cause)))
        }
        @if !story.suspects.is_empty() { (fact("suspects", &list(&story.suspects))) }
        @if !story.also.is_empty() { (fact("also differs", &also(&story.also))) }
        @for note in &story.notes { (fact("note", &html! { bdi { (text::value(note)) } })) }
        @if !story.help.is_empty() { (fact("help", &html! { bdi { (text::value(&story.help)) } })) }
        @if !story.replay.is_empty() { (fact("again", &replay(&story.replay))) }
    }
}

fn fact(label: &str, content: &Markup) -> Markup {
    html! { div { dt { (label) } dd { (content) } } }
}

fn code(text: &str) -> Markup {
    html! { bdi.code { (text::value(text)) } }
}

/// Of many, the first: the rest is one step away.
fn list(items: &[String]) -> Markup {
    const SHOWN: usize = 5;
    let (first, rest) = shown(items, SHOWN);
    html! {
        ul.plain { @for item in first { li { (code(item)) } } }
        @if !rest.is_empty() {
            details.more {
                summary { "… " (rest.len()) " more" }
                ul.plain { @for item in rest { li { (code(item)) } } }
            }
        }
    }
}

fn spread(view: &View<'_>, story: &Story) -> Option<String> {
    let places = view.places(&story.platforms)?;
    Some(match story.spread {
        Spread::Everywhere => format!("wherever it ran: {places}"),
        Spread::Some => format!("only on {places}"),
        Spread::BetweenPlatforms => format!("{places} disagree"),
    })
}

fn cause_of(view: &View<'_>, story: &Story, cause: &Cause) -> Markup {
    let proof = match story.worker {
        Some(_) => worker_proof(cause),
        None => verdicts(view, story).and_then(|(in_process, spawned)| proof(cause, in_process, spawned)),
    };
    html! {
        (carrier(&cause.carrier))
        @for other in &cause.together_with { p { "together with " (code(other)) } }
        @if let Some(proof) = proof { p.proof { (proof) } }
    }
}

/// The verdicts that a proof speaks of: in-process and spawned. A kind says them; the leg's own may be others, if it takes another order.
fn verdicts(view: &View<'_>, story: &Story) -> Option<(Verdict, Verdict)> {
    match story.kind? {
        Kind::Brittle => Some((Verdict::Passed, Verdict::Failed)),
        Kind::Victim | Kind::Repeat | Kind::Racy => Some((Verdict::Failed, Verdict::Passed)),
        _ => {
            let cell = view.matrix.tests[view.row(&story.name)?].cells.get(*story.platforms.first()?)?;
            Some((cell.in_process?, cell.spawned?))
        }
    }
}

fn carrier(carrier: &Carrier) -> Markup {
    html! {
        p {
            (code(&carrier_message(carrier)))
            @if let Some(location) = &carrier.location { " " span.quiet { "at " (code(location)) } }
        }
        dl.values {
            div { dt { "fresh" } dd { (code(&carrier.fresh)) } }
            div { dt { "inherited" } dd { (code(&carrier.inherited)) } }
        }
    }
}

fn also(others: &[Carrier]) -> Markup {
    html! {
        details.more {
            summary {
                (text::count(others.len(), "carrier"))
                (if others.len() == 1 { ", which does not matter" } else { ", which do not matter" })
            }
            @for other in others { (carrier(other)) }
        }
    }
}

/// A row for each context, a column for each platform.
fn outcomes(view: &View<'_>, story: &Story) -> Markup {
    let (mut contexts, mut places) = (Vec::new(), Vec::new());
    for (platform, context, _) in &story.outcomes {
        if !contexts.contains(&context) {
            contexts.push(context);
        }
        if !places.contains(platform) {
            places.push(*platform);
        }
    }
    let of = |platform: usize, context: &str| {
        story
            .outcomes
            .iter()
            .find(|(at, name, _)| *at == platform && name == context)
            .map(|(.., outcome)| outcome)
    };
    html! {
        div.scroll role="group" tabindex="0" aria-label="Outcomes" {
            table.plain {
                thead {
                    tr {
                        th scope="col" { "Context" }
                        @for place in &places {
                            th scope="col" { bdi { (platforms::of(&view.platforms, &[*place]).concat()) } }
                        }
                    }
                }
                tbody {
                    @for context in contexts {
                        tr {
                            th scope="row" { bdi { (text::name(context)) } }
                            @for place in &places { (outcome(of(*place, context), of(*place, "spawn"))) }
                        }
                    }
                }
            }
        }
    }
}

/// A fresh process is what the others are measured by.
fn outcome(outcome: Option<&String>, fresh: Option<&String>) -> Markup {
    let other = matches!((outcome, fresh), (Some(outcome), Some(fresh)) if outcome != fresh);
    html! {
        td.differs[other] {
            @match outcome {
                Some(text) => (code(text)),
                None => span.quiet { "not run" },
            }
            @if other { " " span.quiet { "≠ spawn" } }
        }
    }
}

pub(super) fn output(view: &View<'_>, platform: usize, output: &str) -> Markup {
    let place = view.places(&[platform]);
    let label = place.map_or("Output".to_owned(), |place| format!("Output on {place}"));
    html! {
        figure.output {
            figcaption.quiet { bdi { (label) } }
            pre tabindex="0" role="group" aria-label=(label) { (text::cut(output, view.output)) }
        }
    }
}

fn replay(command: &str) -> Markup {
    html! {
        span.command {
            bdi.code { (text::value(command)) }
            button.copy type="button" hidden { "Copy" }
        }
    }
}
