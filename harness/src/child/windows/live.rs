//! A child that is talked to: two pipes of its own besides its output.

use super::exchange::{Exchange, Progress};
use super::job::Job;
use super::output::Output;
use super::process::Process;
use super::waits::wait_for_any;
use crate::Exit;
use crate::child::live::{Sent, Wake};
use crate::child::{Command, UNKILLABLE};
use std::io;
use std::os::windows::io::{AsHandle, AsRawHandle};
use std::time::{Duration, Instant};

/// How many processes may live in a child's job, itself included: a worker that starts its own executable over and over
/// comes no further.
const PROCESSES: u32 = 64;

/// How long the rest of what the child wrote may take to arrive after its end. A pipe holds little; only one that was given
/// to a process outside of the job, which is not ours to wait for, takes longer.
const REST: Duration = Duration::from_secs(1);

/// A running child that reads requests and writes replies. Ended when dropped, with everything in its job.
pub(crate) struct Live {
    job: Job,
    process: Process,
    exchange: Exchange,
    stderr: Output,
    replies: Vec<u8>,
    /// Always empty: without forks there is nothing to say in it.
    statuses: Vec<u8>,
}

impl Live {
    /// Starts `command`, with the place of its end of the channel added to the environment: `variable` is
    /// `word`, a comma, and the numbers of its handles.
    pub(crate) fn start(command: &Command, variable: &str, word: &str) -> io::Result<Self> {
        let (exchange, ends) = Exchange::new()?;
        // An inherited handle has the same number in the child.
        let [requests_at, replies_at] = ends.each_ref().map(|end| end.as_raw_handle() as usize);
        let mut command = command.clone();
        let value = format!("{word},{requests_at},{replies_at}");
        command.env.push((variable.into(), value.into()));
        let job = Job::new(Some(PROCESSES))?;
        // Only read so that the child can write it.
        let (_, stdout_end) = Output::new(0)?;
        let (stderr, stderr_end) = Output::new(command.keep)?;
        let process = Process::start(&command, &job, stdout_end, stderr_end, ends.into())?;
        Ok(Self { job, process, exchange, stderr, replies: Vec::new(), statuses: Vec::new() })
    }

    /// What has arrived as replies, for the caller to take from.
    pub(crate) fn replies(&mut self) -> &mut Vec<u8> {
        &mut self.replies
    }

    /// What has arrived as statuses, for the caller to take from.
    pub(crate) fn statuses(&mut self) -> &mut Vec<u8> {
        &mut self.statuses
    }

    /// Writes all of `bytes`, reading meanwhile what the child writes, so that neither waits for the other.
    pub(crate) fn send(&mut self, bytes: &[u8], until: Instant) -> io::Result<Sent> {
        self.exchange.hand(bytes.to_vec());
        loop {
            match self.exchange.progress() {
                Progress::Written => return Ok(Sent::All),
                Progress::Closed => return Ok(Sent::Closed),
                Progress::Waiting => {}
            }
            // Somebody else may have got its end of the pipe, which then stays open.
            if self.process.wait(Duration::ZERO)? {
                return Ok(Sent::Closed);
            }
            if Instant::now() >= until {
                return Ok(Sent::Late);
            }
            self.doze(until)?;
            self.exchange.take(&mut self.replies);
        }
    }

    /// Waits until the child has written something, has ended, or `until` has come.
    ///
    /// Its end is told only after everything that it wrote has been read.
    pub(crate) fn wait(&mut self, until: Instant) -> io::Result<Wake> {
        loop {
            if self.exchange.take(&mut self.replies) {
                return Ok(Wake::Message);
            }
            if self.process.wait(Duration::ZERO)? {
                return self.finish();
            }
            if Instant::now() >= until {
                return Ok(Wake::Late);
            }
            self.doze(until)?;
        }
    }

    /// What it wrote to standard error so far.
    #[cfg(feature = "check")]
    pub(crate) fn said(&self) -> crate::child::Captured {
        self.stderr.captured()
    }

    /// Waits for the rest of what the child wrote before its end.
    fn finish(&mut self) -> io::Result<Wake> {
        // Whoever it left behind: they hold its ends of the pipes.
        self.job.terminate();
        let until = Instant::now() + REST;
        loop {
            // Seen first: what is taken after the end is the last of it.
            let ended = self.exchange.has_ended();
            let left = until.saturating_duration_since(Instant::now());
            if self.exchange.take(&mut self.replies) {
                return Ok(Wake::Message);
            }
            if ended || left.is_zero() {
                self.stderr.ends_by(until);
                return Ok(Wake::Ended(Exit::Code(self.process.exit_code()?)));
            }
            wait_for_any([self.exchange.news()], left)?;
        }
    }

    /// Until something has come or gone, the child has ended, or `until`.
    fn doze(&self, until: Instant) -> io::Result<()> {
        let left = until.saturating_duration_since(Instant::now());
        wait_for_any([self.exchange.news(), self.process.as_handle()], left).map(drop)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.job.terminate();
        // What it has open can be replaced or deleted after its end. One that cannot be killed is nobody's to tell.
        let _ = self.process.wait(UNKILLABLE);
    }
}

#[cfg(test)]
#[cfg(feature = "check")]
mod tests {
    use super::Live;
    use crate::Exit;
    use crate::child::Command;
    use crate::child::live::{Sent, Wake};
    use std::time::{Duration, Instant};

    fn start(program: &str, args: &[&str]) -> Live {
        let command = Command {
            program: program.into(),
            args: args.iter().map(Into::into).collect(),
            dir: std::env::temp_dir(),
            env: std::env::vars_os().collect(),
            patience: Duration::MAX,
            grace: Duration::ZERO,
            keep: 1000,
        };
        Live::start(&command, "SPAWNCHECK_TEST_CHANNEL", "word").unwrap()
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(200)
    }

    fn later() -> Instant {
        Instant::now() + Duration::from_secs(30)
    }

    #[test]
    fn the_end_is_told_with_what_was_said_before() {
        let ourselves = std::env::current_exe().unwrap();
        let mut live = start(ourselves.to_str().unwrap(), &["--no-such-flag"]);
        assert_eq!(live.wait(later()).unwrap(), Wake::Ended(Exit::Code(101)));
        let said = live.said().to_text();
        assert!(said.contains("no-such-flag"), "{said}");
        assert_eq!(live.send(&vec![0; 1 << 20], later()).unwrap(), Sent::Closed);
    }

    #[test]
    fn a_child_that_does_not_read_or_write_is_not_waited_for() {
        let mut live = start("ping", &["-n", "3600", "127.0.0.1"]);
        assert_eq!(live.send(&vec![0; 1 << 20], soon()).unwrap(), Sent::Late);
        assert_eq!(live.wait(soon()).unwrap(), Wake::Late);
        assert!(live.replies().is_empty() && live.statuses().is_empty());
    }
}
