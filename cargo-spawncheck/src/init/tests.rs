//! The files that `init` writes are valid, and so is the workflow of this repository.

use super::{CONFIGURATION, GITHUB, files_of, github};
use crate::args::Workflow;
use crate::config::Config;
use saphyr::{LoadableYamlNode, Yaml};
use std::path::Path;

/// Examples are what stands behind a `#` without a space.
fn uncommented() -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with(' ') => rest.to_owned(),
        _ => line.to_owned(),
    };
    CONFIGURATION.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_configuration_is_valid() {
    let path = Path::new("spawncheck.toml");
    let empty = Config::parse(CONFIGURATION, path, None).unwrap();
    assert!(empty.run.jobs.is_none() && empty.lints.is_empty() && empty.accept.is_empty());

    let config = Config::parse(&uncommented(), path, Some("ci")).unwrap();
    assert_eq!((config.run.retries, config.accept.len()), (Some(2), 1));
    assert_eq!(config.lints[&crate::finding::Kind::Flaky], crate::finding::Level::Deny);
}

/// Each key that there is has an example.
#[test]
fn the_configuration_is_complete() {
    let text = uncommented();
    for table in ["run", "env", "report", "archive", "accept"] {
        let line =
            if table == "accept" { "[[accept]]\nx-y = 1".to_owned() } else { format!("[{table}]\nx-y = 1") };
        let error = Config::parse(&line, Path::new("f"), None).unwrap_err().to_string();
        let keys: Vec<_> = error.lines().next().unwrap().split('`').skip(5).step_by(2).collect();
        assert!(!keys.is_empty(), "{error}");
        for key in keys {
            assert!(text.contains(&format!("\n{key} = ")), "{table}: {key}");
        }
    }
}

#[track_caller]
fn parse(text: &str) -> Yaml<'_> {
    let mut documents = Yaml::load_from_str(text).unwrap();
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

fn each<'a>(yaml: &'a Yaml<'a>) -> impl Iterator<Item = (&'a str, &'a Yaml<'a>)> {
    let entries = yaml.as_mapping().unwrap().iter();
    entries.map(|(key, value)| (key.as_str().unwrap(), value))
}

/// Least permissions, time limits, actions by commit with their version beside it.
#[track_caller]
fn check_workflow(text: &str) {
    let workflow = parse(text);
    let permissions: Vec<_> = each(&workflow["permissions"]).collect();
    assert_eq!(permissions, [("contents", &Yaml::value_from_str("read"))]);
    assert!(workflow["concurrency"]["group"].as_str().unwrap().contains("github.ref"));
    let mut actions = 0;
    for (name, job) in each(&workflow["jobs"]) {
        assert!(job["timeout-minutes"].as_integer().is_some(), "{name}");
        assert!(job.as_mapping_get("permissions").is_none(), "{name}");
        for step in job["steps"].as_sequence().unwrap() {
            let Some(action) = step.as_mapping_get("uses").and_then(Yaml::as_str) else { continue };
            let (action, commit) = action.split_once('@').unwrap();
            assert!(action.starts_with("actions/"), "{action}");
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{action}");
            let version = text.split_once(commit).unwrap().1;
            assert!(version.starts_with(" # v"), "{action} has no version beside it");
            actions += 1;
        }
    }
    assert_eq!(actions, text.matches("uses: ").count());
}

#[test]
fn the_workflow_is_pinned_and_may_only_read() {
    let text = github(Path::new("Cargo.toml")).unwrap();
    assert!(!text.contains('@') || !text.contains("@MANIFEST@") && !text.contains("@VERSION@"));
    check_workflow(&text);
}

/// It sees what no shard sees, and says once what many of them do.
#[test]
fn the_merge_annotates() {
    for text in [GITHUB, include_str!("../../../.github/workflows/ci.yml")] {
        let (tests, merge) = text.split_once("spawncheck merge ").unwrap();
        assert!(!tests.contains("--github"));
        assert!(merge.split_once("\n      - name: ").unwrap().0.contains("--github"), "{merge}");
    }
}

/// A project may pin one that is too old for the tool.
#[test]
fn the_tool_is_not_built_with_the_toolchain_of_the_project() {
    assert_eq!(
        GITHUB.matches("cargo +stable install ").count(),
        GITHUB.matches("cargo-spawncheck --version").count()
    );
}

#[test]
fn so_is_that_of_this_repository() {
    check_workflow(include_str!("../../../.github/workflows/ci.yml"));
}

#[test]
fn a_workspace_below_the_root_of_its_repository() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("rust/my app");
    std::fs::create_dir_all(&root).unwrap();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    let files = files_of(&root, Workflow::Github).unwrap();
    assert_eq!(files[0].0, root.join(".config/spawncheck.toml"));
    assert_eq!(files[1].0, folder.path().join(".github/workflows/spawncheck.yml"));
    assert!(files[1].1.contains("--manifest-path 'rust/my app/Cargo.toml' "), "{}", files[1].1);
    assert_eq!(files_of(&root, Workflow::None).unwrap().len(), 1);
}

#[test]
fn no_expression_comes_from_a_path() {
    for path in ["${{ secrets.TOKEN }}/Cargo.toml", "it's/Cargo.toml", "a\nb/Cargo.toml"] {
        assert!(github(Path::new(path)).is_err(), "{path}");
    }
}
