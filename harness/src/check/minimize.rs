//! The smallest part of a sequence that is still enough: delta debugging (Zeller and Hildebrandt, 2002).

/// The smallest subsequence of `items` for which `enough` holds, in the sense that none of its items can be left out. It holds for
/// all of them. Asks at most about n² times for n items, and about 2 log₂ n times where one item matters.
///
/// # Errors
/// Those of `enough`.
pub(crate) fn minimize<T: Clone, E>(
    items: &[T],
    mut enough: impl FnMut(&[T]) -> Result<bool, E>,
) -> Result<Vec<T>, E> {
    if items.is_empty() || enough(&[])? {
        return Ok(Vec::new());
    }
    let mut kept = items.to_vec();
    let mut parts = 2;
    while kept.len() > 1 {
        let size = kept.len().div_ceil(parts);
        let smaller = match first(&kept, size, |chunk, _| chunk.to_vec(), &mut enough)? {
            Some(chunk) => Some((chunk, 2)),
            // With two parts, the rest is the other part, which was asked about.
            None if parts == 2 => None,
            None => first(&kept, size, |_, rest| rest, &mut enough)?.map(|rest| (rest, parts - 1)),
        };
        match smaller {
            Some((items, next)) => (kept, parts) = (items, next.max(2)),
            None if size == 1 => break,
            None => parts = (parts * 2).min(kept.len()),
        }
        parts = parts.min(kept.len()).max(2);
    }
    Ok(kept)
}

/// The first that is enough of what `choose` makes of each chunk and of the rest without it.
fn first<T: Clone, E>(
    items: &[T],
    size: usize,
    choose: impl Fn(&[T], Vec<T>) -> Vec<T>,
    enough: &mut impl FnMut(&[T]) -> Result<bool, E>,
) -> Result<Option<Vec<T>>, E> {
    for start in (0..items.len()).step_by(size) {
        let end = items.len().min(start + size);
        let chosen = choose(&items[start..end], [&items[..start], &items[end..]].concat());
        if enough(&chosen)? {
            return Ok(Some(chosen));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::minimize;
    use proptest::prelude::*;
    use std::convert::Infallible;

    /// The result for a set of items that are needed together, and how often it asked.
    fn ask(length: usize, needed: &[usize]) -> (Vec<usize>, usize) {
        let items: Vec<_> = (0..length).collect();
        let mut asked = 0;
        let result = minimize(&items, |chosen| {
            asked += 1;
            Ok::<_, Infallible>(needed.iter().all(|item| chosen.contains(item)))
        });
        let Ok(kept) = result;
        (kept, asked)
    }

    #[test]
    fn few_questions_for_one_culprit() {
        for culprit in [0, 1, 100, 255] {
            let (kept, asked) = ask(256, &[culprit]);
            assert_eq!(kept, [culprit]);
            assert!(asked <= 18, "{asked}");
        }
        assert_eq!(ask(256, &[]), (vec![], 1));
        assert_eq!(ask(0, &[]), (vec![], 0));
        assert_eq!(ask(1, &[0]).0, [0]);
    }

    proptest! {
        #[test]
        fn exactly_what_is_needed_is_kept(
            length in 1_usize..80,
            picks in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let mut needed: Vec<_> = picks.iter().map(|pick| pick.index(length)).collect();
            needed.sort_unstable();
            needed.dedup();
            prop_assert_eq!(ask(length, &needed).0, needed);
        }

        #[test]
        fn nothing_can_be_left_out_whatever_is_asked_for(
            length in 1_usize..24,
            seed in any::<u64>(),
        ) {
            let items: Vec<usize> = (0..length).collect();
            // Not monotone: more items may be worse than fewer.
            let enough = |chosen: &[usize]| {
                let mix = chosen.iter().fold(seed, |mix, item| (mix ^ *item as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
                chosen.len() == length || mix % 5 == 0
            };
            let Ok(kept) = minimize(&items, |chosen| Ok::<_, Infallible>(enough(chosen)));
            prop_assert!(enough(&kept));
            for index in 0..kept.len() {
                let mut without = kept.clone();
                without.remove(index);
                prop_assert!(!enough(&without));
            }
        }
    }
}
