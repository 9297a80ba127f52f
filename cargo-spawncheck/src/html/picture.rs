//! The graphs as pictures: three columns of boxes, which are lists for those who hear them. The script draws the lines between the boxes where
//! a browser has put them: their text wraps, and lists open and close.

use super::graph::{Cluster, Culprit, Graph, graphs};
use super::stories::{self, View, shown};
use super::text::{self, count};
use crate::explanation::Carrier;
use crate::report::carrier_message;
use maud::{Markup, html};

/// Graphs that are seen at once.
const SHOWN: usize = 3;

/// Boxes of a column, and names of a cluster.
const BOXES: usize = 8;
const NAMES: usize = 6;

pub(super) fn picture(view: &View<'_>) -> Markup {
    let graphs = graphs(view.stories);
    let (first, rest) = shown(&graphs, SHOWN);
    let drawn: usize = graphs.iter().map(Graph::tests).sum();
    let left_out = view.stories.len() - drawn;
    html! {
        @if !graphs.is_empty() {
            section #picture.picture aria-labelledby="picture-title" {
                h3 #picture-title { "Who leaves what to whom" }
                @for graph in first { (flow(view, graph)) }
                @if !rest.is_empty() {
                    details.more.graphs {
                        summary {
                            "… " (count(rest.len(), "more picture"))
                            ", of " (count(rest.iter().map(Graph::tests).sum(), "finding"))
                        }
                        @for graph in rest { (flow(view, graph)) }
                    }
                }
                @if left_out > 0 {
                    p.quiet {
                        (count(left_out, "finding")) (if left_out == 1 { " has" } else { " have" })
                        " no known culprit or carrier, and no place in the picture."
                    }
                }
            }
        }
    }
}

fn flow(view: &View<'_>, graph: &Graph<'_>) -> Markup {
    let name = &view.stories[graph.clusters[0].stories[0]].name;
    let (culprits, carriers) = (graph.culprits.len(), graph.carriers.len());
    let alone = graph.clusters.len() == 1;
    let seen = graph.clusters.iter().map(|cluster| victims(view, graph, cluster, alone)).collect();
    html! {
        figure.flow data-lines=(lines(graph)) {
            figcaption { (count(graph.tests(), "finding")) " in " bdi.code { (text::name(&name.binary)) } }
            div.columns {
                (column("left by", graph.culprits.iter().map(culprit).collect(), 0))
                (column("carried by", graph.carriers.iter().map(|place| carrier(*place)).collect(), culprits))
                (column("seen in", seen, culprits + carriers))
            }
        }
    }
}

/// `from-to:tests`, boxes being numbered through all columns.
fn lines(graph: &Graph<'_>) -> String {
    let (culprits, carriers) = (graph.culprits.len(), graph.carriers.len());
    let left =
        graph.lines().into_iter().map(|((from, to), tests)| format!("{from}-{}:{tests}", culprits + to));
    let right = graph.clusters.iter().enumerate().flat_map(|(index, cluster)| {
        let to = culprits + carriers + index;
        cluster.carriers.iter().map(move |from| format!("{}-{to}:{}", culprits + from, cluster.stories.len()))
    });
    left.chain(right).collect::<Vec<_>>().join(" ")
}

/// `first`: the number of its first box.
fn column(label: &str, boxes: Vec<Markup>, first: usize) -> Markup {
    let each = |boxes: &[Markup], first: usize| {
        html! { @for (index, content) in boxes.iter().enumerate() { li.box data-box=(first + index) { (content) } } }
    };
    let (seen, rest) = shown(&boxes, BOXES);
    html! {
        div.column {
            p.quiet { (label) }
            ul aria-label=(label) { (each(seen, first)) }
            @if !rest.is_empty() {
                details.more { summary { "… " (rest.len()) " more" } ul aria-label=(label) { (each(rest, first + seen.len())) } }
            }
        }
    }
}

fn culprit(culprit: &Culprit<'_>) -> Markup {
    html! {
        @match culprit {
            Culprit::Test(name) => bdi.code { (text::name(name)) },
            Culprit::Itself => "the test itself",
            Culprit::EarlierCalls => "earlier calls",
            Culprit::SetupOrContext => "setup, or the context itself",
            Culprit::Environment => "the environment of the run",
            Culprit::NotNamed => span.quiet { "not named" },
        }
    }
}

fn carrier(carrier: Option<&Carrier>) -> Markup {
    html! {
        @match carrier {
            Some(carrier) => {
                bdi.code { (text::name(&carrier_message(carrier))) }
                @if let Some(location) = &carrier.location { bdi.code.quiet.location { (text::name(location)) } }
            },
            None => span.quiet { "not named" },
        }
    }
}

/// `alone`: the picture shows no others, so that the lines leave no doubt whose victims they are.
fn victims(view: &View<'_>, graph: &Graph<'_>, cluster: &Cluster, alone: bool) -> Markup {
    let Cluster { stories, .. } = cluster;
    let (first, rest) = shown(stories, NAMES);
    let names = |stories: &[usize]| {
        html! { ul.plain { @for index in stories {
            li { a href=(format!("#s{index}")) { bdi.code { (text::name(&view.stories[*index].name.test)) } } }
        } } }
    };
    html! {
        p { strong { (kinds(view, stories)) } span.after.quiet.heard[alone] { " after " (after(graph, cluster)) } }
        (names(first))
        @if !rest.is_empty() { details.more { summary { "… " (rest.len()) " more" } (names(rest)) } }
    }
}

/// `victim 20 · brittle 1`, as in the filter.
fn kinds(view: &View<'_>, indices: &[usize]) -> String {
    let kinds = stories::kinds(indices.iter().map(|index| &view.stories[*index]));
    kinds.iter().map(|(name, number)| format!("{name} {number}")).collect::<Vec<_>>().join(" · ")
}

fn after(graph: &Graph<'_>, cluster: &Cluster) -> Markup {
    const SHOWN: usize = 3;
    let rest = cluster.culprits.len().saturating_sub(SHOWN);
    html! {
        @for (index, place) in cluster.culprits.iter().take(SHOWN).enumerate() {
            @if index > 0 { " and " }
            (culprit(&graph.culprits[*place]))
        }
        @if rest > 0 { " and " (count(rest, "other")) }
    }
}
