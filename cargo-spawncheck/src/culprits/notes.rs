//! Why no more is known, as a person reads it.

use super::Budget;
use crate::minimize::{Outcome, Why};
use crate::suite::Binary;

/// How many tests to name.
const NAMED: usize = 3;

pub(super) fn note(binary: &Binary, candidates: usize, outcome: &Outcome, budget: Budget) -> Option<String> {
    let name = |test: &usize| format!("`{}`", binary.tests[*test].name);
    let spent = |budget: String, option: &str| {
        let known = match &outcome.found {
            Some(found) => format!("fewer than these {} may do", found.len()),
            None => format!("no part of the {candidates} tests before it was found to do"),
        };
        format!("stopped after {budget}: {known} (hint: see {option})")
    };
    Some(match outcome.why.as_ref()? {
        Why::NothingBefore => "no test ran before it in its process".to_owned(),
        Why::Flaky(tests) if tests.is_empty() => {
            "its verdict changes between identical runs with no test before it".to_owned()
        }
        Why::Flaky(tests) => {
            let mut named: Vec<_> = tests.iter().take(NAMED).map(name).collect();
            if tests.len() > NAMED {
                named.push(format!("{} more", tests.len() - NAMED));
            }
            let last = named.pop().unwrap_or_default();
            let after = if named.is_empty() { last } else { format!("{} and {last}", named.join(", ")) };
            format!("its verdict changes between identical runs after {after}")
        }
        Why::CannotRun => {
            format!("no part of the {candidates} tests before it could be run together with it and did")
        }
        Why::EndsWithout(test) => {
            format!("whether it takes {} cannot be seen: without it, the process ends before", name(test))
        }
        Why::Runs => spent(format!("{} runs", outcome.runs), "--culprit-runs"),
        Why::Time => spent(format!("{:?} ({} runs)", budget.time, outcome.runs), "--culprit-time"),
        // Told as the error that it is.
        Why::Stopped => return None,
    })
}
