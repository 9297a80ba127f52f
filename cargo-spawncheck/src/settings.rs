//! Command line and configuration file in one: the command line wins.

use crate::args::{EnvPolicy, RunArgs, RunnerArgs};
use crate::config::{Accept, Config, Report};
use crate::culprits::Budget;
use crate::finding::{Level, Levels};
use crate::report::Shown;
use crate::run::{Environment, MaxFail, Pace};
use crate::thorough::Extent;
use std::time::Duration;

/// How long one test may take unless told otherwise.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);

/// How long confirming may take in all unless told otherwise.
const BUDGET: Duration = Duration::from_secs(600);

/// What the search for the culprits of each finding may cost unless told otherwise.
const CULPRITS: Budget = Budget { runs: 200, time: Duration::from_secs(30) };

/// How often to run the tests of a binary on threads unless told otherwise, before something shows up.
const THREAD_RUNS: u32 = 5;

/// What a run goes by.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) levels: Levels,
    pub(crate) jobs: usize,
    pub(crate) timeout: Duration,
    pub(crate) budget: Duration,
    pub(crate) culprits: Budget,
    /// What spawned tests get.
    pub(crate) environment: Environment,
    pub(crate) pass_env: Vec<String>,
    pub(crate) accept: Vec<Accept>,
    /// What to look into besides both legs.
    pub(crate) extent: Extent,
    /// How often to run a failing test again.
    pub(crate) retries: u32,
    pub(crate) max_fail: MaxFail,
    /// What the human report shows of each test.
    pub(crate) shown: Shown,
}

impl Settings {
    pub(crate) fn resolve(args: &RunArgs, config: Config) -> Self {
        let mut levels = Levels::default();
        for (kind, level) in config.lints {
            levels.set(kind, level);
        }
        for (kinds, level) in
            [(&args.allow, Level::Allow), (&args.warn, Level::Warn), (&args.deny, Level::Deny)]
        {
            // The strictest flag wins where a kind is named twice.
            kinds.iter().for_each(|kind| levels.set(*kind, level));
        }
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let jobs = args.test_jobs.or(config.run.jobs.map(usize::from)).unwrap_or_else(cores);
        Self {
            levels,
            jobs,
            timeout: args.timeout.or(config.run.timeout).unwrap_or(TIMEOUT),
            budget: config.run.budget.unwrap_or(BUDGET),
            culprits: Budget {
                runs: args.culprit_runs.or(config.run.culprit_runs).unwrap_or(CULPRITS.runs),
                time: args.culprit_time.or(config.run.culprit_time).unwrap_or(CULPRITS.time),
            },
            environment: match args.env {
                EnvPolicy::Sealed => Environment::Sealed,
                EnvPolicy::Inherit => Environment::Inherited,
            },
            pass_env: config.env.pass.into_iter().chain(args.pass_env.iter().cloned()).collect(),
            accept: config.accept,
            extent: Extent {
                thorough: args.thorough || config.run.thorough.unwrap_or(false),
                predict: args.predict || config.run.predict.unwrap_or(false),
                thread_runs: args.thread_runs.or(config.run.thread_runs).unwrap_or(THREAD_RUNS),
            },
            retries: args.runner.retries.or(config.run.retries).unwrap_or(0),
            max_fail: args.runner.max_fail().or(config.run.max_fail).unwrap_or(MaxFail::ALL),
            shown: shown(&args.runner, &config.report),
        }
    }

    /// For both legs.
    pub(crate) fn pace(&self) -> Pace {
        Pace { workers: self.jobs, max_fail: self.max_fail }
    }
}

fn shown(args: &RunnerArgs, config: &Report) -> Shown {
    let default = Shown::default();
    Shown {
        status: args.status_level.or(config.status_level),
        final_status: args.final_status_level.or(config.final_status_level).unwrap_or(default.final_status),
        success_output: args.success_output.or(config.success_output).unwrap_or(default.success_output),
        failure_output: args.failure_output.or(config.failure_output).unwrap_or(default.failure_output),
        slow: config.slow.unwrap_or(default.slow),
    }
}
