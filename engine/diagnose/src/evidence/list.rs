//! Records in time order, looked at again and again near the place of the last look.

use std::borrow::Cow;

/// Records of one signal on one machine in time order, and the part of them that the last look was at: failures come in
/// time order as well, so that the next one looks close by.
#[derive(Debug, Default)]
pub(super) struct List<'s> {
    events: Cow<'s, [u32]>,
    first: usize,
    last: usize,
}

impl<'s> List<'s> {
    /// These records, which are in time order.
    pub(super) fn new(events: impl Into<Cow<'s, [u32]>>) -> List<'s> {
        List { events: events.into(), first: 0, last: 0 }
    }

    /// One more record, later than those before.
    pub(super) fn push(&mut self, event: u32) {
        self.events.to_mut().push(event);
    }

    /// Puts them in the order of time.
    pub(super) fn sort(&mut self, time: &[i64]) {
        self.events.to_mut().sort_unstable_by_key(|&event| (time[event as usize], event));
    }

    /// Those whose time lies in `from..=to`.
    pub(super) fn between(&mut self, time: &[i64], from: i64, to: i64) -> &[u32] {
        let at = |event: u32| time[event as usize];
        self.first = boundary(&self.events, self.first, |event| at(event) < from);
        self.last = boundary(&self.events, self.last, |event| at(event) <= to).max(self.first);
        &self.events[self.first..self.last]
    }
}

/// The first place that is not before, looked for around `near`: in steps that double.
pub(super) fn boundary<T: Copy>(list: &[T], near: usize, is_before: impl Fn(T) -> bool) -> usize {
    let near = near.min(list.len());
    let (mut from, mut to, mut step) = (near, near, 1);
    if list.get(near).is_some_and(|&item| is_before(item)) {
        // All places up to and with `from` are before.
        to = near + 1;
        while to < list.len() && is_before(list[to]) {
            from = to;
            to = (to + step).min(list.len());
            step *= 2;
        }
    } else {
        while from > 0 && !is_before(list[from - 1]) {
            to = from - 1;
            from = from.saturating_sub(1 + step);
            step *= 2;
        }
    }
    from + list[from..to].partition_point(|&item| is_before(item))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_boundary_is_found_from_anywhere(mut list in prop::collection::vec(0u8..20, 0..60), near in 0usize..70, at in 0u8..22) {
            list.sort_unstable();
            prop_assert_eq!(boundary(&list, near, |item| item < at), list.partition_point(|item| *item < at));
        }
    }
}
