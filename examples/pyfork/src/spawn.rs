//! Workers as new processes: the same executable, restarted with the same arguments. Numbers go in through standard
//! input and results come out of standard output; nothing else reaches them.

use crate::PROCESSES;
use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// The variable that tells a process that it is a worker.
const CHILD: &str = "PYFORK_CHILD";

/// Whether this process is a worker. The Rust for `__name__ != "__main__"`.
pub fn is_child() -> bool {
    env::var_os(CHILD).is_some()
}

/// A worker's whole life.
pub fn serve(worker: fn(i64) -> i64) -> io::Result<()> {
    for line in io::stdin().lines() {
        println!("{}", worker(line?.parse().map_err(io::Error::other)?));
    }
    Ok(())
}

/// What the worker that the children [`serve`] makes of each number, in their order.
pub fn map(numbers: &[i64]) -> io::Result<Vec<i64>> {
    let mut outputs = vec![0; numbers.len()];
    let mut children = Vec::new();
    for first in 0..PROCESSES {
        let mut command = Command::new(env::current_exe()?);
        command.args(env::args_os().skip(1)).env(CHILD, "1").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        // Taken, so that it is closed at the end of the block, which tells the child that there is no more.
        if let Some(mut requests) = child.stdin.take() {
            for n in numbers.iter().skip(first).step_by(PROCESSES) {
                writeln!(requests, "{n}")?;
            }
        }
        children.push(child);
    }
    for (first, mut child) in children.into_iter().enumerate() {
        let replies = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut lines = BufReader::new(replies).lines();
        for output in outputs.iter_mut().skip(first).step_by(PROCESSES) {
            let line = lines.next().ok_or(io::ErrorKind::UnexpectedEof)??;
            *output = line.parse().map_err(io::Error::other)?;
        }
        child.wait()?;
    }
    Ok(outputs)
}
