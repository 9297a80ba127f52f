//! Archives: built once, run elsewhere, without cargo.

use spawncheck_tests::{Kind, Outcome, Project, TestId, tool};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What `workspace` has in it.
const VICTIM: (&str, &str) = ("beta", "tests::links_the_others_twice");

#[track_caller]
fn text(path: &Path) -> &str {
    path.to_str().expect("the path is in UTF-8")
}

/// Builds an archive of a project, next to its sources.
#[track_caller]
fn archived(project: &Project, more: &[&str]) -> PathBuf {
    let file = project.root().join("tests.tar.zst");
    let words = ["archive", "--archive-file", text(&file), "--target-dir", text(project.target())];
    project.run_command([&words, more].concat()).assert_exit(0).assert_stderr("Archived");
    file
}

/// A directory from which no cargo is found.
fn elsewhere() -> Project {
    tool!().empty().env("PATH", "").env("CARGO", "no-cargo").own_temp()
}

#[track_caller]
fn run(project: &Project, archive: &Path, workspace: &Path, more: &[&str]) -> Outcome {
    let words = ["run", "--message-format", "json", "--archive", text(archive)];
    project.run_command([&words[..], &["--workspace-remap", text(workspace)], more].concat())
}

fn id((binary, test): (&str, &str)) -> TestId {
    TestId::new(binary, test)
}

/// Only what the compiler has written into a binary is still about the machine that built it.
#[test]
fn another_folder() {
    let (built, checkout, here) = (tool!().copy("workspace"), tool!().copy("workspace"), elsewhere());
    let archive = archived(&built, &[]);
    std::fs::remove_dir_all(built.target()).unwrap();
    let outcome = run(&here, &archive, checkout.root(), &[]);
    let report = outcome.report();
    outcome.assert_exit(120);
    assert_eq!(report.findings.into_iter().collect::<Vec<_>>(), [(id(VICTIM), Kind::Victim)]);
    assert_eq!(report.verdicts.len(), 15, "{outcome}");
    let compiled_in = [
        ("alpha", "tests::directory_is_the_package"),
        ("alpha", "tests::variables_describe_the_package"),
        ("beta::cli", "finds_the_binary"),
    ];
    assert_eq!(report.failures, compiled_in.map(id).into(), "{outcome}");
    here.assert_temp_empty();
    check_replay(&here, &outcome);
}

