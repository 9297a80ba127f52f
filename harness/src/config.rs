//! How a check is done.

use crate::Context;
use std::path::PathBuf;
use std::time::Duration;

/// How a check is done. Start from `Config::default()`:
///
/// ```
/// let config = spawncheck::Config { cases: 1000, ..Default::default() };
/// # assert_eq!(config.max_payload, 1 << 20);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// How many inputs to generate. Default: 256.
    pub cases: u32,
    /// Where to run the worker. [`Context::Spawn`] takes part in any case, being the reference. Default: all that the
    /// platform has.
    pub contexts: Vec<Context>,
    /// How long one call may take. Default: 10 seconds.
    pub timeout: Duration,
    /// How long a child may take from its start until it can serve, setup included. Default: 30 seconds.
    pub startup: Duration,
    /// The largest encoded input, in bytes, that is not reported as `oversized`. Default: 1 MiB.
    pub max_payload: usize,
    /// How many workers the program has; N workers hold N copies of an input. Default: the number of cores.
    pub workers: usize,
    /// Start a fresh executable for each case of [`Context::Spawn`]. Otherwise, on Unix, a fresh child is the fork of an
    /// executed one that has not served anything yet, which is several times cheaper; what is found that way is
    /// confirmed by real execution in any case. Default: `false`.
    pub execute: bool,
    /// Where the inputs come from: the same number gives the same inputs. Default: `None`, another one each time.
    pub seed: Option<u64>,
    /// How many candidates to try for a smaller input, and again for each earlier call that is part of a finding. Default: 512.
    pub max_shrink_iters: u32,
    /// How long to look for a smaller input and history. Default: 20 seconds.
    pub max_shrink_time: Duration,
    /// The folder where counterexamples are kept and first looked for; `None` keeps none. A relative path starts from the
    /// package's folder. Default: `spawncheck-regressions`.
    pub regressions: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            cases: 256,
            contexts: Context::all(),
            timeout: Duration::from_secs(10),
            startup: Duration::from_secs(30),
            max_payload: 1 << 20,
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            execute: false,
            seed: None,
            max_shrink_iters: 512,
            max_shrink_time: Duration::from_secs(20),
            regressions: Some("spawncheck-regressions".into()),
        }
    }
}
