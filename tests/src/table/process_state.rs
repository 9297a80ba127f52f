//! State that the operating system or the runtime keeps for a process.

use super::explained::Cause;
use super::row::{Case, brittle, case, failing, passing, victim};
use crate::Verdict::Crashed;

const LIB: &str = "process-state";
const DISK: &str = "process-state::disk";
#[cfg(target_os = "linux")]
const DESCRIPTORS: &str = "process-state::descriptors";
#[cfg(target_os = "linux")]
const LEFT_BEHIND: &str = "process-state::left_behind";

const ROOT: &[Cause] = &[Cause::new("cwd", "/")];
const LANGUAGE: &[Cause] = &[Cause::new("env", "FIXTURE_LANGUAGE")];
const PATH: &[Cause] = &[Cause::new("env", "PATH")];
const HOOK: &[Cause] = &[Cause::new("static", "std::panicking::HOOK")];
#[cfg(target_os = "linux")]
const OPEN_FILES: &[Cause] = &[Cause::new("rlimit", "*NOFILE")];
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
const MASK: &[Cause] = &[Cause::new("signal", "SIGUSR2*")];
#[cfg(unix)]
const SIGPROF: &[Cause] = &[Cause::new("signal", "SIGPROF").values("default", "ignored")];
#[cfg(unix)]
const SIGPIPE: &[Cause] = &[Cause::new("signal", "SIGPIPE").values("ignored", "default")];
#[cfg(unix)]
const SIGWINCH: &[Cause] =
    &[Cause::new("signal", "SIGWINCH").values("default", "fn process_state::signal::handler::count")];
#[cfg(unix)]
const UMASK: &[Cause] = &[Cause::new("umask", "0171")];
#[cfg(target_os = "linux")]
const FD_77: &[Cause] = &[Cause::new("fd", "77")];
#[cfg(target_os = "linux")]
const STDIN: &[Cause] = &[Cause::new("fd", "0")];
#[cfg(target_os = "linux")]
const STDOUT: &[Cause] = &[Cause::new("fd", "1")];
#[cfg(target_os = "linux")]
const CHILD: &[Cause] = &[Cause::new("child", "*")];
#[cfg(target_os = "linux")]
const SLEEP: &[Cause] = &[Cause::new("child", "sleep")];
const THREAD: &[Cause] = &[Cause::new("thread", "*")];
/// The name is the process id.
const OWN_FILE: &[Cause] = &[Cause::new("file", "*")];

