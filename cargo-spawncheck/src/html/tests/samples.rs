//! Matrices that pages are made of.

use crate::explanation::{Carrier, Cause, Channel};
use crate::finding::{Kind, Verdict};
use crate::matrix::{Cell, Failure, Matrix, Name, Platform, Row, Run, Spread, Story};
use std::collections::BTreeMap;

pub(super) fn name(binary: &str, test: &str) -> Name {
    Name { package: "pricing".into(), binary: binary.into(), test: test.into() }
}

pub(super) fn story(kind: Kind, binary: &str, test: &str) -> Story {
    Story {
        platforms: vec![0],
        headline: format!("a {} test", kind.name()),
        help: "build it for each test".into(),
        replay: format!("cargo spawncheck replay {test}"),
        ..Story::new(Some(kind), kind.default_level(), name(binary, test), Spread::Everywhere)
    }
}

pub(super) fn cause(channel: Channel, name: &str) -> Cause {
    let carrier = Carrier {
        channel,
        name: name.into(),
        type_name: (channel == Channel::Static).then(|| "Mutex<BTreeMap<String, u64>>".into()),
        location: (channel == Channel::Static).then(|| "src/rates.rs:14".into()),
        fresh: "0 entries".into(),
        inherited: "3 entries".into(),
    };
    Cause { carrier, confirmed: true, together_with: Vec::new(), sufficient: Some(true) }
}

/// A victim or a brittle test, with all that is known of such.
pub(super) fn explained(kind: Kind, test: &str, culprits: &[&str], carriers: &[&str]) -> Story {
    let brittle = kind == Kind::Brittle;
    Story {
        headline: match brittle {
            true => "passes in-process, fails spawned".into(),
            false => "fails in-process, passes spawned".into(),
        },
        culprits: Some(culprits.iter().map(|culprit| (*culprit).to_owned()).collect()),
        causes: carriers.iter().map(|carrier| cause(Channel::Static, carrier)).collect(),
        evidence: vec![(
            0,
            "thread 'x' panicked at src/rates.rs:41:9:\nassertion `left == right` failed\n  left: 3\n right: 0\n".into(),
        )],
        ..story(kind, "pricing", test)
    }
}

fn platform(target: &str, os: &str) -> Platform {
    Platform { target: target.into(), os: os.into(), arch: "x86_64".into() }
}

fn run(file: &str, platform: usize, partition: Option<&str>, exit_code: Option<u8>) -> Run {
    Run {
        file: file.into(),
        version: "0.1.0".into(),
        platform,
        commit: Some("3f2c9ab81d7e60a4c5b2".into()),
        partition: partition.map(str::to_owned),
        wall_ms: 1_240.0,
        exit_code,
    }
}

pub(super) fn passing(platforms: usize) -> Vec<Cell> {
    vec![Cell { in_process: Some(Verdict::Passed), spawned: Some(Verdict::Passed) }; platforms]
}

fn row(name: Name, platforms: usize) -> Row {
    Row { name, cells: passing(platforms), micros: vec![1_000; platforms] }
}

/// A row for each story and its verdicts, besides `passing` others; sorted.
fn rows(stories: &[Story], platforms: usize, passing: usize) -> Vec<Row> {
    let mut rows: BTreeMap<Name, Row> = (0..passing)
        .map(|number| name("pricing::it", &format!("orders::case_{number:05}")))
        .chain(stories.iter().map(|story| story.name.clone()))
        .map(|name| (name.clone(), row(name, platforms)))
        .collect();
    for story in stories {
        let Some(row) = rows.get_mut(&story.name) else { continue };
        for (_, cell) in row.cells.iter_mut().enumerate().filter(|(index, _)| story.platforms.contains(index))
        {
            match story.kind {
                Some(Kind::Brittle | Kind::Environment) => cell.spawned = Some(Verdict::Failed),
                Some(Kind::Victim) => cell.in_process = Some(Verdict::Failed),
                _ => {}
            }
        }
    }
    rows.into_values().collect()
}

