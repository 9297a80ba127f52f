//! Every fixture crate gives exactly what the table says: each verdict, each finding, nothing else.

use spawncheck_tests::table::{self, Case, Culprits, HAS_CAUSES};
use spawncheck_tests::tool;
use std::path::Path;

#[track_caller]
fn check(case: &Case) {
    case.check(&tool!().case(case).run(), |_| true, HAS_CAUSES);
}

/// Whoever adds a test that depends on inherited state says which tests leave it.
#[test]
fn every_dependence_has_culprits() {
    for case in table::ALL {
        for row in case.rows.iter().filter(|row| row.is_dependence()) {
            let unchecked = matches!(row.explained.culprits, Culprits::Unchecked);
            assert!(!unchecked, "{}: no culprits of {} {}", case.name, row.binary, row.test);
        }
    }
}

/// One test for each case, so that they run beside each other.
macro_rules! fixtures {
    ($($(#[$attribute:meta])* $name:ident => $case:ident;)*) => {$(
        #[test]
        $(#[$attribute])*
        fn $name() {
            check(&table::$case);
        }
    )*};
}

fixtures! {
    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    apart => APART;
    caller_env => CALLER_ENV;
    caller_env_inherited => CALLER_ENV_INHERITED;
    caller_env_passed => CALLER_ENV_PASSED;
    contention => CONTENTION;
    endings => ENDINGS;
    flaky => FLAKY;
    hanging => HANGING;
    leaks => LEAKS;
    mimic => MIMIC;
    mimic_thorough => MIMIC_THOROUGH;
    no_protocol => NO_PROTOCOL;
    orders => ORDERS;
    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    orders_predicted => ORDERS_PREDICTED;
    #[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
    orders_thorough => ORDERS_THOROUGH;
    output => OUTPUT;
    #[ignore = "two gibibytes of output"]
    output_gibibyte => OUTPUT_GIBIBYTE;
    plain => PLAIN;
    process_state => PROCESS_STATE;
    statics => STATICS;
    statics_ignored => STATICS_IGNORED;
    statics_libtest_env => STATICS_LIBTEST_ENV;
    #[cfg(target_os = "linux")]
    unexplained => UNEXPLAINED;
    verdicts => VERDICTS;
    verdicts_all => VERDICTS_ALL;
    verdicts_only_ignored => VERDICTS_ONLY_IGNORED;
    workspace => WORKSPACE;
}

/// Fixtures of other tests.
const ELSEWHERE: &[&str] = &["broken", "interpreter"];

#[test]
fn every_fixture_has_a_case() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for entry in directory.read_dir().unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let has_case = table::ALL.iter().any(|case| case.fixture == name);
        assert!(has_case || ELSEWHERE.contains(&name.as_str()), "the fixture `{name}` has no case");
    }
}
