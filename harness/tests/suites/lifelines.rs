//! Nobody outlives a suite. (Only Linux tells who is there.)

use crate::Case;
use crate::support::Run;
use crate::under_test::config;
use spawncheck::{Config, Suite, any};
use std::time::Duration;

pub(crate) const CASES: &[Case] = &[("children end when their parent is killed", parent_killed)];

pub(crate) fn suite(name: &str) -> Option<Suite> {
    (name == "endless").then(|| {
        let config = Config { timeout: Duration::from_secs(600), ..config() };
        Suite::new("s").config(config).worker(
            "endless",
            |_: u8| std::thread::sleep(Duration::from_secs(600)),
            any::<u8>(),
        )
    })
}

/// `kill -9`, so that nothing of ours can run.
fn parent_killed() {
    let run = Run::new("endless");
    let spec = run.command();
    let mut parent = std::process::Command::new(&spec.program);
    parent.env_clear().envs(spec.env.iter().map(|(name, value)| (name, value))).current_dir(&spec.dir);
    let mut parent = parent.stdout(std::process::Stdio::null()).spawn().unwrap();
    let until = std::time::Instant::now() + crate::support::LONG;
    // The parent, a child for each of the four contexts, and the template with its fork.
    while run.processes().len() < 7 {
        assert!(std::time::Instant::now() < until, "{:?}", run.processes());
        std::thread::sleep(Duration::from_millis(10));
    }
    parent.kill().unwrap();
    parent.wait().unwrap();
    run.assert_nobody_left();
}
