//! Files of kept counterexamples.

use crate::Case;
use crate::support::Run;
use crate::under_test::config;
use serde_json::{Value, json};
use spawncheck::{Config, Suite, any};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

pub(crate) const CASES: &[Case] = &[
    ("a counterexample is kept, and tried first", kept_and_tried),
    ("a corrupt file is an error, and the other cases are tried", corrupt),
    ("an outdated case is an error, and the others are tried", outdated),
    ("a case of another worker is left alone", others_stay),
    ("where nothing can be kept, nothing is lost", cannot_be_kept),
    ("a large file is not read", too_large),
];

static RATE: AtomicU64 = AtomicU64::new(0);

pub(crate) fn suite(name: &str) -> Option<Suite> {
    let rate = |n: u64| if n == 12_345 { RATE.load(SeqCst) } else { 0 };
    let set_up = || RATE.store(2, SeqCst);
    Some(match name {
        // Only the one input shows it, and no strategy will come by it.
        "rare" => Suite::new("s").config(config()).setup(set_up).worker("rare", rate, any::<u64>()),
        "common" => Suite::new("s").config(config()).setup(set_up).worker(
            "rare",
            |n: u64| n * RATE.load(SeqCst),
            1_u64..9,
        ),
        "nowhere" => {
            let config = Config { regressions: Some("file".into()), ..config() };
            Suite::new("s").config(config).setup(set_up).worker(
                "rare",
                |n: u64| n * RATE.load(SeqCst),
                1_u64..9,
            )
        }
        _ => return None,
    })
}

fn file(run: &Run) -> PathBuf {
    run.folder().join("spawncheck-regressions").join("rare.json")
}

fn with_file(suite: &str, text: &str) -> Run {
    let run = Run::new(suite);
    std::fs::create_dir(run.folder().join("spawncheck-regressions")).unwrap();
    std::fs::write(file(&run), text).unwrap();
    run
}

fn case(worker: &str, input: &Value) -> Value {
    json!({"owner": "s", "worker": worker, "history": [], "input": input})
}

fn document(cases: &[Value]) -> String {
    json!({"schema": 1, "cases": cases}).to_string()
}

fn kept_and_tried() {
    let run = Run::new("common");
    assert_eq!(run.done().finding("rare")["input"], "1");
    let text = std::fs::read_to_string(file(&run)).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&text).unwrap(),
        json!({"schema": 1, "cases": [case("rare", &json!(1))]})
    );
    // Again, with nothing added to the file.
    run.done();
    assert_eq!(std::fs::read_to_string(file(&run)).unwrap(), text);
    let left: Vec<_> = std::fs::read_dir(file(&run).parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");

    assert_eq!(Run::new("rare").done().code, Some(0));
    let run = with_file("rare", &document(&[case("rare", &json!(12_345))]));
    assert_eq!(run.done().finding("rare")["input"], "12345");
}

fn corrupt() {
    for text in
        ["", "{", "[]", "\u{0}", r#"{"schema": 2, "cases": []}"#, r#"{"schema": 1, "cases": [], "x": 1}"#]
    {
        let run = with_file("rare", text);
        run.done().fails_with(&["rare.json`: "]);
        assert_eq!(std::fs::read_to_string(file(&run)).unwrap(), text, "it is the user's");
    }
    // Where there is something to add to it.
    let run = with_file("common", "{");
    run.done().fails_with(&["rare.json", "worker `rare` depends on state"]);
    assert_eq!(std::fs::read_to_string(file(&run)).unwrap(), "{");
}

fn outdated() {
    let cases =
        [case("rare", &json!("text")), case("rare", &json!({"$map": 1})), case("rare", &json!(12_345))];
    let done = with_file("rare", &document(&cases)).done();
    done.fails_with(&[
        "case 1 is no input of worker `rare` any more",
        "case 2 is no input",
        "depends on state",
    ]);
    assert_eq!(done.finding("rare")["input"], "12345");
}

fn others_stay() {
    let stranger = case("stranger", &json!({"a": null}));
    let run = with_file("common", &document(std::slice::from_ref(&stranger)));
    run.done();
    let text = std::fs::read_to_string(file(&run)).unwrap();
    let kept: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(kept["cases"], json!([stranger, case("rare", &json!(1))]));
}

fn cannot_be_kept() {
    let run = Run::new("nowhere");
    std::fs::write(run.folder().join("file"), "").unwrap();
    let done = run.done();
    done.fails_with(&["depends on state", "rare.json", r#""input":1"#]);
}

fn too_large() {
    let done = with_file("rare", &" ".repeat(17 << 20)).done();
    done.fails_with(&["rare.json`: is larger than 16 MiB"]);
}
