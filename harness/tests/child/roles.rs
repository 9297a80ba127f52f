//! What the children do.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use crate::lifeline::Lifeline;
use crate::support::{role, run};
use spawncheck::child::Interrupt;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;
#[cfg(unix)]
use unix as os;
#[cfg(windows)]
use windows as os;

pub(crate) fn play(name: &str, args: &[OsString]) -> ExitCode {
    match name {
        "args" => println!("{:?}", std::env::args_os().collect::<Vec<_>>()),
        "env" => {
            let mut variables: Vec<_> = std::env::vars_os().collect();
            // Wine tells its processes where it is; Windows has nothing to add.
            variables.retain(|(name, _)| !cfg!(windows) || !name.as_encoded_bytes().starts_with(b"WINE"));
            variables.sort();
            println!("{variables:?}");
        }
        "dir" => println!("{}", std::env::current_dir().unwrap().display()),
        "exit" => return ExitCode::from(number::<u8>(&args[0])),
        "abort" => std::process::abort(),
        "stdin" => println!("{}", io::stdin().read_to_end(&mut Vec::new()).unwrap()),
        "flood" => flood(number(&args[0])),
        "raw" => io::stdout().write_all(b"a\xff\xfeb\n\0c").unwrap(),
        "close-stdout" => {
            print!("before");
            io::stdout().flush().unwrap();
            os::close_stdout();
            std::thread::sleep(Duration::from_millis(50));
            eprint!("after");
            return ExitCode::from(3);
        }
        "hang" => hang(args),
        "mail" => mail(&args[0], number(&args[1]), number(&args[2]), &args[3..]),
        "mail-flood" => {
            let mut file = File::create(&args[0]).unwrap();
            while file.write_all(&[b'm'; 4096]).is_ok() {}
        }
        "leave" => leave(&args[0], &args[1..]),
        "late" => late(&args[0]),
        "start-and-wait" => drop(run(&role("hang", args))),
        "inheritable" => inheritable(),
        _ => os::play(name, args),
    }
    ExitCode::SUCCESS
}

fn number<N: std::str::FromStr<Err: std::fmt::Debug>>(arg: &OsStr) -> N {
    arg.to_str().unwrap().parse().unwrap()
}

fn connect(address: &OsStr) -> TcpStream {
    TcpStream::connect(address.to_str().unwrap()).unwrap()
}

/// Until the test drops the line, or this process is ended. Tells a second address of its start.
fn hang(args: &[OsString]) {
    let mut line = connect(&args[0]);
    args[1..].iter().for_each(|address| drop(connect(address)));
    let _ = line.read(&mut [0]);
}

/// Writes that many bytes to each of the two streams at the same time, the first and the last of them marked.
fn flood(bytes: usize) {
    fn write(mut stream: impl Write, bytes: usize) {
        let piece = [b'.'; 32 << 10];
        stream.write_all(b"<").unwrap();
        let mut left = bytes - 2;
        while left > 0 {
            let count = left.min(piece.len());
            stream.write_all(&piece[..count]).unwrap();
            left -= count;
        }
        stream.write_all(b">").unwrap();
        stream.flush().unwrap();
    }
    std::thread::scope(|scope| {
        scope.spawn(|| write(io::stdout(), bytes));
        scope.spawn(|| write(io::stderr(), bytes));
    });
}

/// Sends numbered lines, then hangs where an address is given.
fn mail(path: &OsStr, count: u32, pause: u64, line: &[OsString]) {
    let line: Vec<_> = line.iter().map(|address| connect(address)).collect();
    let mut file = File::create(path).unwrap();
    for number in 0..count {
        writeln!(file, "{number}").unwrap();
        println!("{number}");
        std::thread::sleep(Duration::from_millis(pause));
    }
    line.into_iter().for_each(|mut line| drop(line.read(&mut [0])));
}

/// Starts another process, which holds our output if `output` is `hold`, and ends when that one runs.
#[expect(clippy::zombie_processes, reason = "to leave it behind is the purpose")]
fn leave(output: &OsStr, args: &[OsString]) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg("--role").args(args).arg(listener.local_addr().unwrap().to_string()).stdin(Stdio::null());
    if output != "hold" {
        command.stdout(Stdio::null()).stderr(Stdio::null());
        os::detach(&mut command);
    }
    command.spawn().unwrap();
    // Closed by our end, and not before: see `late`.
    std::mem::forget(listener.accept().unwrap());
}

/// Outlives its parent, but only by a moment.
fn late(parent: &OsStr) {
    let _ = connect(parent).read(&mut [0]);
    print!("late");
}

/// Starts a child while we have a pipe that children can inherit, and says whether it did.
fn inheritable() {
    let (mut reader, writer) = io::pipe().unwrap();
    os::make_inheritable(&writer);
    let lifeline = Lifeline::new();
    let interrupt = Interrupt::new().unwrap();
    std::thread::scope(|scope| {
        let child = scope.spawn(|| {
            role("hang", [lifeline.address()]).run(None, &interrupt, &mut |_, _| ()).unwrap();
        });
        let line = lifeline.accept();
        drop(writer);
        // Waits for the child's end if that has the pipe, and nothing else ends the child.
        let result = reader.read(&mut [0]);
        println!("{result:?} {}", child.is_finished());
        interrupt.raise();
        line.expect_end();
    });
}
