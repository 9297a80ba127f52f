//! Findings about workers are kept, and their calls made again by `cargo spawncheck replay`.

use spawncheck_tests::{Example, Outcome, Project, tool};
use std::fs;

const SOURCE: &str = "src/lib.rs";
const SUITE: &str = "tests/workers.rs";

/// An example, after a run of the tool that found what it shows.
#[track_caller]
fn found(name: &str, example: &Example) -> (Project, Outcome) {
    let project = tool!().project(name, example.root()).target_dir(example.target());
    // Other tests build there too, and of two runs that end at the same moment the later one counts.
    for _ in 0..3 {
        let outcome = project.run();
        let kept = fs::read_to_string(project.target().join("spawncheck/findings.json")).unwrap_or_default();
        if kept.contains(example.root().to_str().expect("the copy has a name in UTF-8")) {
            return (project, outcome);
        }
    }
    panic!("nothing is kept of what was found in `{name}`");
}

#[track_caller]
fn copy(name: &str) -> Example {
    Example::new(env!("CARGO_TARGET_TMPDIR"), "replayed", name)
}

/// One that is changed, as a package of its own: cargo would take what it has built of it for the example's. As young as it looks
/// after a change, it is built anew each time.
#[track_caller]
fn changing() -> Example {
    let example = copy("pyfork");
    let example = ["Cargo.toml", "Cargo.lock"].into_iter().fold(example, |example, file| {
        let text = example.read(file).replace(r#"name = "pyfork""#, r#"name = "replayed""#);
        let library = if file == "Cargo.toml" { "\n[lib]\nname = \"pyfork\"\n" } else { "" };
        example.write(file, &(text + library))
    });
    [SOURCE, SUITE].into_iter().fold(example, |example, file| {
        let text = example.read(file);
        example.write(file, &text)
    })
}

#[track_caller]
fn replay(project: &Project, args: &[&str]) -> Outcome {
    let target = project.target().to_str().expect("the target directory has a name in UTF-8");
    project.run_command([&["replay", "--target-dir", target], args].concat())
}

#[test]
fn from_the_finding_to_the_repair() {
    let example = changing();
    let (project, found) = found("replayed", &example);
    found.assert_exit(120);
    let said: Vec<_> = found.events().into_iter().filter(|event| event["type"] == "finding").collect();
    let target = project.target().display();
    assert_eq!(said.len(), 2, "{found}");
    for event in &said {
        let worker = event["worker"].as_str().expect("it is about a worker");
        let expected = format!("cargo spawncheck replay --target-dir {target} replayed::workers {worker}");
        assert_eq!(event["replay"], expected, "{found}");
    }
    let listed = replay(&project, &["--message-format", "json"]).assert_exit(0).events();
    let workers: Vec<_> = listed.iter().map(|event| &event["worker"]).collect();
    assert_eq!(workers, ["strict_worker", "worker"], "{listed:?}");

    let shown = replay(&project, &["replayed", "worker"]);
    shown.assert_exit(120);
    shown.assert_stdout(&[
        "kept as diverges",
        "this call alone",
        "after setup, and no earlier call",
        "Reproduced",
    ]);
    let events = replay(&project, &["replayed", "strict_worker", "--message-format", "json"])
        .assert_exit(120)
        .events();
    let [event] = &events[..] else { panic!("one event: {events:?}") };
    assert_eq!((&event["reproduced"], &event["input"]), (&true.into(), &"0".into()));
    let process = |index: usize| {
        let process = &event["processes"][index];
        ["context", "outcome", "kept_outcome"].map(|key| process[key].as_str().unwrap_or_default())
    };
    const PANICKED: &str = "panicked: the settings are not there";
    assert_eq!([process(0), process(1)], [["spawn", PANICKED, PANICKED], ["inline", "0", "0"]], "{events:?}");

    // The repair of one of them.
    let source = example.read(SOURCE);
    let repaired = source.replace("n * ARGCOPY.load(Ordering::Relaxed)", "n * input");
    assert_ne!(source, repaired);
    let example = example.write(SOURCE, &repaired);
    let gone = replay(&project, &["replayed", "worker"]);
    gone.assert_exit(0);
    gone.assert_stdout(&["(kept: 0)", "Gone", "now both come to the same"]);
    replay(&project, &["replayed", "strict_worker"]).assert_exit(120);

    // One that is called otherwise now cannot be called.
    let suite = example.read(SUITE).replace(r#""worker", worker"#, r#""renamed", worker"#);
    let _example = example.write(SUITE, &suite);
    replay(&project, &["replayed", "worker"]).assert_exit(4).assert_stderr("`worker`");
}

#[test]
fn after_an_earlier_call() {
    let (project, found) = found("reused-pool", &copy("reused-pool"));
    found.assert_exit(120);
    let shown = replay(&project, &["reused-pool", "second_call"]);
    shown.assert_exit(120);
    shown.assert_stdout(&[
        "after an earlier call with 0; no setup",
        r##""#0#0""##,
        "reused_pool::BUFFER",
        "Reproduced",
    ]);
}

/// What takes a look at serialization is found by the test itself.
#[test]
fn what_calls_do_not_show() {
    let (project, found) = found("lossy", &copy("lossy"));
    found.assert_exit(120);
    assert_eq!(replay(&project, &["--message-format", "json"]).events(), [] as [serde_json::Value; 0]);
    replay(&project, &["lossy", "field_is_lost"])
        .assert_exit(2)
        .assert_stderr("lossy")
        .assert_stderr("looks for it anew");
}
