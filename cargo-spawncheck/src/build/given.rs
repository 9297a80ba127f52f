//! What `--config` flags say. `cargo_config2` reads files and variables, and knows of no flags; what we have to know before cargo, and
//! would not, is refused: binaries that cargo starts without our runner run for real.

use crate::error::{Error, Result};
use crate::exit::ExitCode;
use std::path::Path;

/// The names of variables that they set. `has_target`: `--target` is given, which wins over any configuration.
pub(super) fn variables(configs: &[String], has_target: bool) -> Result<Vec<String>> {
    let mut variables = Vec::new();
    for config in configs {
        let given = parse(config);
        let refused = |what: &str, hint| {
            Err(Error::new(ExitCode::Usage, format!("`--config {config}` would take the place of {what}"))
                .hint(hint))
        };
        if sets_runner(&given) {
            return refused(
                "our own runner",
                "set the runner in `.cargo/config.toml` or in CARGO_TARGET_<TRIPLE>_RUNNER: then it is chained",
            );
        }
        if !has_target && given.get("build").and_then(|build| build.get("target")).is_some() {
            return refused("the target that we know of", "use --target");
        }
        let env = given.get("env").and_then(toml::Value::as_table);
        variables.extend(env.into_iter().flat_map(toml::Table::keys).cloned());
    }
    Ok(variables)
}

/// A file or a setting, as cargo decides that; what is neither is for cargo to complain of.
fn parse(config: &str) -> toml::Table {
    let file = std::fs::read_to_string(Path::new(config)).ok();
    file.as_deref().unwrap_or(config).parse().unwrap_or_default()
}

fn sets_runner(given: &toml::Table) -> bool {
    let targets = given.get("target").and_then(toml::Value::as_table);
    targets.into_iter().flat_map(toml::Table::values).any(|target| target.get("runner").is_some())
}

#[cfg(test)]
mod tests {
    use super::variables;

    fn check(config: &str, has_target: bool) -> Result<Vec<String>, String> {
        variables(&[config.to_owned()], has_target).map_err(|error| error.to_string())
    }

    #[test]
    fn what_we_would_not_know_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "[build]\ntarget = [\"a\", \"b\"]\n").unwrap();
        for config in ["build.target = 'a'", "build = { target = ['a'] }", file.to_str().unwrap()] {
            assert!(check(config, false).unwrap_err().contains("use --target"), "{config}");
            assert_eq!(check(config, true), Ok(Vec::new()), "{config}");
        }
        for config in
            ["target.x86_64-unknown-linux-gnu.runner='env'", "target.'cfg(unix)' = { runner = ['env'] }"]
        {
            assert!(check(config, true).unwrap_err().contains("then it is chained"), "{config}");
        }
    }

    #[test]
    fn the_rest_is_cargos() {
        for config in ["build.jobs=1", "target.a.linker='runner'", "neither = = nor", "/no/such/file"] {
            assert_eq!(check(config, false), Ok(Vec::new()), "{config}");
        }
        assert_eq!(check("env.FOO = '1'", false), Ok(vec!["FOO".to_owned()]));
        assert_eq!(check("env = { A = { value = '1' } }", false), Ok(vec!["A".to_owned()]));
    }
}
