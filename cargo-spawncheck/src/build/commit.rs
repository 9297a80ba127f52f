//! Which commit the tests are of, so that reports of different ones are not taken for one.

use spawncheck::child::{Command, Interrupt};
use std::path::Path;
use std::time::Duration;

/// A large repository takes its time; one on a file system that hangs takes for ever.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where CI services say so. Asked where git does not know: a source tree may be unpacked without its repository.
const VARIABLES: [&str; 4] = ["GITHUB_SHA", "CI_COMMIT_SHA", "BUILDKITE_COMMIT", "GIT_COMMIT"];

/// The commit that is checked out at `root`, with `-dirty` behind it if files that git tracks have changed.
pub(crate) fn commit(root: &Path, interrupt: &Interrupt) -> Option<String> {
    let mut of_ci = VARIABLES.iter().filter_map(|name| std::env::var(name).ok());
    of_git(root, "git", PATIENCE, interrupt).or_else(|| of_ci.find(|value| is_commit(value)))
}

fn of_git(root: &Path, program: &str, patience: Duration, interrupt: &Interrupt) -> Option<String> {
    // Without any tag to go by, this is the whole commit, and one process for both questions. Not even the index is written.
    let args = ["--no-optional-locks", "describe", "--always", "--abbrev=64", "--exclude=*", "--dirty"];
    let command = Command {
        program: program.into(),
        args: args.map(Into::into).into(),
        dir: root.into(),
        env: std::env::vars_os().collect(),
        patience,
        grace: Duration::from_millis(200),
        keep: 1 << 10,
    };
    let ended = command.run(None, interrupt, &mut |_, _| {}).ok()?;
    let commit = ended.stdout.to_text().trim_end().to_owned();
    let said = ended.killed.is_none() && ended.exit.is_success();
    (said && is_commit(commit.trim_end_matches("-dirty"))).then_some(commit)
}

fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{PATIENCE, of_git};
    use spawncheck::child::Interrupt;
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

    fn asked(root: &Path) -> Option<String> {
        of_git(root, "git", PATIENCE, &Interrupt::new().unwrap())
    }

    /// Nothing is known then, and the run goes on.
    #[cfg(unix)]
    #[test]
    fn one_that_never_ends() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("git");
        std::fs::write(&program, "#!/bin/sh\necho 0123456789abcdef\nexec sleep 600\n").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let (patience, interrupt) = (std::time::Duration::from_millis(200), Interrupt::new().unwrap());
        assert_eq!(of_git(folder.path(), program.to_str().unwrap(), patience, &interrupt), None);
    }

    #[test]
    fn head_and_whether_it_is_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        assert_eq!(asked(root), None, "no repository");
        git(root, "init --quiet");
        assert_eq!(asked(root), None, "no commit");
        std::fs::write(root.join("file"), "1").unwrap();
        git(root, "add file");
        git(root, "commit --quiet -m first");
        git(root, "tag 1.0");
        let clean = asked(root).unwrap();
        assert_eq!(clean.len(), 40);
        std::fs::write(root.join("untracked"), "").unwrap();
        assert_eq!(asked(root).as_ref(), Some(&clean));
        std::fs::write(root.join("file"), "22").unwrap();
        assert_eq!(asked(root), Some(format!("{clean}-dirty")));
    }
}
