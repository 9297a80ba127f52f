//! A process that holds the samples for all workers, and does for them what needs all of them. Its handle is an address,
//! which any process can use.
//!
//! It is a program of its own, `src/bin/manager.rs`, and not one more thing that the parent does: it then stays out of
//! what children run again.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::ops::Range;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A started manager. It ends when its standard input is closed, so with its parent at the latest, however that ends.
pub struct Manager {
    child: Child,
    address: SocketAddr,
}

impl Manager {
    /// Starts this program, with the samples of this seed.
    pub fn start(program: &Path, seed: u32) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.arg(seed.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let mut line = String::new();
        if let Some(output) = &mut child.stdout {
            BufReader::new(output).read_line(&mut line)?;
        }
        let address = line.trim_end().parse().map_err(io::Error::other)?;
        Ok(Self { child, address })
    }

    /// What workers get.
    pub fn handle(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // It has nothing left to do, and nobody is left to tell if that went wrong.
        let _ = self.child.wait();
    }
}

/// A worker's request: the sum of these samples.
pub fn sum(manager: SocketAddr, range: Range<u32>) -> io::Result<u64> {
    let mut stream = TcpStream::connect(manager)?;
    stream.write_all(&[range.start.to_le_bytes(), range.end.to_le_bytes()].concat())?;
    let mut reply = [0; 8];
    stream.read_exact(&mut reply)?;
    Ok(u64::from_le_bytes(reply))
}

/// The manager's life: tells its address, and answers requests until its standard input is closed.
pub fn serve(samples: Vec<u32>) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // A worker that went away in the middle of a request is no matter of the others.
            let _ = stream.and_then(|stream| answer(stream, &samples));
        }
    });
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

fn answer(mut stream: TcpStream, samples: &[u32]) -> io::Result<()> {
    let (mut start, mut end) = ([0; 4], [0; 4]);
    stream.read_exact(&mut start)?;
    stream.read_exact(&mut end)?;
    let range = u32::from_le_bytes(start) as usize..u32::from_le_bytes(end) as usize;
    let chosen = samples.get(range).ok_or(io::ErrorKind::InvalidInput)?;
    let sum: u64 = chosen.iter().copied().map(u64::from).sum();
    stream.write_all(&sum.to_le_bytes())
}
