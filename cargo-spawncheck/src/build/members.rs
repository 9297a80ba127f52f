//! What the workspace's manifests say could be built: a run that has not built it all does not know what does not exist.

use super::compile::binary_id;
use cargo_metadata::{Metadata, Package, TargetKind};
use std::collections::{BTreeMap, BTreeSet};

/// The members' targets.
#[derive(Debug, Default)]
pub(crate) struct Members {
    targets: Vec<Known>,
    /// A feature of a member has to be asked for.
    more_features: bool,
}

#[derive(Debug)]
struct Known {
    package: String,
    /// That of its test binary.
    id: String,
    /// `cargo test` runs it without being told.
    by_default: bool,
}

/// Which features a build has.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Features {
    pub(crate) all: bool,
    pub(crate) no_default: bool,
}

impl Members {
    /// `metadata` without dependencies.
    pub(super) fn of(metadata: &Metadata) -> Self {
        let targets = metadata.packages.iter().flat_map(targets).collect();
        let more_features = metadata.packages.iter().any(|package| has_more(&package.features));
        Self { targets, more_features }
    }

    /// Whether a binary of an earlier run cannot be built any more, with whatever flags. One of a package that is no member may be
    /// of a dependency.
    pub(crate) fn is_gone(&self, package: &str, id: &str) -> bool {
        let mut own = self.targets.iter().filter(|target| target.package == package).peekable();
        own.peek().is_some() && own.all(|target| target.id != id)
    }

    /// The targets that are not among `built`.
    pub(crate) fn others(&self, built: &BTreeSet<&str>) -> BTreeSet<&str> {
        self.targets.iter().map(|target| &*target.id).filter(|id| !built.contains(id)).collect()
    }

    /// Whether a test that is not in `built` is none of `cargo test`, whichever of the members and of their features are asked for.
    pub(crate) fn are_all(&self, built: &BTreeSet<&str>, features: Features) -> bool {
        let has_features = features.all || !(features.no_default || self.more_features);
        let mut default = self.targets.iter().filter(|target| target.by_default);
        has_features && default.all(|target| built.contains(&*target.id))
    }
}

fn targets(package: &Package) -> impl Iterator<Item = Known> {
    let scripts = |target: &&cargo_metadata::Target| !target.kind.contains(&TargetKind::CustomBuild);
    package.targets.iter().filter(scripts).map(|target| Known {
        package: package.name.to_string(),
        id: binary_id(&package.name, target),
        by_default: target.test,
    })
}

/// Whether there are features that `default` does not turn on.
fn has_more(features: &BTreeMap<String, Vec<String>>) -> bool {
    let mut on = vec!["default"];
    let mut next = 0;
    while let Some(feature) = on.get(next) {
        let more = features.get(*feature).into_iter().flatten().map(String::as_str);
        let more: Vec<_> = more.filter(|feature| !on.contains(feature)).collect();
        on.extend(more);
        next += 1;
    }
    features.keys().any(|feature| !on.contains(&&**feature))
}

#[cfg(test)]
mod tests {
    use super::{Features, Members};
    use serde_json::{Value, json};
    use std::collections::BTreeSet;

    const DEFAULT: Features = Features { all: false, no_default: false };
    const ALL: Features = Features { all: true, ..DEFAULT };
    const NO_DEFAULT: Features = Features { no_default: true, ..DEFAULT };

    fn target(kind: &str, name: &str, test: bool) -> Value {
        json!({"kind": [kind], "crate_types": ["lib"], "name": name, "src_path": "/x.rs", "edition": "2024",
            "doc": true, "doctest": false, "test": test})
    }

    fn package(name: &str, features: &Value, targets: &[Value]) -> Value {
        json!({"name": name, "version": "1.0.0", "id": format!("path+file:///{name}#1.0.0"), "dependencies": [],
            "targets": targets, "features": features, "manifest_path": "/Cargo.toml", "edition": "2024"})
    }

    /// `p` has whatever features are said, a build script, and a benchmark that `cargo test` passes over.
    fn members(features: &Value) -> Members {
        let own = [
            target("lib", "p", true),
            target("test", "it", true),
            target("bench", "speed", false),
            target("custom-build", "build-script-build", false),
        ];
        let packages = [package("p", features, &own), package("q", &json!({}), &[target("lib", "q", true)])];
        let metadata = json!({"packages": packages, "workspace_members": [], "workspace_root": "/",
            "target_directory": "/target", "resolve": null, "version": 1, "metadata": null});
        Members::of(&serde_json::from_value(metadata).unwrap())
    }

    fn are_all(features: &Value, built: &[&str], given: Features) -> bool {
        members(features).are_all(&BTreeSet::from_iter(built.iter().copied()), given)
    }

    #[test]
    fn a_part_of_the_workspace_is_not_all() {
        let none = json!({});
        assert!(are_all(&none, &["p", "p::it", "q"], DEFAULT));
        for part in [["p", "p::it"], ["p", "q"], ["p::it", "q"]] {
            assert!(!are_all(&none, &part, DEFAULT), "{part:?}");
        }
    }

    #[test]
    fn features_hide_tests() {
        let built = ["p", "p::it", "q"];
        let all_on = json!({"default": ["a"], "a": ["b", "dep:x"], "b": []});
        let one_off = json!({"default": ["a"], "a": [], "serde": ["dep:serde"]});
        assert!(are_all(&all_on, &built, DEFAULT));
        assert!(!are_all(&all_on, &built, NO_DEFAULT));
        assert!(!are_all(&one_off, &built, DEFAULT));
        assert!(are_all(&one_off, &built, ALL));
        assert!(!are_all(&json!({"a": ["a"]}), &built, DEFAULT));
    }

    #[test]
    fn what_is_gone_and_what_was_not_built() {
        let members = members(&json!({}));
        assert!(members.is_gone("p", "p::old"));
        assert!(members.is_gone("p", "p::bench/old"));
        for (package, id) in
            [("p", "p::it"), ("p", "p::bench/speed"), ("q", "q"), ("dependency", "dependency")]
        {
            assert!(!members.is_gone(package, id), "{id}");
        }
        let others = members.others(&BTreeSet::from(["p", "q"]));
        assert_eq!(Vec::from_iter(others), ["p::bench/speed", "p::it"]);
    }
}
