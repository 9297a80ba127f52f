//! Messages besides the output.

use crate::Case;
use crate::lifeline::Lifeline;
use crate::support::{LONG, arg, mailbox, role, text};
use spawncheck::Exit;
use spawncheck::child::{Interrupt, Killed, Mailbox};
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

pub(crate) const CASES: &[Case] = &[
    ("mailbox_is_delivered_whole", mailbox_is_delivered_whole),
    ("mailbox_that_is_a_file", mailbox_that_is_a_file),
    ("mailbox_serves_one_child_after_the_other", mailbox_serves_one_child_after_the_other),
    ("mailbox_goes_with_its_owner", mailbox_goes_with_its_owner),
    ("messages_renew_the_patience", messages_renew_the_patience),
    ("patience_runs_out_after_the_last_message", patience_runs_out_after_the_last_message),
    ("flood_of_messages_can_be_interrupted", flood_of_messages_can_be_interrupted),
    ("panic_in_the_receiver", panic_in_the_receiver),
];

/// The arguments of the role `mail`.
fn letters(path: &std::path::Path, count: u32, pause: Duration) -> Vec<OsString> {
    vec![arg(path), count.to_string().into(), pause.as_millis().to_string().into()]
}

fn lines(count: u32) -> String {
    (0..count).map(|number| format!("{number}\n")).collect()
}

fn mailbox_is_delivered_whole() {
    let (_folder, mut mailbox) = mailbox();
    // More than a pipe holds, and without a moment to read it between the last message and the end.
    let count = 30_000;
    let mut command = role("mail", letters(mailbox.path(), count, Duration::ZERO));
    command.keep = 1 << 20;
    let mut received = Vec::new();
    let mut receive = |bytes: &[u8], _| received.extend_from_slice(bytes);
    let ended = command.run(Some(&mut mailbox), &Interrupt::new().unwrap(), &mut receive).unwrap();
    assert_eq!((ended.exit, ended.leak), (Exit::Code(0), None));
    assert!(String::from_utf8(received).unwrap() == lines(count));
    assert!(text(&ended.stdout) == lines(count));
}

/// More than is read at a time, then less, so that what the first child wrote would show.
fn mailbox_that_is_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut mailbox = Mailbox::file(&folder.path().join("mail")).unwrap();
    for count in [300_000, 5] {
        let mut command = role("mail", letters(mailbox.path(), count, Duration::ZERO));
        command.keep = 4 << 20;
        let mut received = Vec::new();
        let mut receive = |bytes: &[u8], _| received.extend_from_slice(bytes);
        let ended = command.run(Some(&mut mailbox), &Interrupt::new().unwrap(), &mut receive).unwrap();
        assert_eq!((ended.exit, ended.leak), (Exit::Code(0), None));
        assert!(String::from_utf8(received).unwrap() == lines(count));
    }
}

fn mailbox_serves_one_child_after_the_other() {
    let (_folder, mut mailbox) = mailbox();
    for count in [5, 5, 3] {
        let command = role("mail", letters(mailbox.path(), count, Duration::ZERO));
        let mut received = Vec::new();
        let mut receive = |bytes: &[u8], _| received.extend_from_slice(bytes);
        command.run(Some(&mut mailbox), &Interrupt::new().unwrap(), &mut receive).unwrap();
        assert_eq!(String::from_utf8(received).unwrap(), lines(count));
    }
}

fn mailbox_goes_with_its_owner() {
    let (_folder, mailbox) = mailbox();
    let path = mailbox.path().to_owned();
    assert!(path.exists());
    drop(mailbox);
    assert!(!path.exists());
}

fn messages_renew_the_patience() {
    let (_folder, mut mailbox) = mailbox();
    let mut command = role("mail", letters(mailbox.path(), 25, Duration::from_millis(200)));
    command.patience = Duration::from_secs(4);
    let mut last = None;
    let mut receive = |_: &[u8], at: Instant| last = Some(at);
    let ended = command.run(Some(&mut mailbox), &Interrupt::new().unwrap(), &mut receive).unwrap();
    assert_eq!((ended.exit, ended.killed), (Exit::Code(0), None));
    assert!(ended.duration > command.patience, "{:?}", ended.duration);
    assert!(last.unwrap() < Instant::now());
}

fn patience_runs_out_after_the_last_message() {
    let (_folder, mut mailbox) = mailbox();
    let lifeline = Lifeline::new();
    let mut args = letters(mailbox.path(), 1, Duration::ZERO);
    args.push(lifeline.address().into());
    let mut command = role("mail", args);
    command.patience = Duration::from_secs(3);
    let started = Instant::now();
    let mut received = Vec::new();
    let mut receive = |bytes: &[u8], _| received.extend_from_slice(bytes);
    let ended = command.run(Some(&mut mailbox), &Interrupt::new().unwrap(), &mut receive).unwrap();
    assert_eq!(ended.killed, Some(Killed::TimedOut));
    assert_eq!(String::from_utf8(received).unwrap(), lines(1));
    assert!(started.elapsed() < LONG);
    lifeline.accept().expect_end();
}

fn flood_of_messages_can_be_interrupted() {
    let (_folder, mut mailbox) = mailbox();
    let command = role("mail-flood", [arg(mailbox.path())]);
    let interrupt = Interrupt::new().unwrap();
    let started = Instant::now();
    // Slower than the child, so that there is always more to read.
    let mut receive = |_: &[u8], _| {
        interrupt.raise();
        std::thread::sleep(Duration::from_millis(5));
    };
    let ended = command.run(Some(&mut mailbox), &interrupt, &mut receive).unwrap();
    assert_eq!(ended.killed, Some(Killed::Interrupted));
    assert!(started.elapsed() < LONG);
}

fn panic_in_the_receiver() {
    let (_folder, mut mailbox) = mailbox();
    let lifeline = Lifeline::new();
    let mut args = letters(mailbox.path(), 1, Duration::ZERO);
    args.push(lifeline.address().into());
    let command = role("mail", args);
    let interrupt = Interrupt::new().unwrap();
    let mut receive = |_: &[u8], _| std::panic::resume_unwind(Box::new("no"));
    let run = || command.run(Some(&mut mailbox), &interrupt, &mut receive);
    assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    lifeline.accept().expect_end();
}
