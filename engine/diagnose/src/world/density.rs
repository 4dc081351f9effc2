//! How many moments, or how many different values, any window of time has at most.

use rdpwhy_event::hash::HashMap;

/// The largest number of different keys in any window of `within` ticks; `keys` are in time order.
pub(crate) fn most_different<K: Copy + Eq + std::hash::Hash>(
    keys: &[(i64, K)],
    within: Option<i64>,
) -> usize {
    let mut inside: HashMap<K, usize> = HashMap::default();
    let (mut first, mut most) = (0, 0);
    for &(at, key) in keys {
        *inside.entry(key).or_default() += 1;
        while within.is_some_and(|within| keys[first].0 < at - within) {
            if let Some(count) = inside.get_mut(&keys[first].1) {
                *count -= 1;
                if *count == 0 {
                    inside.remove(&keys[first].1);
                }
            }
            first += 1;
        }
        most = most.max(inside.len());
    }
    most
}

/// The largest number of moments in any window of `within` ticks; they are in order.
pub(crate) fn most(moments: &[i64], within: Option<i64>) -> usize {
    let Some(within) = within else { return moments.len() };
    let (mut first, mut most) = (0, 0);
    for (place, at) in moments.iter().enumerate() {
        while moments[first] < at - within {
            first += 1;
        }
        most = most.max(place + 1 - first);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn windows_are_counted_as_by_hand(mut times in prop::collection::vec((0i64..60, 0u8..5), 0..40), within in 0i64..30) {
            times.sort_unstable();
            let window = |at: i64| times.iter().filter(move |(other, _)| *other <= at && *other >= at - within);
            let different = |at: i64| window(at).map(|(_, key)| *key).collect::<std::collections::BTreeSet<_>>().len();
            let moments: Vec<i64> = times.iter().map(|(at, _)| *at).collect();
            let ends = || moments.iter().copied();
            prop_assert_eq!(most(&moments, Some(within)), ends().map(|at| window(at).count()).max().unwrap_or(0));
            prop_assert_eq!(most_different(&times, Some(within)), ends().map(different).max().unwrap_or(0));
            prop_assert_eq!(most(&moments, None), times.len());
        }
    }
}