/// Two platforms, each kind of story.
pub(super) fn small() -> Matrix {
    let mut stories = Vec::new();
    for test in
        ["default", "discount", "tax", "rounding", "refund", "bulk", "loyalty", "coupon", "export", "import"]
    {
        for case in ["empty", "one"] {
            let test = format!("rates::{test}_{case}");
            stories.push(explained(Kind::Victim, &test, &["admin::loads_rates"], &["pricing::rates::RATES"]));
        }
    }
    stories.push(explained(
        Kind::Brittle,
        "rates::reload_keeps_order",
        &["admin::loads_rates"],
        &["pricing::rates::RATES"],
    ));
    stories.push(explained(
        Kind::Victim,
        "report::prints_totals",
        &["config::sets_currency", "admin::opens_ledger"],
        &["pricing::config::CURRENCY", "pricing::ledger::OPEN"],
    ));
    stories[21].causes[0].together_with = vec!["pricing::ledger::OPEN".into()];
    stories[21].also = vec![cause(Channel::Static, "pricing::cache::HITS").carrier];
    stories.push(explained(
        Kind::Victim,
        "report::prints_header",
        &["config::sets_currency"],
        &["pricing::config::CURRENCY"],
    ));
    stories.push(explained(Kind::Victim, "zones::parses_offset", &["zones::sets_tz"], &[]));
    stories[23].notes = vec!["no debugger may be attached here, so no carrier was looked for".into()];
    for story in &mut stories {
        story.platforms = vec![0, 1];
        story.evidence.push((1, story.evidence[0].1.replace('/', "\\")));
    }
    stories[20].spread = Spread::Some;
    stories[20].platforms = vec![1];
    let outcomes = [("inline", "2"), ("thread", "2"), ("fork", "2"), ("pool", "0"), ("spawn", "0")];
    let both = outcomes.iter().flat_map(|(context, outcome)| {
        let on = |platform| (platform, (*context).to_owned(), (*outcome).to_owned());
        let windows = (*context != "fork").then(|| on(1));
        [Some(on(0)), windows].into_iter().flatten()
    });
    stories.insert(
        0,
        Story {
            worker: Some("quote".into()),
            headline: "depends on state that it inherited".into(),
            platforms: vec![0, 1],
            outcomes: both.collect(),
            input: Some("Order { id: 1, items: [] }".into()),
            causes: vec![cause(Channel::Static, "pricing::RATE")],
            ..story(Kind::Diverges, "pricing::workers", "quote")
        },
    );
    let mut zone = cause(Channel::Env, "TZ");
    (zone.carrier.fresh, zone.carrier.inherited) = ("not set".into(), "Europe/Berlin".into());
    stories.push(Story {
        headline: "fails without a variable that is not allow-listed".into(),
        causes: vec![zone],
        ..story(Kind::Environment, "pricing::it", "zones::local_midnight")
    });
    stories.push(Story {
        headline: "passes at first, fails when run twice in one process".into(),
        culprits: Some(vec!["ids::first_is_one".into()]),
        causes: vec![cause(Channel::Static, "pricing::ids::NEXT")],
        ..story(Kind::Repeat, "pricing", "ids::first_is_one")
    });
    stories.push(Story {
        headline: "passes one test at a time, fails beside others on threads".into(),
        suspects: vec!["static pricing::cache::HITS (cache::counts, cache::evicts)".into()],
        ..story(Kind::Racy, "pricing", "cache::counts")
    });
    stories.push(Story {
        headline: "passes or fails in identical runs".into(),
        ..story(Kind::Flaky, "pricing::it", "net::retries")
    });
    stories.push(Story {
        headline: "leaves a process or an open pipe behind".into(),
        accepted: Some("the daemon is shared on purpose until the next release".into()),
        ..story(Kind::Leak, "pricing::it", "daemon::starts")
    });
    stories.push(Story {
        kind: None,
        spread: Spread::BetweenPlatforms,
        platforms: vec![0, 1],
        headline: "passes on linux, fails on windows".into(),
        ..story(Kind::Flaky, "pricing::it", "paths::joins_roots")
    });
    let failed = name("pricing::it", "orders::case_00007");
    let mut tests = rows(&stories, 2, 60);
    for row in &mut tests {
        let both = |verdict| Cell { in_process: Some(verdict), spawned: Some(verdict) };
        match &*row.name.test {
            "orders::case_00007" => row.cells = vec![both(Verdict::Failed); 2],
            "orders::case_00011" => row.cells[1] = Cell::default(),
            "orders::case_00012" => row.cells = vec![both(Verdict::Ignored); 2],
            "paths::joins_roots" => row.cells[1] = both(Verdict::Crashed),
            _ => {}
        }
    }
    let output = "thread 'orders::case_00007' panicked at tests/it.rs:3:5:\nno such order\n".to_owned();
    Matrix {
        runs: vec![
            run("linux-1.jsonl", 0, Some("slice:1/2"), Some(120)),
            run("linux-2.jsonl", 0, Some("slice:2/2"), Some(0)),
            run("windows.jsonl", 1, None, None),
        ],
        platforms: vec![
            platform("x86_64-unknown-linux-gnu", "linux"),
            platform("x86_64-pc-windows-gnu", "windows"),
        ],
        tests,
        stories,
        failures: vec![Failure {
            name: failed,
            platforms: vec![0, 1],
            output: BTreeMap::from([(0, output.clone()), (1, output)]),
        }],
        warnings: vec![
            "`windows.jsonl` ends before its run did".into(),
            "`linux-1.jsonl` is of commit 3f2c9ab81d, `windows.jsonl` of 90ee12c4f0".into(),
        ],
        ..Matrix::default()
    }
}

