//! The calls of a finding, made again by another program.

use crate::Case;
use crate::findings::dependent;
use crate::support::{LONG, Run};
use serde_json::Value;
use spawncheck::child::{Command, Interrupt};
use spawncheck::reproduce::{Played, Reproduction, play};
use std::time::Duration;

pub(crate) const CASES: &[Case] = &[
    ("each divergence can be shown again by others", each_divergence),
    ("what is played ends in the time given", deadline),
    ("a child that cannot serve says why", another_worker),
];

/// As an event has it.
pub(crate) fn parse(event: &Value) -> Reproduction {
    let calls = &event["reproduction"];
    let text = |key: &str| calls[key].as_str().unwrap_or_else(|| panic!("{event}")).to_owned();
    Reproduction {
        arguments: serde_json::from_value(calls["arguments"].clone()).unwrap(),
        context: text("context"),
        dirty: text("dirty").parse().unwrap(),
        fresh: text("fresh").parse().unwrap(),
        inline: calls.get("inline").map(|_| text("inline").parse().unwrap()),
    }
}

/// What starts the processes of `reproduction` in the surroundings of `run`.
pub(crate) fn command(run: &Run, reproduction: &Reproduction) -> Command {
    let mut command = run.command().clone();
    command.env.retain(|(name, _)| name != "SPAWNCHECK_EVENTS");
    command.args = reproduction.arguments.iter().map(Into::into).collect();
    command
}

/// Twice each, by turns: the same calls come to the same, and the two do not.
fn each_divergence() {
    let (run, done) = (Run::new("dependent"), dependent());
    let diverging: Vec<_> = done.findings.iter().filter(|event| event["kind"] == "diverges").collect();
    assert!(diverging.len() >= 7, "{done:#?}");
    for event in diverging {
        let reproduction = parse(event);
        let command = command(&run, &reproduction);
        let both = || {
            [&reproduction.dirty, &reproduction.fresh]
                .map(|script| play(&command, script, &Interrupt::new().unwrap()).unwrap())
        };
        let [dirty, fresh] = both();
        assert_ne!(dirty, fresh, "{event}");
        assert_eq!(both(), [dirty.clone(), fresh.clone()], "{event}");
        let said =
            [&reproduction.context, "spawn"].map(|context| event["outcomes"][context].as_str().unwrap());
        assert_eq!([dirty.to_string(), fresh.to_string()], said, "{event}");
        match said[1] {
            "exited: 3" => assert_eq!(fresh, Played::Ended(spawncheck::Exit::Code(3)), "{event}"),
            _ => assert!(matches!(fresh, Played::Replied(_)), "{event} {fresh:?}"),
        }
    }
    run.assert_nobody_left();
}

fn deadline() {
    let run = Run::new("dependent");
    let reproduction = parse(dependent().finding("static"));
    let mut command = command(&run, &reproduction);
    command.patience = Duration::ZERO;
    assert_eq!(play(&command, &reproduction.fresh, &Interrupt::new().unwrap()).unwrap(), Played::TimedOut);
    run.assert_nobody_left();
}

/// The executable is a suite without that worker.
fn another_worker() {
    let reproduction = parse(dependent().finding("static"));
    let other = Run::new("independent");
    let mut command = command(&other, &reproduction);
    command.patience = LONG;
    let played = play(&command, &reproduction.dirty, &Interrupt::new().unwrap()).unwrap();
    assert!(matches!(&played, Played::NotServed(why) if why.contains("suite `independent`")), "{played:?}");
}
