//! Random programs: what is found must be what the model says, no less and no more.

use super::machine::Machine;
use super::model::{Claim, Model};
use super::program::{NUMBERS, Program};
use super::random::{programs, with_noise};
use super::{contexts, explore, scatter};
use crate::Context;
use crate::finding::{Finding, Kind};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;

fn some_contexts() -> impl Strategy<Value = Vec<Context>> {
    let all = [contexts(), vec![Context::Custom("own".into())]].concat();
    prop_oneof![Just(contexts()), subsequence(all, 1..=5)]
}

fn inputs() -> impl Strategy<Value = Vec<u8>> {
    vec(0..NUMBERS, 1..=24)
}

fn claim(finding: &Finding) -> Claim {
    let number = |text: &String| text.parse().unwrap();
    let outcomes = finding.outcomes.iter();
    Claim {
        history: finding.history.iter().map(number).collect(),
        input: number(finding.input.as_ref().unwrap()),
        needs_setup: finding.needs_setup,
        outcomes: outcomes.map(|(context, outcome)| (context.to_string(), outcome.to_string())).collect(),
    }
}

/// Compares what is found with the model.
fn compare(program: &Program, contexts: &[Context], inputs: &[u8]) -> Result<(), String> {
    let mut machine = Machine::new(program, contexts, None, |_| 0, 0);
    let report = explore(&mut machine, inputs);
    let model = Model { program, contexts };
    match (&*report.findings, model.differs(inputs)) {
        ([], false) => Ok(()),
        ([finding], true) if finding.kind == Kind::Diverges => {
            model.verify(&claim(finding)).map_err(|why| format!("{why}\n{finding}"))
        }
        (findings, expected) => Err(format!("it differs: {expected}, but the findings are {findings:?}")),
    }
}

/// By the number of a call: a coin, a clock, a slower one, what comes again after 2, 3 or 4 calls.
const NOISES: [fn(u64) -> u8; 6] = [
    |call| (scatter(call) % 2) as u8,
    |call| call as u8,
    |call| (call / 3) as u8,
    |call| (call % 2) as u8,
    |call| (call % 3) as u8,
    |call| (call % 4) as u8,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn findings_are_those_of_the_model(program in programs(), inputs in inputs(), contexts in some_contexts()) {
        compare(&program, &contexts, &inputs).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn what_wavers_is_never_inherited_state(
        program in programs(),
        inputs in inputs(),
        contexts in some_contexts(),
        noise in 0..NOISES.len(),
        first_call in 0..1_u64 << 32,
    ) {
        let program = with_noise(program);
        let report = explore(&mut Machine::new(&program, &contexts, None, NOISES[noise], first_call), &inputs);
        prop_assert!(report.findings.iter().all(|finding| finding.kind == Kind::Flaky), "{report}");
    }
}
