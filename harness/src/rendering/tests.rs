//! Most cases print real values; hand-written text stands where no derived `Debug` gets to.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::{self, Debug};

use proptest::prelude::*;

use super::{Difference, first_difference};

const MISSING: &str = "(missing)";

#[derive(Debug)]
#[expect(dead_code, reason = "it is printed")]
struct Order {
    items: Vec<Item>,
    pay: Pay,
}

#[derive(Debug)]
#[expect(dead_code, reason = "it is printed")]
struct Item {
    note: &'static str,
    size: f64,
}

#[derive(Debug)]
#[expect(dead_code, reason = "it is printed")]
enum Pay {
    Cash,
    Card(&'static str, u8),
    Bank { code: Option<u8> },
}

#[derive(Debug)]
struct Unit;

#[derive(Debug)]
struct Wrapper<T>(T);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    x: u8,
}

/// Prints what it holds, in one line or several.
struct Custom(&'static str);

impl Debug for Custom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[track_caller]
fn check(before: impl Debug, after: impl Debug, path: &str, before_text: &str, after_text: &str) {
    let found = first_difference(&format!("{before:#?}"), &format!("{after:#?}"));
    let expected = Difference { path: path.into(), before: before_text.into(), after: after_text.into() };
    assert_eq!(found, Some(expected));
}

#[track_caller]
fn check_same(before: impl Debug, after: impl Debug) {
    assert_eq!(first_difference(&format!("{before:#?}"), &format!("{after:#?}")), None);
}

fn item(note: &'static str, size: f64) -> Item {
    Item { note, size }
}

fn order(note: &'static str, pay: Pay) -> Order {
    Order { items: vec![item("a", 1.0), item(note, f64::NAN)], pay }
}

#[test]
fn structs_and_enums() {
    check(order("x", Pay::Cash), order("", Pay::Cash), "items[1].note", r#""x""#, r#""""#);
    check(order("", Pay::Cash), order("", Pay::Card("c", 1)), "pay", "Cash", r#"Card("c", 1)"#);
    check(order("", Pay::Card("c", 1)), order("", Pay::Card("c", 2)), "pay.1", "1", "2");
    check(Pay::Bank { code: Some(1) }, Pay::Bank { code: Some(2) }, "code", "1", "2");
    check(Pay::Bank { code: Some(1) }, Pay::Bank { code: None }, "code", "Some(1)", "None");
    check(Pay::Bank { code: None }, Pay::Cash, "", "Bank { code: None }", "Cash");
    check(Wrapper(Wrapper(1)), Wrapper(Wrapper(2)), "", "1", "2");
    check(Wrapper(item("a", 0.0)), Wrapper(item("b", 0.0)), "note", r#""a""#, r#""b""#);
    check(Wrapper(vec![Some(1)]), Wrapper(vec![None::<u8>]), "[0]", "Some(1)", "None");
    check(Key { x: 1 }..Key { x: 2 }, Key { x: 1 }..Key { x: 3 }, "x", "2", "3");
    check_same(order("x", Pay::Bank { code: None }), order("x", Pay::Bank { code: None }));
    check_same(Wrapper(Unit), Wrapper(Unit));
    check_same((), ());
}

#[test]
fn tuples_and_sequences() {
    check((1, item("a", 0.0)), (1, item("b", 0.0)), "1.note", r#""a""#, r#""b""#);
    check(vec![(1, 2)], vec![(1, 3)], "[0].1", "2", "3");
    check((1,), (2,), "0", "1", "2");
    check(vec![(1,)], Vec::<(u8,)>::new(), "[0]", "(1,)", MISSING);
    check([1, 2, 3].as_slice(), [1].as_slice(), "[1]", "2", MISSING);
    check(Wrapper(vec![1]), Wrapper(vec![1, 2]), "[1]", MISSING, "2");
    check(vec![[0; 0]], vec![[0; 0], [0; 0]], "[1]", MISSING, "[]");
    check_same(Vec::<u8>::new(), Vec::<u8>::new());
}

#[test]
fn maps_and_sets() {
    let menu = |note, names: &[&'static str]| {
        names.iter().map(|name| (*name, item(note, 1.0))).collect::<HashMap<&'static str, Item>>()
    };
    let names = ["tea", "b: {", "\"", "c", "d", "e", "f"];
    check(menu("a", &["tea"]), menu("z", &["tea"]), r#"["tea"].note"#, r#""a""#, r#""z""#);
    check(menu("a", &["b: {"]), menu("z", &["b: {"]), r#"["b: {"].note"#, r#""a""#, r#""z""#);
    check(menu("a", &["c"]), menu("a", &[]), r#"["c"]"#, r#"Item { note: "a", size: 1.0 }"#, MISSING);
    check(menu("a", &names), menu("z", &names), r#"["\""].note"#, r#""a""#, r#""z""#);
    check_same(menu("a", &names), menu("a", &names));

    check(Wrapper(BTreeMap::from([(1, 2)])), Wrapper(BTreeMap::from([(1, 2), (3, 4)])), "[3]", MISSING, "4");
    check(BTreeMap::from([((1, 'a'), 2)]), BTreeMap::from([((1, 'a'), 3)]), "[(1, 'a')]", "2", "3");
    check(
        BTreeMap::from([(Key { x: 1 }, 2)]),
        BTreeMap::from([(Key { x: 1 }, 3)]),
        "[Key { x: 1 }]",
        "2",
        "3",
    );
    check(BTreeMap::from([('"', 1), ('\'', 1)]), BTreeMap::from([('"', 2), ('\'', 1)]), "['\"']", "1", "2");
    check(BTreeMap::from([(':', vec![1])]), BTreeMap::from([(':', vec![1, 2])]), "[':'][1]", MISSING, "2");
    let long = |names: &[&'static str]| BTreeMap::from_iter(names.iter().map(|name| (name.repeat(50), 1)));
    check(long(&["k"]), long(&[]), &format!("[\"{}…]", "k".repeat(39)), "1", MISSING);

    check(HashSet::from([1, 2, 3]), HashSet::from([3, 2]), "[1]", "1", MISSING);
    check(BTreeSet::from(["a: b"]), BTreeSet::from(["a: b", "c"]), r#"["c"]"#, MISSING, r#""c""#);
    check_same(HashSet::<_>::from_iter(0..50), HashSet::<_>::from_iter((0..50).rev()));
    check_same(HashMap::<u8, u8>::new(), HashMap::<u8, u8>::new());
    check_same(Custom("{\n    1,\n    1,\n    2: 3,\n}"), Custom("{\n    2: 3,\n    1,\n    1,\n}"));
    check(Custom("{\n    1,\n    1,\n}"), Custom("{\n    1,\n}"), "[1]", "1", MISSING);
}

#[test]
fn atoms() {
    check("a\n\"b\" {", "a\n\"b\" }", "", r#""a\n\"b\" {""#, r#""a\n\"b\" }""#);
    check(vec!["[", "a,\n}", "{"], vec!["[", "a,\n]", "{"], "[1]", r#""a,\n}""#, r#""a,\n]""#);
    check(vec!['{', '"', ','], vec!['{', '"', '\''], "[2]", "','", r"'\''");
    check(item("", 0.0), item("", -0.0), "size", "0.0", "-0.0");
    check(item("", f64::NAN), item("", 0.5), "size", "NaN", "0.5");
    check(Unit, Custom("Other"), "", "Unit", "Other");
    check(vec![Some("x")], vec![Some("")], "[0]", r#""x""#, r#""""#);
    check_same(vec![f64::NAN], vec![f64::NAN]);
}

#[test]
fn hand_written_text() {
    check((Custom("(1, 2] {"), 1), (Custom("(1, 3] {"), 1), "0", "(1, 2] {", "(1, 3] {");
    check((Custom("a\n  b,\n  {\nc"), 1), (Custom("a\n  b,\n  {\nd"), 1), "0", "a b, { c", "a b, { d");
    check((Custom("a\n}\n"), 1), (Custom("a\n}\n"), 2), "1", "1", "2");
    check(Custom("{\n    a\n}"), Custom("{\n    b\n}"), "[a]", "a", MISSING);
    check(Custom("[\n    1,\n}"), Custom("[\n    2,\n}"), "", "[ 1, }", "[ 2, }");
    check(Custom("A {\n    a: 1,\n    ..\n}"), Custom("A {\n    a: 2,\n    ..\n}"), "a", "1", "2");
    check(Custom("A {\n    \"a\": [],\n}"), Custom("A {\n    \"a\": 1,\n}"), r#"["a"]"#, "[]", "1");
    check(Custom("A(\n    [\n        1,\n    ])"), Custom("A(\n    2)"), "", "A( [ 1, ])", "A( 2)");
}

#[test]
fn long_text_is_shortened_to_where_it_differs() {
    let long = |end| format!("{}{end}", "x".repeat(200));
    check(long("1"), long("2"), "", &format!("…{}1\"", "x".repeat(40)), &format!("…{}2\"", "x".repeat(40)));
    check(long(""), "y", "", &format!("\"{}…", "x".repeat(119)), "\"y\"");
}

#[test]
fn deep_text_is_no_danger() {
    let deep = |depth: usize, core: &str| {
        let line = |level: usize, text: &str| format!("{}{text}\n", "    ".repeat(level));
        let opening = (0..depth).map(|level| line(level, "[")).collect::<String>();
        let closing = (1..depth).rev().map(|level| line(level, "],")).collect::<String>();
        format!("{opening}{}{closing}]", line(depth, core))
    };
    let found = first_difference(&deep(500, "1,"), &deep(500, "2,")).unwrap();
    assert_eq!(found.path, "[0]".repeat(128));
    assert_eq!(first_difference(&deep(500, "1,"), &deep(500, "1,")), None);
    assert!(first_difference(&"[\n".repeat(100_000), &"(\n".repeat(100_000)).is_some());
}

proptest! {
    #[test]
    fn any_text_is_read(
        noise in any::<[String; 2]>(),
        lines in prop::array::uniform2(r#"([\[\](){},": a]|\n|\n    |,\n|\n        ){0,24}"#),
    ) {
        for [before, after] in [noise, lines] {
            let found = first_difference(&before, &after);
            prop_assert!(before != after || found.is_none());
            prop_assert_eq!(first_difference(&after, &before).is_some(), found.is_some());
            prop_assert_eq!(first_difference(&before, &before), None);
        }
    }

    #[test]
    fn every_change_is_found([before, after] in prop::array::uniform2(small_maps())) {
        let found = first_difference(&format!("{before:#?}"), &format!("{after:#?}"));
        prop_assert_eq!(found.is_some(), before != after);
    }
}

/// So small that two of them are often equal.
fn small_maps() -> impl Strategy<Value = HashMap<String, Vec<Option<char>>>> {
    let values = prop::option::of(prop::sample::select(vec![',', '"', '\'', '\n']));
    prop::collection::hash_map(r#"["{': ]?"#, prop::collection::vec(values, 0..2), 0..3)
}