pub const PROCESS_STATE: Case = Case {
    exit: 120,
    rows: &[
        passing(LIB, "cwd::a_goes_to_the_root"),
        brittle(LIB, "cwd::b_needs_the_root").culprits(&["cwd::a_goes_to_the_root"]).causes(ROOT),
        victim(LIB, "cwd::c_reads_its_manifest").culprits(&["cwd::a_goes_to_the_root"]).causes(ROOT),
        passing(LIB, "env::a_sets_the_language"),
        brittle(LIB, "env::b_needs_the_language").culprits(&["env::a_sets_the_language"]).causes(LANGUAGE),
        victim(LIB, "env::c_needs_no_language").culprits(&["env::a_sets_the_language"]).causes(LANGUAGE),
        passing(LIB, "env::removed::a_removes_the_path"),
        brittle(LIB, "env::removed::b_needs_no_path")
            .culprits(&["env::removed::a_removes_the_path"])
            .causes(PATH),
        victim(LIB, "env::removed::c_needs_the_path")
            .culprits(&["env::removed::a_removes_the_path"])
            .causes(PATH),
        passing(LIB, "hook::a_installs_a_hook"),
        // Its fresh value leads to a hook that is freed when another one takes its place.
        brittle(LIB, "hook::b_needs_the_hook")
            .culprits(&["hook::a_installs_a_hook"])
            .causes_at_most(HOOK)
            .notes(&["std::panicking::HOOK"]),
        victim(LIB, "hook::c_needs_the_default_hook")
            .culprits(&["hook::a_installs_a_hook"])
            .causes_at_most(HOOK)
            .notes(&["std::panicking::HOOK"]),
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        passing(LIB, "mask::a_blocks_a_signal"),
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        brittle(LIB, "mask::b_needs_it_blocked").culprits(&["mask::a_blocks_a_signal"]).causes(MASK),
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        victim(LIB, "mask::c_needs_it_unblocked").culprits(&["mask::a_blocks_a_signal"]).causes(MASK),
        #[cfg(target_os = "linux")]
        passing(LIB, "rlimit::a_lowers_the_limit"),
        #[cfg(target_os = "linux")]
        brittle(LIB, "rlimit::b_needs_the_limit")
            .culprits(&["rlimit::a_lowers_the_limit"])
            .causes(OPEN_FILES),
        #[cfg(target_os = "linux")]
        victim(LIB, "rlimit::c_needs_another_limit")
            .culprits(&["rlimit::a_lowers_the_limit"])
            .causes(OPEN_FILES),
        #[cfg(unix)]
        passing(LIB, "signal::a_ignores_the_signal"),
        #[cfg(unix)]
        brittle(LIB, "signal::b_needs_it_ignored")
            .culprits(&["signal::a_ignores_the_signal"])
            .causes(SIGPROF),
        #[cfg(unix)]
        victim(LIB, "signal::c_needs_the_default")
            .culprits(&["signal::a_ignores_the_signal"])
            .causes(SIGPROF),
        #[cfg(unix)]
        passing(LIB, "signal::handler::a_installs_a_handler"),
        #[cfg(unix)]
        brittle(LIB, "signal::handler::b_needs_the_handler")
            .culprits(&["signal::handler::a_installs_a_handler"])
            .causes(SIGWINCH),
        #[cfg(unix)]
        victim(LIB, "signal::handler::c_needs_no_handler")
            .culprits(&["signal::handler::a_installs_a_handler"])
            .causes(SIGWINCH),
        #[cfg(unix)]
        passing(LIB, "signal::pipe::a_restores_the_default"),
        #[cfg(unix)]
        brittle(LIB, "signal::pipe::b_needs_the_default")
            .culprits(&["signal::pipe::a_restores_the_default"])
            .causes(SIGPIPE),
        #[cfg(unix)]
        victim(LIB, "signal::pipe::c_needs_it_ignored")
            .culprits(&["signal::pipe::a_restores_the_default"])
            .causes(SIGPIPE),
        #[cfg(unix)]
        passing(LIB, "umask::a_sets_an_odd_mask"),
        #[cfg(unix)]
        brittle(LIB, "umask::b_needs_the_odd_mask").culprits(&["umask::a_sets_an_odd_mask"]).causes(UMASK),
        #[cfg(unix)]
        victim(LIB, "umask::c_needs_another_mask").culprits(&["umask::a_sets_an_odd_mask"]).causes(UMASK),
        passing("process-state::background", "a_leaves_a_thread"),
        // Nobody can take a thread back.
        victim("process-state::background", "b_takes_its_time")
            .in_process(Crashed)
            .culprits(&["a_leaves_a_thread"])
            .causes_at_most(THREAD)
            .notes(&["thread"]),
        passing("process-state::background", "c_passes"),
        #[cfg(target_os = "linux")]
        passing(DESCRIPTORS, "leaked::a_leaves_a_descriptor"),
        #[cfg(target_os = "linux")]
        brittle(DESCRIPTORS, "leaked::b_needs_the_descriptor")
            .culprits(&["leaked::a_leaves_a_descriptor"])
            .causes(FD_77),
        #[cfg(target_os = "linux")]
        victim(DESCRIPTORS, "leaked::c_needs_none")
            .culprits(&["leaked::a_leaves_a_descriptor"])
            .causes(FD_77),
        #[cfg(target_os = "linux")]
        passing(DESCRIPTORS, "stdin::a_closes_stdin"),
        #[cfg(target_os = "linux")]
        brittle(DESCRIPTORS, "stdin::b_needs_it_closed").culprits(&["stdin::a_closes_stdin"]).causes(STDIN),
        #[cfg(target_os = "linux")]
        victim(DESCRIPTORS, "stdin::c_needs_it_open").culprits(&["stdin::a_closes_stdin"]).causes(STDIN),
        #[cfg(target_os = "linux")]
        passing(DESCRIPTORS, "stdout::a_redirects_stdout"),
        #[cfg(target_os = "linux")]
        brittle(DESCRIPTORS, "stdout::b_needs_silence")
            .culprits(&["stdout::a_redirects_stdout"])
            .causes(STDOUT),
        #[cfg(target_os = "linux")]
        victim(DESCRIPTORS, "stdout::c_needs_to_be_heard")
            .culprits(&["stdout::a_redirects_stdout"])
            .causes(STDOUT),
        passing(DISK, "own_a_writes"),
        brittle(DISK, "own_b_needs_the_file").culprits(&["own_a_writes"]).causes(OWN_FILE),
        victim(DISK, "own_c_needs_no_file").culprits(&["own_a_writes"]).causes(OWN_FILE),
        passing(DISK, "own_d_removes"),
        passing(DISK, "shared_a_writes"),
        // What is on disk is there for both legs: these two are out of reach, and not misreported.
        passing(DISK, "shared_b_needs_the_file"),
        failing(DISK, "shared_c_needs_no_file"),
        #[cfg(target_os = "linux")]
        passing(LEFT_BEHIND, "child::a_leaves_a_child"),
        #[cfg(target_os = "linux")]
        brittle(LEFT_BEHIND, "child::b_needs_a_child")
            .culprits(&["child::a_leaves_a_child"])
            .causes_at_most(CHILD)
            .notes(&["child"]),
        #[cfg(target_os = "linux")]
        victim(LEFT_BEHIND, "child::c_needs_none")
            .culprits(&["child::a_leaves_a_child"])
            .causes_at_most(CHILD)
            .notes(&["child"]),
        #[cfg(target_os = "linux")]
        passing(LEFT_BEHIND, "thread::a_leaves_a_thread"),
        #[cfg(target_os = "linux")]
        brittle(LEFT_BEHIND, "thread::b_needs_a_thread")
            .culprits(&["thread::a_leaves_a_thread"])
            .causes_at_most(THREAD)
            .notes(&["thread"]),
        #[cfg(target_os = "linux")]
        victim(LEFT_BEHIND, "thread::c_needs_none")
            .culprits(&["thread::a_leaves_a_thread"])
            .causes_at_most(THREAD)
            .notes(&["thread"]),
        #[cfg(target_os = "linux")]
        passing("process-state::unheard", "a_leaves_a_child"),
        #[cfg(target_os = "linux")]
        brittle("process-state::unheard", "b_needs_a_child").culprits(&["a_leaves_a_child"]).causes(SLEEP),
    ],
    ..case("process-state")
};
