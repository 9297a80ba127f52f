//! What users of test runners expect: retries, when to stop, what to show. Names and meanings are nextest's where it has them.

use crate::report::{FinalStatusLevel, OutputWhen, StatusLevel};
use crate::run::MaxFail;
use clap::Args;

/// The variable that chooses a profile where no flag does.
const PROFILE_VARIABLE: &str = "SPAWNCHECK_PROFILE";

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct RunnerArgs {
    /// Run a test that fails both ways up to N times more: if it passes once, it is `flaky`, and no failure [default: 0]
    #[arg(long, value_name = "N", help_heading = "Run options")]
    pub(crate) retries: Option<u32>,

    /// Start no new process once a test has failed both ways
    #[arg(long, visible_alias = "ff", help_heading = "Run options")]
    fail_fast: bool,

    /// Run all tests, whatever fails (the default)
    #[arg(long, visible_alias = "nff", overrides_with = "fail_fast", help_heading = "Run options")]
    no_fail_fast: bool,

    /// Start no new process once N tests have failed both ways; `all`: run all tests
    #[arg(
        long,
        value_name = "N",
        conflicts_with_all = ["fail_fast", "no_fail_fast"],
        help_heading = "Run options"
    )]
    max_fail: Option<MaxFail>,

    /// Which tests to show as they end, in the human report [default: none; all with -v]
    #[arg(long, value_name = "LEVEL", help_heading = "Report options")]
    pub(crate) status_level: Option<StatusLevel>,

    /// Which tests to show again at the end, in the human report [default: none]
    #[arg(long, value_name = "LEVEL", help_heading = "Report options")]
    pub(crate) final_status_level: Option<FinalStatusLevel>,

    /// When to show what passing tests print, in the human report [default: never]
    #[arg(long, value_name = "WHEN", help_heading = "Report options")]
    pub(crate) success_output: Option<OutputWhen>,

    /// When to show what failing tests print, in the human report [default: final]
    #[arg(long, value_name = "WHEN", hide_possible_values = true, help_heading = "Report options")]
    pub(crate) failure_output: Option<OutputWhen>,
}

impl RunnerArgs {
    /// When to stop, if the command line says so.
    pub(crate) fn max_fail(&self) -> Option<MaxFail> {
        match (self.max_fail, self.no_fail_fast, self.fail_fast) {
            (Some(max_fail), _, _) => Some(max_fail),
            (None, true, _) => Some(MaxFail::ALL),
            (None, false, true) => Some(MaxFail::FIRST),
            (None, false, false) => None,
        }
    }
}

/// Which part of the configuration to go by. Cargo's own `--profile` says how to build.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ProfileArgs {
    /// Use this profile of the configuration [env: SPAWNCHECK_PROFILE] [default: default]
    #[arg(short = 'P', long, value_name = "NAME", help_heading = "Run options")]
    config_profile: Option<String>,
}

impl ProfileArgs {
    /// The profile that the flag names, else the variable. An empty variable says nothing: workflows set such ones.
    pub(crate) fn name(&self) -> Option<String> {
        let variable = || std::env::var(PROFILE_VARIABLE).ok().filter(|name| !name.is_empty());
        self.config_profile.clone().or_else(variable)
    }

    pub(super) fn words(&self) -> Option<String> {
        self.name().map(|name| format!("--config-profile={name}"))
    }
}

#[cfg(test)]
mod tests {
    use crate::args::{Command, parse};
    use crate::run::MaxFail;

    fn max_fail(line: &str) -> Result<Option<MaxFail>, i32> {
        let args = ["x", "spawncheck"].into_iter().chain(line.split_whitespace());
        match parse(args.map(Into::into)).map_err(|error| error.exit_code())? {
            Command::Run(args) => Ok(args.runner.max_fail()),
            other => panic!("`{line}` runs nothing: {other:?}"),
        }
    }

    #[test]
    fn when_to_stop() {
        assert_eq!(max_fail(""), Ok(None));
        assert_eq!(max_fail("--fail-fast"), Ok(Some(MaxFail::FIRST)));
        assert_eq!(max_fail("--ff --no-fail-fast"), Ok(Some(MaxFail::ALL)));
        assert_eq!(max_fail("--max-fail=1"), Ok(Some(MaxFail::FIRST)));
        assert_eq!(max_fail("--max-fail 1:wait"), Ok(Some(MaxFail::FIRST)));
        assert_eq!(max_fail("--max-fail all"), Ok(Some(MaxFail::ALL)));
        for wrong in [
            "--max-fail 0",
            "--max-fail 1:immediate",
            "--max-fail some",
            "--max-fail 2 --ff",
            "--max-fail 2 --no-fail-fast",
        ] {
            assert_eq!(max_fail(wrong), Err(2), "{wrong}");
        }
    }
}
