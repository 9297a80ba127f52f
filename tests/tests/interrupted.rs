//! However a run ends, it ends soon and takes everything with it that it started.
#![cfg(target_os = "linux")]

use nix::sys::signal::{SigHandler, Signal, kill, signal};
use nix::unistd::Pid;
use spawncheck_tests::{Processes, Project, Running, Tool, tool};
use std::io::{self, BufRead, BufReader};
use std::time::Duration;

const PROMPTLY: Duration = Duration::from_secs(10);
const AT_ONCE: Duration = Duration::from_secs(2);

/// The tool, which heeds signals that these tests may have been started to ignore: a script has what it starts with `&` ignore Ctrl-C.
fn tool() -> Tool {
    for ignored in [Signal::SIGINT, Signal::SIGQUIT, Signal::SIGHUP] {
        // SAFETY: what a signal does by default runs no code of ours.
        unsafe { signal(ignored, SigHandler::SigDfl) }.expect("these may be set");
    }
    tool!()
}

/// Tests that wait for ever, and one that waits for a child of its own.
fn hanging() -> Project {
    tool().copy("hanging").own_temp().args(["--timeout", "10m", "--test-jobs", "8"])
}

fn send(signal: Signal, running: &Running) {
    let pid = i32::try_from(running.pid()).expect("a pid is positive");
    kill(Pid::from_raw(pid), signal).expect("the tool is running");
}

/// Starts the tool and waits until the grandchildren run, two spawned and the first of the other leg, and one test has its
/// verdict.
fn start(project: &Project) -> (Running, Processes) {
    let running = project.start();
    let processes = Processes::below(project.root());
    running.wait_until("the grandchildren run", |running| {
        let sleeping = |line: &&String| line.ends_with("sleep 3600") && !line.starts_with("setsid");
        let passed = r#""verdict":"passed""#;
        processes.command_lines().iter().filter(sleeping).count() == 3 && running.stdout().contains(passed)
    });
    (running, processes)
}

