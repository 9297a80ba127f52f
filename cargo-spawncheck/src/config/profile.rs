//! Profiles: named changes to the configuration, for CI say. What stands outside of any is the profile `default`, from which every
//! chain of `inherits` comes in the end.
//!
//! A profile sets what it names and takes the rest from what it inherits. Lists (`env.pass`, `archive.include`, `accept`) add up: a finding that is accepted
//! is so in every profile, and CI may have more of them.

use super::{Accept, Archive, Config, Env, Report, Run};
use crate::finding::{Kind, Level};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The name of what stands outside of `[profile]`.
pub(super) const DEFAULT: &str = "default";

/// One `[profile.NAME]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Profile {
    inherits: Option<String>,
    lints: BTreeMap<Kind, Level>,
    env: Env,
    run: Run,
    report: Report,
    archive: Archive,
    accept: Vec<Accept>,
}

/// What is wrong with the profiles, and which name may have been meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) message: String,
    pub(super) nearest: Option<String>,
}

/// What holds under the profile `name`. Every profile is looked at, so that a mistake in one does not wait for the day on which it is
/// used.
pub(super) fn resolve(
    default: Config,
    mut profiles: BTreeMap<String, Profile>,
    name: Option<&str>,
) -> Result<Config, Wrong> {
    if profiles.contains_key(DEFAULT) {
        let message =
            format!("`[profile.{DEFAULT}]` cannot be set: `{DEFAULT}` is what stands outside of profiles");
        return Err(Wrong { message, nearest: None });
    }
    for name in profiles.keys() {
        chain(&profiles, name)?;
    }
    let names = chain(&profiles, name.unwrap_or(DEFAULT))?;
    let chosen = names.iter().rev().filter_map(|name| profiles.remove(name));
    Ok(chosen.fold(default, Config::changed_by))
}

/// The names of a profile and of those that it inherits from, without `default`.
fn chain(profiles: &BTreeMap<String, Profile>, name: &str) -> Result<Vec<String>, Wrong> {
    let mut names: Vec<String> = Vec::new();
    let mut next = name;
    while next != DEFAULT {
        if names.iter().any(|name| name == next) {
            let message = format!("profile `{next}` inherits from itself ({} -> {next})", names.join(" -> "));
            return Err(Wrong { message, nearest: None });
        }
        let Some(profile) = profiles.get(next) else {
            let asked =
                names.last().map(|name| format!(", which `{name}` inherits from")).unwrap_or_default();
            let valid = profiles.keys().map(String::as_str).chain([DEFAULT]);
            let nearest = crate::select::nearest(next, valid).first().map(|name| (*name).to_owned());
            return Err(Wrong { message: format!("there is no profile `{next}`{asked}"), nearest });
        };
        names.push(next.to_owned());
        next = profile.inherits.as_deref().unwrap_or(DEFAULT);
    }
    Ok(names)
}

impl Config {
    fn changed_by(mut self, profile: Profile) -> Self {
        let Profile { inherits: _, lints, env, run, report, archive, accept } = profile;
        self.lints.extend(lints);
        self.env.pass.extend(env.pass);
        self.archive.include.extend(archive.include);
        self.accept.extend(accept);
        Self { run: self.run.changed_by(run), report: self.report.changed_by(report), ..self }
    }
}

impl Run {
    fn changed_by(self, other: Self) -> Self {
        Self {
            jobs: other.jobs.or(self.jobs),
            timeout: other.timeout.or(self.timeout),
            budget: other.budget.or(self.budget),
            culprit_runs: other.culprit_runs.or(self.culprit_runs),
            culprit_time: other.culprit_time.or(self.culprit_time),
            thorough: other.thorough.or(self.thorough),
            predict: other.predict.or(self.predict),
            thread_runs: other.thread_runs.or(self.thread_runs),
            retries: other.retries.or(self.retries),
            max_fail: other.max_fail.or(self.max_fail),
        }
    }
}

impl Report {
    fn changed_by(self, other: Self) -> Self {
        Self {
            status_level: other.status_level.or(self.status_level),
            final_status_level: other.final_status_level.or(self.final_status_level),
            success_output: other.success_output.or(self.success_output),
            failure_output: other.failure_output.or(self.failure_output),
            slow: other.slow.or(self.slow),
        }
    }
}
