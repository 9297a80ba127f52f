//! Test binaries for Windows, run by the tool on Linux through the runner that cargo is configured with: the fixtures give the
//! verdicts, findings and culprits that they give on Linux, wherever the platform has the same state.
//!
//! `ci/windows.sh` prepares what this takes, and asks for it by variables that say where it is.
#![cfg(target_os = "linux")]

use spawncheck_tests::table::{self, Case, Row};
use spawncheck_tests::{Project, Tool, tool};
use std::ffi::OsString;
use std::time::Duration;
use std::{env, panic};

const TRIPLE: &str = "x86_64-pc-windows-gnu";

/// There is no standard library for this target but one that cargo builds.
const BUILD: &[&str] = &["--target", TRIPLE, "-Zbuild-std=std,panic_abort,panic_unwind,test"];

/// Causes are looked for in processes of Linux only.
const CAUSES: bool = false;

/// For one fixture; every process takes a tenth of a second to start.
const DEADLINE: Duration = Duration::from_secs(600);

/// A case elsewhere than where the table was written for.
struct Elsewhere {
    case: &'static Case,
    /// More arguments.
    args: &'static [&'static str],
    /// The beginnings of the IDs (`BINARY TEST`) of what does not run there.
    absent: &'static [&'static str],
}

/// Not among them: `verdicts`, whose profile asks for `panic = "abort"`, which does not build with a standard library that cargo builds;
/// and `workspace`, which compares cargo's paths: those are of Unix, and not absolute for a program for Windows.
const CASES: &[Elsewhere] = &[
    everything(&table::CALLER_ENV),
    everything(&table::CALLER_ENV_PASSED),
    everything(&table::CONTENTION),
    Elsewhere {
        // Under Wine 8, who has no stack left waits for ever.
        args: &["--skip", "e_overflows_its_stack"],
        absent: &["endings tests::e_overflows_its_stack", "endings::at_exit "],
        ..everything(&table::ENDINGS)
    },
    Elsewhere { absent: &["hanging::grandchild "], ..everything(&table::HANGING) },
    everything(&table::MIMIC),
    everything(&table::ORDERS),
    Elsewhere {
        absent: &[
            "process-state mask::",
            "process-state rlimit::",
            "process-state signal::",
            "process-state umask::",
            "process-state::descriptors ",
            "process-state::left_behind ",
            "process-state::unheard ",
        ],
        ..everything(&table::PROCESS_STATE)
    },
    Elsewhere { absent: &["statics::loaded ", "statics::long_lived "], ..everything(&table::STATICS) },
    everything(&table::PLAIN),
];

const fn everything(case: &'static Case) -> Elsewhere {
    Elsewhere { case, args: &[], absent: &[] }
}

fn is_there(row: &Row, absent: &[&str]) -> bool {
    let id = format!("{} {}", row.binary, row.test);
    !absent.iter().any(|start| id.starts_with(start))
}

/// What `ci/windows.sh` says.
fn said(name: &str) -> OsString {
    env::var_os(name).unwrap_or_else(|| panic!("{name} is not set"))
}

/// The same project, built for Windows.
fn for_windows(project: Project) -> Project {
    let project = project
        .args(BUILD)
        .env("RUSTC", said("SPAWNCHECK_WINDOWS_RUSTC"))
        .env("RUSTC_BOOTSTRAP", "1")
        // As there: with another profile, the standard library would be built again.
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    let passed_on = ["CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", "WINEPREFIX", "WINEDEBUG"];
    passed_on.into_iter().fold(project, |project, name| project.env(name, said(name)))
}

#[test]
fn fixtures_give_the_same_findings() {
    let Some(target) = env::var_os("SPAWNCHECK_WINDOWS_TARGET") else {
        eprintln!("skipped: ci/windows.sh prepares this, and runs it");
        return;
    };
    // What they all have in common, the standard library, has been built there.
    let tool = tool!().building_in(target);
    for elsewhere in CASES {
        eprintln!("{}", elsewhere.case.name);
        // One process of hundreds ends without a reason under Wine: what is wrong is wrong again.
        if panic::catch_unwind(|| check(&tool, elsewhere)).is_err() {
            eprintln!("{}, once more", elsewhere.case.name);
            check(&tool, elsewhere);
        }
    }
}

fn check(tool: &Tool, Elsewhere { case, args, absent }: &Elsewhere) {
    let outcome = for_windows(tool.case(case).args(*args)).start().wait_for(DEADLINE);
    let (os, arch, target) = outcome.report().platform;
    assert_eq!((&*os, &*arch, target.as_deref()), ("windows", "x86_64", Some(TRIPLE)));
    case.check(&outcome, |row| is_there(row, absent), CAUSES);
    for (binary, reason) in outcome.report().limited {
        let known = ["it is built for Windows, and only processes of Linux", "the standard test harness"];
        assert!(known.iter().any(|known| reason.contains(known)), "{binary}: {reason}");
    }
}
