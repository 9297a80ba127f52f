//! A whole check as it is by default: 256 cases in all contexts.

use crate::Result;
use crate::report::{self, Sample};
use crate::testing::{self, Test};
use spawncheck::{Check, Config, Context, any, check};

const ROUNDS: usize = 9;

pub(crate) const TESTS: &[Test] = &[("contexts", || drop(checked().try_run()))];

fn worker(number: u64) -> u64 {
    number.wrapping_add(1)
}

fn checked() -> Check<u64, u64> {
    check(worker).inputs(any::<u64>()).config(Config { regressions: None, ..Default::default() })
}

pub(crate) fn measure() -> Result<()> {
    let mut sample = Sample::new();
    for _ in 0..ROUNDS {
        sample.push(testing::time("contexts", checked)?.as_secs_f64());
    }
    let contexts: Vec<_> = Context::all().iter().map(Context::to_string).collect();
    println!("| cases | contexts | a check | bar |\n| ---: | --- | ---: | ---: |");
    if let Some(seconds) = sample.median() {
        let cases = Config::default().cases;
        println!("| {cases} | {} | {} | 1 s |", contexts.join(", "), report::time(seconds));
    }
    Ok(())
}
