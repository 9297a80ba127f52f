//! Which findings are one story: the same kind, left by the same tests, carried by the same things.
//!
//! One culprit easily breaks twenty tests, and twenty blocks that differ in one name hide that.

use super::event::FindingEvent;
use crate::explanation::Cause;

/// The findings in groups; a group stands where its first member stood.
///
/// A finding without culprits is a group of its own: that two tests inherit the same static does not yet say that they do so from the same
/// test. So is an accepted one: it has a reason of its own.
pub(super) fn groups<'a>(
    findings: impl IntoIterator<Item = &'a FindingEvent<'a>>,
) -> Vec<Vec<&'a FindingEvent<'a>>> {
    let mut groups: Vec<Vec<&FindingEvent<'_>>> = Vec::new();
    for finding in findings {
        match groups.iter_mut().find(|group| same_story(group[0], finding)) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

fn same_story(a: &FindingEvent<'_>, b: &FindingEvent<'_>) -> bool {
    let minimal = |finding: &FindingEvent<'_>| finding.search.map(|search| search.minimal);
    (a.kind, a.level, a.name.binary) == (b.kind, b.level, b.name.binary)
        && a.accepted.is_none()
        && b.accepted.is_none()
        && a.culprits.is_some()
        && a.culprits == b.culprits
        && minimal(a) == minimal(b)
        && a.causes.len() == b.causes.len()
        && a.causes.iter().zip(b.causes).all(|(a, b)| same_cause(a, b))
}

/// Whether the same is claimed of the same thing. The values may differ: a counter goes on counting.
fn same_cause(a: &Cause, b: &Cause) -> bool {
    let key = |cause: &Cause| (cause.carrier.channel, cause.confirmed, cause.sufficient);
    let place = |cause: &Cause| (cause.carrier.type_name.clone(), cause.carrier.location.clone());
    key(a) == key(b)
        && a.carrier.name == b.carrier.name
        && place(a) == place(b)
        && a.together_with == b.together_with
}
