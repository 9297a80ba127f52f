//! What to do where the user's code comes to a suite or a check: in a parent, run it; in a child, serve, pass by, or stop.
//!
//! A child that is about to dispatch work itself would start children that do the same. It stops at the first level.

use super::{order, recursive, refuse};
use crate::channel::{Channel, channel};
use crate::protocol::{Order, Target};
use crate::report::Report;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether this child has begun to serve: everything after that is the user's setup and workers.
static SERVING: AtomicBool = AtomicBool::new(false);

/// What the code that comes to a suite or a check has to do.
pub(crate) enum Arrival {
    /// This process is nobody's child: dispatch the work.
    Parent,
    /// Serve this order.
    Serve(&'static Channel, &'static Order),
    /// An earlier check of the same test: it was done by the parent, with this result.
    Past(Box<Report>),
}

/// The order of this process, if it is a child.
fn ordered() -> Option<(&'static Channel, &'static Order)> {
    static ORDER: OnceLock<Order> = OnceLock::new();
    channel().map(|channel| (channel, ORDER.get_or_init(|| order(channel))))
}

/// Ends a child that serves, if this is one: setup or a worker came to `here`.
pub(crate) fn stop_if_serving(here: &str) {
    if SERVING.load(Ordering::SeqCst)
        && let Some((channel, order)) = ordered()
    {
        recursive(channel, &format!("{} hands out work itself: it comes to {here}", order.target));
    }
}

/// Decides for a suite or check at `here`; `serves` says whether a target is one of its own.
pub(crate) fn arrive(here: &str, serves: impl Fn(&Target) -> bool, ordinal: Option<usize>) -> Arrival {
    stop_if_serving(here);
    let Some((channel, order)) = ordered() else { return Arrival::Parent };
    if serves(&order.target) {
        return Arrival::Serve(channel, order);
    }
    match (ordinal, &order.target) {
        (Some(here), Target::Check { ordinal, .. }) if here < *ordinal => match order.past.get(here) {
            Some(report) => Arrival::Past(Box::new(report.clone())),
            None => refuse(channel, "the parent did not say what came of the check before"),
        },
        (Some(_), Target::Check { .. }) => {
            refuse(channel, &format!("the test took another way in the child: it comes to {here}"))
        }
        _ => recursive(channel, &format!("before it can serve, the child comes to {here}")),
    }
}

pub(super) fn begin_to_serve() {
    SERVING.store(true, Ordering::SeqCst);
}
