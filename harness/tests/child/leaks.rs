//! What a child leaves behind.

use crate::Case;
use crate::lifeline::Lifeline;
use crate::support::{LONG, SHORT, plain, role, run, text};
use spawncheck::Exit;
use spawncheck::child::{Command, Interrupt, Leak};
use std::time::Instant;

pub(crate) const CASES: &[Case] = &[
    ("grandchild_that_holds_the_output", grandchild_that_holds_the_output),
    ("grandchild_that_holds_nothing", grandchild_that_holds_nothing),
    #[cfg(target_os = "linux")]
    ("grandchild_that_holds_nothing_is_seen_by_a_subreaper", seen_by_a_subreaper),
    ("grandchild_that_ends_in_time", grandchild_that_ends_in_time),
    ("interrupt_during_the_grace", interrupt_during_the_grace),
    ("nothing_else_is_inherited", nothing_else_is_inherited),
];

/// With a grace that is worth waiting for.
pub(crate) fn short(mut command: Command) -> Command {
    command.grace = SHORT;
    command
}

fn grandchild_that_holds_the_output() {
    let lifeline = Lifeline::new();
    let ended = run(&short(role("leave", ["hold", "hang", &lifeline.address()])));
    assert_eq!((ended.exit, ended.killed), (Exit::Code(0), None));
    assert_eq!(ended.leak, Some(Leak::OpenPipe));
    lifeline.accept().expect_end();
}

fn grandchild_that_holds_nothing() {
    let lifeline = Lifeline::new();
    let ended = run(&short(role("leave", ["free", "hang", &lifeline.address()])));
    assert_eq!((ended.exit, ended.killed), (Exit::Code(0), None));
    assert_eq!(ended.leak, if cfg!(windows) { Some(Leak::Process) } else { None });
    lifeline.accept().expect_end();
}

#[cfg(target_os = "linux")]
fn seen_by_a_subreaper() {
    for (output, leak) in [("free", Leak::Process), ("hold", Leak::OpenPipe)] {
        let lifeline = Lifeline::new();
        let ended = run(&role("adopt", [output, "hang", &lifeline.address()]));
        assert_eq!(text(&ended.stdout), format!("{:?}\n", Some(leak)), "{}", ended.stderr.to_text());
        lifeline.accept().expect_end();
    }
}

fn grandchild_that_ends_in_time() {
    let ended = run(&role("leave", ["hold", "late"]));
    assert_eq!((ended.exit, ended.leak), (Exit::Code(0), None));
    assert_eq!(text(&ended.stdout), "late");
}

fn interrupt_during_the_grace() {
    let lifeline = Lifeline::new();
    let interrupt = Interrupt::new().unwrap();
    let started = Instant::now();
    std::thread::scope(|scope| {
        let child = scope.spawn(|| {
            let command = role("leave", ["hold", "hang", &lifeline.address()]);
            command.run(None, &interrupt, &mut |_, _| ()).unwrap()
        });
        let line = lifeline.accept();
        interrupt.raise();
        line.expect_end();
        assert_eq!(child.join().unwrap().leak, None);
    });
    assert!(started.elapsed() < LONG);
}

/// In a process of its own: other tests start processes by other means, which would inherit it too.
fn nothing_else_is_inherited() {
    let ended = run(&plain("inheritable"));
    assert_eq!(text(&ended.stdout), "Ok(0) false\n", "{}", ended.stderr.to_text());
}
