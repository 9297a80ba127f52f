//! A large input.
//!
//! What is sent to a worker is copied: N workers that get an input of S bytes hold N × S, and each copy is serialized,
//! written, read and parsed. After a fork nobody would notice, because the pages are shared. [`mean`] gets such an input,
//! and its check warns: *oversized*.
//!
//! Three remedies, each with a small input and no warning:
//!
//! - [`mean_of_file`] gets a path, and loads the samples inside the worker.
//! - A `spawncheck::Shared<u32>` lies in a file that all workers map: one copy for all of them. The worker in
//!   `tests/workers.rs` hands it to [`mean_of`], as it reads like a slice.
//! - [`mean_of_managed`] gets the address of a [process that manages the samples](manager), and asks it for what it needs.
//!
//! ```sh
//! cargo test      # all pass, with a warning for `mean`
//! ```

pub mod manager;

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// How many samples there are: more than 1 MiB of them when they are sent.
pub const SAMPLES: u32 = 1 << 18;

/// Samples like those of some measurement.
pub fn samples(seed: u32) -> impl Iterator<Item = u32> {
    (0..SAMPLES).map(move |index| (index ^ seed).wrapping_mul(0x9E37_79B9) >> 16)
}

/// The mean of a slice, rounded down; 0 if it is empty.
pub fn mean_of(samples: &[u32]) -> u64 {
    samples.iter().copied().map(u64::from).sum::<u64>() / samples.len().max(1) as u64
}

/// A worker that gets all samples.
pub fn mean(samples: Vec<u32>) -> u64 {
    mean_of(&samples)
}

/// A worker that gets the path of a file that was written by [`save`].
pub fn mean_of_file(path: PathBuf) -> Result<u64, String> {
    let bytes = std::fs::read(&path).map_err(|error| format!("`{}`: {error}", path.display()))?;
    let samples =
        bytes.chunks_exact(4).map(|chunk| u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]));
    Ok(mean_of(&samples.collect::<Vec<_>>()))
}

/// Writes samples for [`mean_of_file`].
pub fn save(path: &Path, samples: impl Iterator<Item = u32>) -> io::Result<()> {
    std::fs::write(path, samples.flat_map(u32::to_le_bytes).collect::<Vec<_>>())
}

/// A worker that gets the address of a manager, and asks it for the sum of each eighth of the samples.
pub fn mean_of_managed(manager: SocketAddr) -> Result<u64, String> {
    let eighth = SAMPLES / 8;
    let sums = (0..8).map(|index| manager::sum(manager, index * eighth..(index + 1) * eighth));
    let sum: u64 = sums.sum::<io::Result<u64>>().map_err(|error| error.to_string())?;
    Ok(sum / u64::from(SAMPLES))
}