#[track_caller]
fn check_interrupted(signal: Signal) {
    let project = hanging();
    let (running, processes) = start(&project);
    send(signal, &running);
    let outcome = running.wait_for(PROMPTLY);
    processes.assert_gone_within(AT_ONCE);
    outcome.assert_exit(130);
    project.assert_temp_empty();
    // What is known by then.
    let last = outcome.stdout.lines().last().expect("there are events");
    assert!(last.contains(r#""type":"run-finished""#), "{outcome}");
    assert!(last.contains(r#""exit_code":130"#), "{outcome}");
    for line in outcome.stdout.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect(line);
    }
}

#[test]
fn by_ctrl_c() {
    check_interrupted(Signal::SIGINT);
}

#[test]
fn by_a_request_to_terminate() {
    check_interrupted(Signal::SIGTERM);
}

/// A tool that is killed can do nothing any more: its children have to notice.
#[test]
fn by_being_killed() {
    let project = hanging();
    let (running, processes) = start(&project);
    send(Signal::SIGKILL, &running);
    running.wait_for(PROMPTLY);
    processes.assert_gone_within(AT_ONCE);
}

/// Neither may one that the tool starts to supervise, or to be supervised by.
#[test]
fn by_its_child_being_killed() {
    let project = hanging();
    let (running, processes) = start(&project);
    for child in children(running.pid()) {
        kill(child, Signal::SIGKILL).expect("the tool's child is running");
    }
    running.wait_for(PROMPTLY);
    processes.assert_gone_within(AT_ONCE);
}

/// While a finding is confirmed and explained, at any point of that: nothing that is traced outlives its tracer.
#[test]
fn by_being_killed_while_explaining() {
    let project = tool().copy("unexplained").args(["--lib"]);
    let processes = Processes::below(project.root());
    for delay in (0..300).step_by(30) {
        let running = project.start();
        running.wait_until("all verdicts are known", |running| {
            running.stdout().matches(r#""type":"test-finished""#).count() == 6
        });
        std::thread::sleep(Duration::from_millis(delay));
        // It may have ended by then.
        let pid = i32::try_from(running.pid()).expect("a pid is positive");
        let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        running.wait_for(PROMPTLY);
        processes.assert_gone_within(AT_ONCE);
    }
}

fn children(pid: u32) -> Vec<Pid> {
    let path = format!("/proc/{pid}/task/{pid}/children");
    let pids = std::fs::read_to_string(path).expect("the tool is running");
    pids.split_whitespace().map(|pid| Pid::from_raw(pid.parse().expect("a pid is a number"))).collect()
}

/// Also a run that nobody interrupts: what a test leaves behind does not outlive it.
#[test]
fn by_nothing() {
    let project = tool().copy("leaks").own_temp();
    project.run().assert_exit(0);
    project.assert_temp_empty();
    Processes::below(project.root()).assert_gone_within(AT_ONCE);
}

#[test]
fn while_building() {
    let sleep = "fn main() { std::process::Command::new(\"sleep\").arg(\"3600\").status().unwrap(); }\n";
    let project = tool().copy("plain").own_temp().file("build.rs", sleep);
    let running = project.start();
    let processes = Processes::below(project.root());
    running.wait_until("the build script runs", |_| {
        processes.command_lines().iter().any(|line| line.starts_with("sleep "))
    });
    send(Signal::SIGINT, &running);
    running.wait_for(PROMPTLY).assert_exit(130);
    project.assert_temp_empty();
    processes.assert_gone_within(AT_ONCE);
}

/// It may wait for another cargo that holds a lock.
#[test]
fn while_cargo_says_what_the_project_is() {
    use std::os::unix::fs::PermissionsExt;
    let project = tool().copy("plain").own_temp().file("cargo", "#!/bin/sh\nexec sleep 3600\n");
    let cargo = project.root().join("cargo");
    std::fs::set_permissions(&cargo, PermissionsExt::from_mode(0o755)).expect("the script is ours");
    let project = project.env("CARGO", &cargo);
    let (running, processes) = (project.start(), Processes::below(project.root()));
    running.wait_until("cargo runs", |_| {
        processes.command_lines().iter().any(|line| line.starts_with("sleep "))
    });
    send(Signal::SIGINT, &running);
    running.wait_for(PROMPTLY).assert_exit(130);
    processes.assert_gone_within(AT_ONCE);
}

fn named_pipe(project: &Project) -> std::path::PathBuf {
    let path = project.root().join("pipe");
    nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).expect("a named pipe can be made");
    path
}

/// Nobody reads what `option` names.
#[track_caller]
fn check_without_reader(option: &str, waits: impl Fn(&Running) -> bool) {
    let project = tool().copy("plain").args([option, "pipe"]);
    named_pipe(&project);
    let running = project.start();
    running.wait_until("it waits for a reader", waits);
    send(Signal::SIGINT, &running);
    running.wait_for(PROMPTLY).assert_exit(130);
}

#[test]
fn while_a_report_has_no_reader() {
    check_without_reader("--report-file", |running| {
        children(running.pid()).iter().any(|child| catches(*child, Signal::SIGINT))
    });
    check_without_reader("--junit", |running| running.stdout().contains(r#""type":"run-finished""#));
}

/// Whether a process has a handler for a signal.
fn catches(pid: Pid, signal: Signal) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask & (1 << (signal as i32 - 1)) != 0
}

/// What runs no tests has nothing to end before itself.
#[test]
fn while_merging() {
    use std::os::unix::fs::OpenOptionsExt;
    let project = tool().empty();
    let pipe = named_pipe(&project);
    let running = project.start_command(["merge", "pipe"]);
    let writer = std::cell::OnceCell::new();
    running.wait_until("the report is read", |_| {
        let open = || {
            let mut options = std::fs::File::options();
            options.write(true).custom_flags(nix::fcntl::OFlag::O_NONBLOCK.bits()).open(&pipe)
        };
        open().is_ok_and(|file| writer.set(file).is_ok())
    });
    send(Signal::SIGTERM, &running);
    running.wait_for(PROMPTLY);
}

/// Of whoever asks not to be: `nohup` lets its program ignore hangups.
#[test]
fn not_by_a_hangup_that_is_ignored() {
    let project = tool().copy("hanging").args(["--timeout", "3s", "--test", "grandchild"]);
    let running = project.start_under("nohup");
    let processes = Processes::below(project.root());
    running.wait_until("the tests run", |_| {
        processes.command_lines().iter().any(|line| line.ends_with("sleep 3600"))
    });
    send(Signal::SIGHUP, &running);
    for worker in children(running.pid()) {
        kill(worker, Signal::SIGHUP).expect("the tool's child is running");
    }
    // The tests hang until their time is up.
    running.wait().assert_exit(100);
}

/// `cargo spawncheck | head -1`. The hanging tests get their verdicts later, so that something is left to be written.
#[test]
fn by_a_reader_that_leaves() {
    let project = tool().copy("hanging").own_temp().args(["--timeout", "3s"]);
    let (reader, writer) = io::pipe().expect("a pipe can be made");
    let running = Running::start(&project.command().stdout_file(writer));
    let mut line = String::new();
    BufReader::new(reader).read_line(&mut line).expect("the tool writes text");
    assert!(line.contains("run-started"), "{line}");
    running.wait_for(PROMPTLY).assert_exit(110);
    project.assert_temp_empty();
    Processes::below(project.root()).assert_gone_within(AT_ONCE);
}

/// The report for people comes at the end, so the reader is gone before it.
#[test]
fn by_a_reader_that_is_gone() {
    let project = tool().fixture("plain").args(["--message-format", "human"]);
    let (reader, writer) = io::pipe().expect("a pipe can be made");
    drop(reader);
    Running::start(&project.command().stdout_file(writer)).wait().assert_exit(110);
}
