//! Probabilities that mean what they say: what the rules' estimates come to is put right by what was measured.
//!
//! Experts who write likelihood ratios err on the careful side. On composed tickets of which the truth is known, answers
//! that rest on a record of their mechanism are right more often than the product of the estimates says; how often is a
//! table of the ladder. It is one more factor of the first cause, so that the arithmetic of a report still adds up.
//! Answers that rest on symptoms alone are left as they are, and so are caps.

use crate::evidence::seen::{Seen, State};
use crate::ranking::family::shared;
use crate::ranking::weighed::{Piece, Ranking, Weighed};
use rdpwhy_rules::Pack;

/// Puts the first cause right along the ladder's table, if anything but symptoms speaks for it.
pub(crate) fn calibrate(pack: &Pack, ranking: &mut Ranking) {
    // Of causes that these logs do not tell apart none is made the answer.
    let Some(first) = ranking.answer().filter(|_| shared(pack, ranking).is_none()) else { return };
    let said = first.probability;
    let measured = along(&pack.ladder().ranking.calibration, said).min(ranking.most);
    let recovered = first.supporting().all(|weighed| weighed.seen.recovered);
    if first.guess || recovered || measured <= said || said <= 0.0 || measured >= 1.0 {
        return;
    }
    let log_ratio = (measured / (1.0 - measured)).ln() - (said / (1.0 - said)).ln();
    let others = (1.0 - measured) / (1.0 - said);
    for cause in &mut ranking.causes[1..] {
        cause.probability *= others;
    }
    ranking.none *= others;
    let first = &mut ranking.causes[0];
    first.probability = measured;
    first.score += log_ratio;
    let seen = Seen { state: State::Present, share: 1.0, ..Seen::nothing() };
    first.weighed.push(Weighed { piece: Piece::Calibrated, seen, log_ratio, counted: true });
}

/// The value of a table at a point, on straight lines between its entries; the point itself outside of them.
fn along(table: &[(f64, f64)], at: f64) -> f64 {
    let between = table.windows(2).find(|pair| pair[0].0 <= at && at <= pair[1].0);
    between.map_or(at, |pair| {
        let ((x, y), (next_x, next_y)) = (pair[0], pair[1]);
        if next_x > x { y + (next_y - y) * (at - x) / (next_x - x) } else { y }
    })
}

#[cfg(test)]
mod tests {
    use super::along;

    #[test]
    fn tables_are_read_between_their_entries_and_nothing_is_made_up_outside() {
        let table = [(0.2, 0.2), (0.4, 0.6), (0.9, 0.9)];
        for (at, expected) in [(0.1, 0.1), (0.2, 0.2), (0.3, 0.4), (0.4, 0.6), (0.65, 0.75), (0.95, 0.95)] {
            assert!((along(&table, at) - expected).abs() < 1e-12, "at {at}");
        }
        assert!((along(&[], 0.7) - 0.7).abs() < 1e-12);
    }
}
