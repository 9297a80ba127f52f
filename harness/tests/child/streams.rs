//! What a child writes, and what it can read.

use crate::Case;
use crate::support::{plain, role, run, text};
use spawncheck::Exit;

pub(crate) const CASES: &[Case] = &[
    ("both_ends_of_a_flood_are_kept", both_ends_of_a_flood_are_kept),
    ("output_of_any_bytes", output_of_any_bytes),
    ("child_that_closes_its_output", child_that_closes_its_output),
    ("standard_input_is_empty", standard_input_is_empty),
];

fn both_ends_of_a_flood_are_kept() {
    const SIZE: usize = 64 << 20;
    let mut command = role("flood", [SIZE.to_string()]);
    command.keep = 1000;
    let ended = run(&command);
    for captured in [&ended.stdout, &ended.stderr] {
        assert_eq!((captured.head.len(), captured.tail.len()), (1000, 1000));
        assert_eq!((captured.head[..2].as_ref(), captured.tail[998..].as_ref()), (&b"<."[..], &b".>"[..]));
        assert_eq!(captured.omitted, SIZE as u64 - 2000);
    }
}

fn output_of_any_bytes() {
    let ended = run(&plain("raw"));
    assert_eq!(ended.stdout.head, b"a\xff\xfeb\n\0c");
    assert_eq!(ended.stdout.to_text(), "a\u{fffd}\u{fffd}b\n\0c");
    assert_eq!(ended.stderr.head, b"");
}

fn child_that_closes_its_output() {
    let ended = run(&plain("close-stdout"));
    assert_eq!(ended.exit, Exit::Code(3));
    assert_eq!((&*text(&ended.stdout), &*text(&ended.stderr)), ("before", "after"));
    assert_eq!(ended.leak, None);
}

fn standard_input_is_empty() {
    assert_eq!(text(&run(&plain("stdin")).stdout), "0\n");
}
