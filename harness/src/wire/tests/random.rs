//! Values of all shapes at random.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::check;
use super::model::{Adjacent, Bytes, Flat, Inner, Internal, Key, Model, Ordered, Untagged};

/// Any value; serde buffers none that has integers of 128 bits.
pub(super) fn models() -> impl Strategy<Value = Model> {
    let huge = (any::<i128>(), any::<u128>()).prop_map(|(signed, unsigned)| Model::Huge(signed, unsigned));
    let anything = prop_oneof![leaves(), huge].prop_recursive(4, 32, 4, containers);
    let buffered = leaves()
        .prop_recursive(4, 32, 4, |inner| prop_oneof![containers(inner.clone()), buffers(inner)].boxed());
    prop_oneof![anything, buffered]
}

fn leaves() -> BoxedStrategy<Model> {
    let bits = (any::<u32>(), any::<u64>());
    prop_oneof![
        Just(Model::Unit),
        Just(Model::Nothing(())),
        any::<bool>().prop_map(Model::Bool),
        any::<(i8, i16, i32, i64)>().prop_map(|(a, b, c, d)| Model::Signed(a, b, c, d)),
        any::<(u8, u16, u32, u64)>().prop_map(|(a, b, c, d)| Model::Unsigned(a, b, c, d)),
        any::<(f32, f64)>().prop_map(|(narrow, wide)| Model::Floats { narrow, wide }),
        bits.prop_map(|(a, b)| Model::Floats { narrow: f32::from_bits(a), wide: f64::from_bits(b) }),
        any::<char>().prop_map(Model::Char),
        any::<String>().prop_map(Model::Text),
        vec(any::<u8>(), 0..4).prop_map(|bytes| Model::Bytes(Bytes(bytes))),
        any::<Option<Option<Option<u8>>>>().prop_map(Model::Options),
        any::<Option<()>>().prop_map(Model::Void),
    ]
    .boxed()
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[$]{0,2}[a-c]", Just("$some".to_owned())]
}

fn keys() -> impl Strategy<Value = Key> {
    prop_oneof![
        Just(Key::A),
        Just(Key::B),
        any::<u8>().prop_map(Key::Of),
        any::<u8>().prop_map(|x| Key::Named { x })
    ]
}

fn containers(inner: BoxedStrategy<Model>) -> BoxedStrategy<Model> {
    prop_oneof![
        proptest::option::of(inner.clone().prop_map(Box::new)).prop_map(Model::Option),
        vec(inner.clone(), 0..4).prop_map(Model::Seq),
        (inner.clone(), inner.clone()).prop_map(|pair| Model::Pair(Box::new(pair))),
        btree_map(names(), inner.clone(), 0..4).prop_map(Model::ByText),
        btree_map(any::<i32>(), inner.clone(), 0..4).prop_map(Model::ByNumber),
        btree_map(keys(), inner.clone(), 0..4).prop_map(Model::ByKey),
        btree_map(any::<(bool, char)>(), inner.clone(), 0..4).prop_map(Model::ByTuple),
        vec((names(), inner), 0..4).prop_map(|entries| Model::Ordered(Ordered(entries))),
    ]
    .boxed()
}

fn buffers(inner: BoxedStrategy<Model>) -> BoxedStrategy<Model> {
    let x = proptest::option::of(inner.clone().prop_map(Box::new));
    let fields = (x, any::<char>()).prop_map(|(x, y)| Inner { x, y }).boxed();
    // No key of the rest may be a field's name.
    let rest = btree_map("[$]?[p-r]", inner.clone(), 0..4);
    let untagged = prop_oneof![
        Just(Untagged::Void),
        any::<u8>().prop_map(Untagged::Number),
        any::<char>().prop_map(Untagged::Char),
        any::<bool>().prop_map(|value| Untagged::Option(Some(Some(value)))),
        Just(Untagged::Option(Some(None))),
        (inner.clone(), any::<Option<f32>>()).prop_map(|(model, to)| Untagged::Model { model, to }),
    ];
    let internal = prop_oneof![
        Just(Internal::Unit),
        fields.clone().prop_map(Internal::Newtype),
        inner.clone().prop_map(|model| Internal::Struct { model }),
    ];
    let adjacent = prop_oneof![
        Just(Adjacent::Unit),
        inner.clone().prop_map(Adjacent::Newtype),
        (any::<u8>(), inner).prop_map(|(number, model)| Adjacent::Tuple(number, model)),
    ];
    prop_oneof![
        (any::<u8>(), fields, rest).prop_map(|(a, inner, rest)| Model::Flat(Box::new(Flat {
            a,
            inner,
            rest
        }))),
        untagged.prop_map(|value| Model::Untagged(Box::new(value))),
        internal.prop_map(|value| Model::Internal(Box::new(value))),
        adjacent.prop_map(|value| Model::Adjacent(Box::new(value))),
    ]
    .boxed()
}

proptest! {
    #[test]
    fn comes_back(model in models()) {
        check(model);
    }
}
