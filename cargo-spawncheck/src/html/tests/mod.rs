mod graphs;
mod samples;

use super::page::{SCRIPT_HASH, STYLE_HASH};
use super::{SCRIPT, STYLE, html};
use crate::finding::Kind;
use crate::matrix::{Failure, Matrix, Name};
use base64::Engine;
use samples::{big, explained, hostile, small};
use sha2::{Digest, Sha256};

#[test]
fn the_policy_allows_what_is_on_the_page() {
    let hash = |text: &str| base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text));
    assert_eq!((STYLE_HASH, SCRIPT_HASH), (&*hash(STYLE), &*hash(SCRIPT)));
}

/// A browser ends an element at its end tag, wherever it stands.
#[test]
fn style_and_script_end_where_they_end() {
    for text in [STYLE, SCRIPT] {
        assert!(!text.contains("</") && !text.contains("<!--") && !text.contains('\r'));
    }
}

#[test]
fn an_empty_run() {
    let html = html(&Matrix::default());
    assert!(html.contains("No findings in 0 tests"), "{html}");
    assert!(!html.contains("id=\"picture\"") && !html.contains("id=\"failures\""), "{html}");
}

#[test]
fn a_finding_is_told_without_a_script() {
    let html = html(&small());
    for part in [
        "admin::loads_rates",
        "static pricing::rates::RATES: Mutex&lt;BTreeMap&lt;String, u64&gt;&gt;",
        "src/rates.rs:14",
        "proof: with the fresh value written back, the test passes",
        "assertion `left == right` failed",
        "cargo spawncheck replay rates::default_empty",
        "only on windows x86_64",
        "the daemon is shared on purpose",
        "`windows.jsonl` ends before its run did",
    ] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn nothing_hostile_is_an_element() {
    let html = html(&hostile());
    let quiet = html.replace(STYLE, "").replace(SCRIPT, "");
    for part in ["<img", "<svg", "<h1>taken", "<!--", "\u{1b}", "\u{0}", "\u{202e}", "\u{2066}"] {
        assert!(!quiet.contains(part), "{part:?}");
    }
    assert_eq!(quiet.matches("<script").count(), 2);
    assert_eq!(quiet.matches("</script").count(), 2);
    assert_eq!(quiet.matches("</style").count(), 1);
}

#[test]
fn size() {
    let bytes = html(&big()).len();
    assert!(bytes < 5 << 20, "{bytes} bytes");
    let long = "x".repeat(1 << 20);
    let stories = (0..300).map(|_| {
        let mut story = explained(Kind::Victim, "t", &[], &[]);
        story.evidence[0].1.clone_from(&long);
        story
    });
    let bytes = html(&Matrix { stories: stories.collect(), ..Matrix::default() }).len();
    assert!(bytes < 5 << 20, "{bytes} bytes");
    let bytes = html(&Matrix { failures: failures(10_000, &long[..1000]), ..Matrix::default() }).len();
    assert!(bytes < 5 << 20, "{bytes} bytes");
}

/// On three platforms each.
fn failures(count: usize, output: &str) -> Vec<Failure> {
    let failure = |index: usize| Failure {
        name: Name { package: "p".into(), binary: "p".into(), test: format!("t{index}") },
        platforms: vec![0, 1, 2],
        output: (0..3).map(|platform| (platform, output.to_owned())).collect(),
    };
    (0..count).map(failure).collect()
}

#[test]
fn more_than_there_is_room_for_is_said() {
    let stories = vec![explained(Kind::Victim, "t", &[], &[]); 2_003];
    let html = html(&Matrix { stories, ..Matrix::default() });
    assert!(html.contains("3 more findings, of less weight, not on this page"));
    assert!(html.contains("id=\"s1999\"") && !html.contains("id=\"s2000\""));
    let html = super::html(&Matrix { failures: failures(2_001, "no"), ..Matrix::default() });
    assert!(
        html.contains("1 more test, not on this page") && html.contains("t1999") && !html.contains("t2000")
    );
}

/// A report cut off may name platforms and rows that it does not have.
#[test]
fn indices_that_lead_nowhere() {
    let mut matrix = small();
    matrix.platforms.clear();
    matrix.tests.clear();
    assert!(html(&matrix).contains("rates::default_empty"));
}

/// For `ci/browser.sh`.
#[test]
#[ignore = "writes pages into the folder that SPAWNCHECK_PAGES names"]
fn pages() {
    let folder = std::path::PathBuf::from(std::env::var_os("SPAWNCHECK_PAGES").unwrap());
    for (name, matrix) in
        [("small", small()), ("big", big()), ("hostile", hostile()), ("empty", Matrix::default())]
    {
        std::fs::write(folder.join(format!("{name}.html")), html(&matrix)).unwrap();
    }
}
