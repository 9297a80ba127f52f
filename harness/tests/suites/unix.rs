//! The calls of a finding, in a process that this program starts by its own means.

use crate::Case;
use crate::findings::dependent;
use crate::reproductions::{command, parse};
use crate::support::Run;
use nix::libc;
use spawncheck::child::Interrupt;
use spawncheck::reproduce::{Played, Prepared, Script, play};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) const CASES: &[Case] = &[("a prepared process needs nobody to talk to it", prepared)];

fn prepared() {
    let run = Run::new("dependent");
    for worker in ["static", "sequence", "thread-local", "exits"] {
        let reproduction = parse(dependent().finding(worker));
        let command = command(&run, &reproduction);
        for script in [&reproduction.dirty, &reproduction.fresh] {
            assert_eq!(
                start(&command, script),
                play(&command, script, &Interrupt::new().unwrap()).unwrap(),
                "{worker}"
            );
        }
    }
    run.assert_nobody_left();
}

/// Looks at what has been said only after the end.
fn start(command: &spawncheck::child::Command, script: &Script) -> Played {
    let mut prepared = Prepared::new(script).unwrap();
    let (name, value) = prepared.variable();
    let descriptors = prepared.descriptors();
    let mut process = Command::new(&command.program);
    process.args(&command.args).current_dir(&command.dir).env_clear().envs(command.env.iter().cloned());
    process.env(name, value).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // SAFETY: the closure makes a plain system call, which is safe between fork and exec, and allocates nothing.
    unsafe {
        process.pre_exec(move || {
            for (to, from) in descriptors {
                if libc::dup2(from, to) < 0 {
                    return Err(std::io::Error::last_os_error());
                }
            }
            Ok(())
        });
    }
    let mut child = process.spawn().unwrap();
    prepared.started();
    let until = Instant::now() + Duration::from_secs(60);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(Instant::now() < until, "it does not end by itself");
        std::thread::sleep(Duration::from_millis(1));
    };
    prepared.played().unwrap().unwrap_or(Played::Ended(status.into()))
}
