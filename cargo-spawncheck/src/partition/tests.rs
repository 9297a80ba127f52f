use super::{Partition, Share};
use crate::suite::tests::{binary, suite};
use crate::suite::{Dialect, RunIgnored, Suite, TestId};
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use std::collections::{BTreeMap, BTreeSet};

fn partition(text: &str) -> Partition {
    text.parse().unwrap()
}

/// One binary for each number of tests; every fourth test is ignored where `ignoring`.
fn sized(sizes: &[usize], ignoring: bool) -> Suite {
    suite(sizes.iter().enumerate().map(|(index, size)| {
        let mark = |test: usize| if ignoring && test % 4 == 3 { "!" } else { "" };
        let names: Vec<_> = (0..*size).map(|test| format!("{}test_{test:03}", mark(test))).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        binary(&format!("package::{index}"), Dialect::Libtest, &names)
    }))
}

/// For each shard, its tests by binary and name.
fn dealt(scheme: &str, shards: usize, suite: impl Fn() -> Suite) -> Vec<BTreeSet<(String, String)>> {
    let own = |shard: usize| {
        let mut suite = suite();
        let share = Share::take(
            Some(partition(&format!("{scheme}:{shard}/{shards}"))),
            &mut suite,
            RunIgnored::Default,
        );
        let name = |id: TestId| (suite.binary(id).id.clone(), suite.test(id).name.clone());
        suite.selected().filter(|id| share.owns(*id)).map(name).collect()
    };
    (1..=shards).map(own).collect()
}

fn scheme() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("slice"), Just("hash")]
}

proptest! {
    #[test]
    fn every_test_is_in_exactly_one_shard(
        sizes in proptest::collection::vec(0_usize..60, 0..12),
        shards in 1_usize..9,
        scheme in scheme(),
        ignoring in any::<bool>(),
    ) {
        let dealt = dealt(scheme, shards, || sized(&sizes, ignoring));
        let all: BTreeSet<_> = dealt.iter().flatten().cloned().collect();
        prop_assert_eq!(all.len(), sizes.iter().sum::<usize>());
        prop_assert_eq!(dealt.iter().map(BTreeSet::len).sum::<usize>(), all.len());
    }

    #[test]
    fn slices_are_balanced(sizes in proptest::collection::vec(0_usize..60, 0..12), shards in 1_usize..9) {
        let fair = sizes.iter().sum::<usize>().div_ceil(shards);
        for own in dealt("slice", shards, || sized(&sizes, false)) {
            prop_assert!(own.len() <= 2 * fair, "{} of {fair}", own.len());
        }
    }

    #[test]
    fn binaries_of_a_fair_share_stay_whole(
        sizes in proptest::collection::vec(0_usize..60, 1..12),
        shards in 1_usize..9,
        scheme in scheme(),
    ) {
        let fair = sizes.iter().sum::<usize>().div_ceil(shards);
        let dealt = dealt(scheme, shards, || sized(&sizes, false));
        for (index, size) in sizes.iter().enumerate().filter(|(_, size)| **size > 0 && **size <= fair) {
            let id = format!("package::{index}");
            let counts: Vec<_> =
                dealt.iter().map(|own| own.iter().filter(|(binary, _)| *binary == id).count()).collect();
            prop_assert!(counts.contains(size), "{counts:?}");
        }
    }

    /// As long as the total does not cross a power of two.
    #[test]
    fn hashes_stay_when_tests_are_added_elsewhere(
        sizes in proptest::collection::vec(1_usize..20, 2..6),
        more in 1_usize..20,
        shards in 1_usize..9,
    ) {
        let mut grown = sizes.clone();
        *grown.last_mut().unwrap() += more;
        let power = |sizes: &[usize]| sizes.iter().sum::<usize>().next_power_of_two();
        proptest::prop_assume!(power(&sizes) == power(&grown));
        let last = format!("package::{}", sizes.len() - 1);
        let homes = |sizes: &[usize]| -> BTreeMap<(String, String), usize> {
            let shards = dealt("hash", shards, || sized(sizes, false)).into_iter().enumerate();
            let homes = shards.flat_map(|(shard, own)| own.into_iter().map(move |test| (test, shard)));
            homes.filter(|((binary, _), _)| *binary != last).collect()
        };
        prop_assert_eq!(homes(&sizes), homes(&grown));
    }
}

/// So that shards that were started by different versions fit together.
#[test]
fn the_hash_is_the_same_for_ever() {
    let homes = |sizes: &[usize]| -> Vec<usize> {
        let dealt = dealt("hash", 4, || sized(sizes, false));
        dealt.iter().map(BTreeSet::len).collect()
    };
    assert_eq!(homes(&[1, 2, 3, 4, 5, 6]), [1, 2, 11, 7]);
    assert_eq!(homes(&[100]), [18, 20, 28, 34]);
}

#[test]
fn a_single_binary_is_cut_into_neighbours() {
    let names = |own: &BTreeSet<(String, String)>| -> Vec<String> {
        own.iter().map(|(_, name)| name.clone()).collect()
    };
    let dealt = dealt("slice", 3, || sized(&[8], false));
    assert_eq!(names(&dealt[0]), ["test_000", "test_001", "test_002"]);
    assert_eq!(names(&dealt[1]), ["test_003", "test_004", "test_005"]);
    assert_eq!(names(&dealt[2]), ["test_006", "test_007"]);
}

/// What a shard judges is less than what it runs: the whole binary is what each of its tests inherits from.
#[test]
fn a_split_binary_is_selected_whole() {
    let mut suite = sized(&[8, 2], false);
    let share = Share::take(Some(partition("slice:1/3")), &mut suite, RunIgnored::Default);
    assert_eq!(share.whole, 10);
    assert_eq!(suite.binaries[0].selected().count(), 8);
    assert_eq!(suite.selected().filter(|id| share.owns(*id)).count(), 4);
    share.deselect_others(&mut suite);
    assert_eq!(suite.selected().count(), 4);
}

#[test]
fn without_a_partition_all_is_judged() {
    let mut suite = sized(&[3, 1], true);
    let share = Share::take(None, &mut suite, RunIgnored::Default);
    assert_eq!((share.whole, share.partition.is_none()), (4, true));
    assert!(suite.selected().all(|id| share.owns(id)));
}

#[test]
fn what_is_said_is_understood_again() {
    for text in ["slice:1/1", "hash:3/4", "slice:10000/10000"] {
        assert_eq!(partition(text).to_string(), text);
    }
}

#[track_caller]
fn check_error(text: &str, hint: &str) {
    let error = text.parse::<Partition>().unwrap_err();
    assert!(error.contains(&format!("`{text}`")) && error.contains(hint), "{error}");
}

#[test]
fn partitions_that_are_none() {
    for text in ["", "1/4", "slice", "slice:1", "slice:a/4", "slice:1/-4", "count:1/4", "hash:1/4/2"] {
        check_error(text, "write slice:1/4");
    }
    check_error("slice:0/4", "from 1 to 4");
    check_error("hash:5/4", "from 1 to 4");
    check_error("slice:1/0", "from 1 to 1");
    check_error("slice:1/10001", "more than 10000 shards");
}