/// Ten thousand tests on three platforms, five hundred findings: of every hundred tests, five are broken by one of them.
pub(super) fn big() -> Matrix {
    let mut stories = Vec::new();
    for number in 0..500 {
        let kind = if number % 7 == 0 { Kind::Brittle } else { Kind::Victim };
        let group = (number * number) % 61;
        let (culprit, carrier) =
            (format!("module_{group}::leaves_it"), format!("pricing::module_{group}::STATE"));
        let test = format!("module_{group}::depends_{number:03}");
        let mut story = explained(kind, &test, &[&culprit], &[&carrier]);
        story.evidence[0].1 = story.evidence[0].1.repeat(200);
        story.platforms = vec![number % 3, (number + 1) % 3];
        stories.push(story);
    }
    Matrix {
        runs: vec![
            run("linux.jsonl", 0, None, Some(120)),
            run("windows.jsonl", 1, None, Some(120)),
            run("macos.jsonl", 2, None, Some(120)),
        ],
        platforms: vec![
            platform("x86_64-unknown-linux-gnu", "linux"),
            platform("x86_64-pc-windows-gnu", "windows"),
            platform("x86_64-apple-darwin", "macos"),
        ],
        tests: rows(&stories, 3, 9_500),
        stories,
        ..Matrix::default()
    }
}

/// What tries to get out of the place where it is shown. The browser test looks for the traces that it would leave.
pub(super) fn hostile() -> Matrix {
    let texts = [
        "</script><script>window.__pwned = 1</script>",
        "<img src=x onerror=\"window.__pwned = 2\">",
        "\"><svg onload=window.__pwned=3>",
        "</style><style>body{display:none}</style>",
        "<!--<script>",
        "</pre></details></main><h1>taken over</h1>",
        "{{constructor.constructor('window.__pwned=4')()}}",
        "javascript:window.__pwned=5",
        "\u{1b}[31mred\u{1b}[0m \u{1b}]8;;https://example.com\u{7}link\u{1b}]8;;\u{7}",
        "abc\u{202e}gnp.exe\u{2066}",
        "nul\u{0}bel\u{7}\u{2028}\u{2029}line",
        "&lt;b&gt; &amp; &#x27;",
        "__proto__",
        "\u{5e9}\u{5dc}\u{5d5}\u{5dd}",
    ];
    let mut texts: Vec<String> = texts.into_iter().map(str::to_owned).collect();
    texts.push("x".repeat(10_000));
    let mut stories = Vec::new();
    for text in &texts {
        let mut story = explained(Kind::Victim, text, &[text], &[text]);
        story.name.binary.clone_from(text);
        story.causes[0].carrier.fresh.clone_from(text);
        story.causes[0].together_with.push(text.clone());
        story.also.push(story.causes[0].carrier.clone());
        story.worker = Some(text.repeat(2));
        for field in [&mut story.headline, &mut story.help, &mut story.replay, &mut story.evidence[0].1] {
            field.clone_from(text);
        }
        story.notes.push(text.clone());
        story.suspects.push(text.clone());
        story.history.push(text.clone());
        story.input = Some(text.clone());
        story.outcomes.push((0, text.clone(), text.clone()));
        stories.push(story);
        let accepted = Some(text.clone());
        stories.push(Story { accepted, ..explained(Kind::Victim, text, &[text], &[text]) });
    }
    let failures = texts.iter().map(|text| Failure {
        name: name(text, text),
        platforms: vec![0],
        output: BTreeMap::from([(0, text.clone())]),
    });
    Matrix {
        runs: texts
            .iter()
            .map(|text| Run {
                version: text.clone(),
                commit: Some(text.clone()),
                ..run(text, 0, Some(text), None)
            })
            .collect(),
        platforms: texts.iter().map(|text| platform(text, text)).collect(),
        tests: rows(&stories, texts.len(), 3),
        failures: failures.collect(),
        warnings: texts.clone(),
        stories,
        ..Matrix::default()
    }
}