/// The finding says how to show it again, and that does.
#[track_caller]
fn check_replay(project: &Project, outcome: &Outcome) {
    let finding =
        outcome.stdout.lines().find(|line| line.contains(r#""type":"finding""#)).expect("it finds something");
    let finding: serde_json::Value = serde_json::from_str(finding).expect("a line is an event");
    let command = finding["replay"].as_str().expect("a finding says how to replay it");
    assert!(command.contains(" --archive ") && command.contains(" --workspace-remap "), "{command}");
    // Temporary folders have names without spaces.
    let words: Vec<&str> = command.split_whitespace().skip(2).collect();
    let again = project.run_command(&words);
    again.assert_exit(120);
    assert!(again.stdout.contains("links_the_others_twice"), "{again}");
}

/// Where everything is unpacked where it was, nothing is different at all.
#[test]
fn the_same_folder() {
    let project = tool!().copy("workspace").env("SECRET_OF_THE_BUILD_MACHINE", "do-not-tell");
    let archive = archived(&project, &[]);
    std::fs::remove_dir_all(project.target()).unwrap();
    let here = elsewhere();
    let words = ["--extract-to", text(project.target())];
    // The archive's folder for the target directory is one below.
    let outcome = run(&here, &archive, project.root(), &words);
    let failures: BTreeSet<_> = outcome.report().failures;
    assert_eq!(failures, [id(("beta::cli", "finds_the_binary"))].into(), "{outcome}");
    assert!(project.target().join("target/debug/beta-tool").is_file() || cfg!(windows));
    run(&here, &archive, project.root(), &words).assert_exit(96).assert_stderr("no empty folder");
    let unpacked = zstd_text(&archive);
    assert!(!unpacked.contains("do-not-tell") && unpacked.contains("links_the_others_twice"));
}

/// All that is in an archive, as text.
fn zstd_text(archive: &Path) -> String {
    let folder = archive.with_extension("folder");
    let project = elsewhere();
    let words = ["list", "--archive", text(archive), "--extract-to", text(&folder)];
    project
        .run_command(
            [&words[..], &["--workspace-remap", text(archive.parent().expect("an archive is in a folder"))]]
                .concat(),
        )
        .assert_exit(0);
    let mut all = String::new();
    let mut open = vec![folder];
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir().expect("it has been unpacked") {
            let path = entry.expect("the folder can be read").path();
            match path.is_dir() {
                true => open.push(path),
                false => all += &String::from_utf8_lossy(&std::fs::read(path).expect("the file can be read")),
            }
        }
    }
    all
}

/// Shards on one machine, two at a time; together they find what the whole run finds.
#[cfg(unix)]
#[test]
fn shards_of_an_archive_with_xargs() {
    let project = tool!().copy("statics");
    let archive = archived(&project, &[]);
    let script = r#"seq 1 4 | xargs -P 2 -I '{}' sh -c \
        '"$TOOL" spawncheck run --archive "$ARCHIVE" --message-format json --partition slice:{}/4 >report-{}.json || true'"#;
    let outcome = project.shell(script, &[("ARCHIVE", archive.as_os_str())]);
    outcome.assert_exit(0);
    let whole = project.run_command(["run", "--message-format", "json", "--archive", text(&archive)]);
    let whole = whole.report();
    let (mut findings, mut tests) = (BTreeSet::new(), 0);
    for shard in 1..=4 {
        let report = std::fs::read_to_string(project.root().join(format!("report-{shard}.json"))).unwrap();
        let report =
            spawncheck_tests::Report::parse(&report).unwrap_or_else(|error| panic!("{error}{outcome}"));
        tests += report.verdicts.len();
        for (id, kind) in report.findings {
            assert!(findings.insert((id, format!("{kind:?}"))));
        }
    }
    assert_eq!(tests, whole.verdicts.len());
    assert_eq!(findings, whole.findings.into_iter().map(|(id, kind)| (id, format!("{kind:?}"))).collect());
    // What the four have found at the same time is all kept.
    let listed = project.run_command(["replay", "--archive", text(&archive), "--message-format", "json"]);
    let kept = listed.stdout.lines().count();
    assert!(kept > 0 && kept <= findings.len(), "{kept} of {}{listed}", findings.len());
}

#[cfg(unix)]
fn in_folder(project: &Project, name: &str) -> String {
    text(&project.root().join(name)).to_owned()
}

/// A program that writes down that it was called, and becomes what it is given after its own argument, if it has one.
#[cfg(unix)]
#[track_caller]
fn with_runner(project: Project, name: &str) -> Project {
    use std::os::unix::fs::PermissionsExt;
    let path = in_folder(&project, name);
    let script =
        format!("#!/bin/sh\necho \"$1\" >> '{path}.calls'\n[ \"$1\" = argument ] && shift\nexec \"$@\"\n");
    let project = project.file(name, &script);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("it has been written");
    project
}

/// A runner is a matter of the machine that runs: the build machine's is forgotten, and what is configured here is asked for.
#[cfg(unix)]
#[test]
fn runners() {
    let project = with_runner(tool!().copy("plain"), "there");
    let config = format!("[target.'cfg(all())']\nrunner = ['{}']\n", in_folder(&project, "there"));
    let project = project.file(".cargo/config.toml", &config);
    let words = ["archive", "--archive-file", "tests.tar.zst", "--target-dir", text(project.target())];
    let made = project.run_command(words);
    made.assert_exit(0).assert_stderr("runner that is configured here is not part of the archive");
    let archive = project.root().join("tests.tar.zst");
    let calls = |project: &Project, runner: &str| {
        let calls = std::fs::read_to_string(in_folder(project, &format!("{runner}.calls")));
        calls.unwrap_or_default().lines().count()
    };
    // There is neither cargo nor a compiler, and in the configuration a `cfg` without a runner.
    let flags = "[target.'cfg(unix)']\nrustflags = ['-g']\n";
    let here = elsewhere().file(".cargo/config.toml", flags);
    let outcome = run(&here, &archive, project.root(), &[]);
    outcome.assert_exit(0);
    assert_eq!(calls(&project, "there"), 0);
    let triple = outcome.report().platform.2.expect("a run tells its target");

    let here = with_runner(elsewhere(), "here");
    let config = format!("[target.{triple}]\nrunner = ['{}', 'argument']\n", in_folder(&here, "here"));
    let here = here.file(".cargo/config.toml", &config);
    run(&here, &archive, project.root(), &[]).assert_exit(0);
    let of_configuration = calls(&here, "here");
    assert!(of_configuration >= 4, "{of_configuration}");

    // The variable comes first, as it does for cargo.
    let here = with_runner(here, "variable");
    let variable = format!("CARGO_TARGET_{}_RUNNER", triple.replace('-', "_").to_uppercase());
    let program = in_folder(&here, "variable");
    let here = here
        .file(".cargo/config.toml", &format!("{config}{flags}"))
        .env(&variable, format!("{program} argument"));
    run(&here, &archive, project.root(), &[]).assert_exit(0);
    assert!(calls(&here, "variable") >= 4);
    assert_eq!(calls(&here, "here"), of_configuration);
    assert_eq!(calls(&project, "there"), 0);
}

#[test]
fn parts_of_an_archive() {
    let project = tool!().copy("workspace");
    let archive = archived(&project, &["-p", "beta", "-p", "gamma"]);
    let here = elsewhere();
    let binaries = |more: &[&str]| -> BTreeSet<String> {
        let report = run(&here, &archive, project.root(), more).report();
        report.verdicts.into_keys().map(|id| id.binary).collect()
    };
    let all = ["beta", "beta::bin/beta-tool", "beta::cli", "beta::example/demo", "gamma"];
    assert_eq!(binaries(&[]), all.map(str::to_owned).into());
    assert_eq!(binaries(&["-p", "beta", "--lib"]), ["beta".to_owned()].into());
    assert_eq!(
        binaries(&["--test", "cli", "--bins"]),
        ["beta::bin/beta-tool", "beta::cli"].map(str::to_owned).into()
    );
    assert_eq!(binaries(&["--exclude", "beta"]), ["gamma".to_owned()].into());
}

/// What the configuration names goes along.
#[test]
fn files_besides() {
    let include = |path: &str| format!("[archive]\ninclude = [{{ path = '{path}' }}]\n");
    let project = tool!().copy("plain").file("target/besides/a/b", "content of the file");
    let project = project.config(&include("besides"));
    let archive = archived(&project, &[]);
    assert!(zstd_text(&archive).contains("content of the file"));
    for (path, reason) in [("missing", "cannot be read"), ("../src", "leads out"), ("/etc", "leads out")] {
        let project = tool!().copy("plain").config(&include(path));
        let words = ["archive", "--archive-file", "a.tar.zst", "--target-dir", text(project.target())];
        let outcome = project.run_command(words);
        outcome.assert_exit(96).assert_stderr(path).assert_stderr(reason);
        assert!(!project.root().join("a.tar.zst").exists());
    }
}

/// That is found out before anything is built.
#[test]
fn an_archive_that_cannot_be_written() {
    let project = tool!().copy("plain");
    let words = ["archive", "--archive-file", "missing/a.tar.zst", "--target-dir", text(project.target())];
    let outcome = project.run_command(words);
    outcome.assert_exit(110).assert_stderr("missing/a.tar.zst");
    assert!(!outcome.stderr.contains("Compiling"), "{outcome}");
}

#[test]
fn what_makes_no_sense_with_an_archive() {
    let project = tool!().empty();
    for flags in
        [["--release"].as_slice(), &["-F", "a"], &["--target-dir", "t"], &["--manifest-path", "Cargo.toml"]]
    {
        let outcome = project.run_command([&["run", "--archive", "a.tar.zst"], flags].concat());
        outcome.assert_exit(2).assert_stderr("what is in an archive is built");
    }
    for command in ["run", "list", "footprint", "replay"] {
        let outcome = project.run_command([command, "--archive", "missing.tar.zst"]);
        outcome.assert_exit(96).assert_stderr("`missing.tar.zst`").assert_stderr("--archive-file FILE");
        project.run_command([command, "--extract-to", "x"]).assert_exit(2).assert_stderr("--archive");
    }
}

#[test]
fn sources_that_are_not_there() {
    let project = tool!().copy("plain");
    let archive = archived(&project, &[]);
    let here = elsewhere();
    let missing = here.root().join("nowhere");
    run(&here, &archive, &missing, &[])
        .assert_exit(96)
        .assert_stderr("nowhere")
        .assert_stderr("--workspace-remap");
    here.assert_temp_empty();
}
