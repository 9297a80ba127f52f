//! Which commit the tests are of, so that reports of different ones are not taken for one.

use std::path::Path;
use std::process::{Command, Stdio};

/// Where CI services say so. Asked where git does not know: a source tree may be unpacked without its repository.
const VARIABLES: [&str; 4] = ["GITHUB_SHA", "CI_COMMIT_SHA", "BUILDKITE_COMMIT", "GIT_COMMIT"];

/// The commit that is checked out at `root`, with `-dirty` behind it if files that git tracks have changed.
pub(crate) fn commit(root: &Path) -> Option<String> {
    let mut of_ci = VARIABLES.iter().filter_map(|name| std::env::var(name).ok());
    of_git(root).or_else(|| of_ci.find(|value| is_commit(value)))
}

fn of_git(root: &Path) -> Option<String> {
    // Without any tag to go by, this is the whole commit, and one process for both questions. Not even the index is written.
    let output = Command::new("git")
        .args(["--no-optional-locks", "describe", "--always", "--abbrev=64", "--exclude=*", "--dirty"])
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let commit = String::from_utf8(output.stdout).ok()?.trim_end().to_owned();
    (output.status.success() && is_commit(commit.trim_end_matches("-dirty"))).then_some(commit)
}

fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::of_git;
    use std::path::Path;
    use std::process::{Command, Stdio};

    #[track_caller]
    fn git(folder: &Path, line: &str) {
        let mut git = Command::new("git");
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            git.env_remove(name);
        }
        git.args(["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false"]);
        let status = git.args(line.split(' ')).current_dir(folder).stdout(Stdio::null()).status();
        assert!(status.unwrap().success(), "git {line}");
    }

    #[test]
    fn head_and_whether_it_is_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        assert_eq!(of_git(root), None, "no repository");
        git(root, "init --quiet");
        assert_eq!(of_git(root), None, "no commit");
        std::fs::write(root.join("file"), "1").unwrap();
        git(root, "add file");
        git(root, "commit --quiet -m first");
        git(root, "tag 1.0");
        let clean = of_git(root).unwrap();
        assert_eq!(clean.len(), 40);
        std::fs::write(root.join("untracked"), "").unwrap();
        assert_eq!(of_git(root).as_ref(), Some(&clean));
        std::fs::write(root.join("file"), "22").unwrap();
        assert_eq!(of_git(root), Some(format!("{clean}-dirty")));
    }
}
