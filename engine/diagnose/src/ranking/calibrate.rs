//! Probabilities that mean what they say: what the rules' estimates come to is put right by what was measured.
//!
//! Experts who write likelihood ratios err on the careful side. On composed tickets of which the truth is known, answers
//! are right more often than the product of the estimates says; how often are two tables of the ladder, one for answers
//! that rest on a record of their mechanism and one for those that rest on symptoms alone. It is one more factor of the
//! first cause and of its family, so that the arithmetic of a report still adds up. Caps are left as they are.

use crate::evidence::seen::{Seen, State};
use crate::ranking::family::shared;
use crate::ranking::weighed::{Piece, Ranked, Ranking, Weighed};
use rdpwhy_rules::Pack;

/// Puts the first cause right along the ladder's tables.
pub(crate) fn calibrate(pack: &Pack, ranking: &mut Ranking) {
    // Of causes that these logs do not tell apart none is made the answer.
    let Some(first) = ranking.answer().filter(|_| shared(pack, ranking).is_none()) else { return };
    let said = first.probability;
    let tables = &pack.ladder().ranking;
    let table = if first.guess { &tables.calibration_of_symptoms } else { &tables.calibration };
    let measured = along(table, said).min(ranking.most);
    let recovered = first.supporting().all(|weighed| weighed.seen.recovered);
    if recovered || measured <= said || said <= 0.0 || measured >= 1.0 {
        return;
    }
    // How its siblings stand to it is a matter of their own evidence: what was measured raises all of its
    // family, if more than symptoms speaks for it.
    let family = pack.cause(first.cause).family.filter(|_| !first.guess);
    let own = first.cause;
    let is_kin = |ranked: &Ranked| {
        ranked.cause == own
            || (family.is_some() && pack.cause(ranked.cause).family == family && ranked.is_supported())
    };
    let kin: f64 =
        ranking.causes.iter().filter(|ranked| is_kin(ranked)).map(|ranked| ranked.probability).sum();
    let others = (1.0 - measured) / (1.0 - said);
    let factor = (1.0 / others - (1.0 - kin)) / kin;
    for cause in &mut ranking.causes {
        if is_kin(cause) {
            cause.probability *= others * factor;
            cause.score += factor.ln();
            let seen = Seen { state: State::Present, share: 1.0, ..Seen::nothing() };
            let piece = Piece::Calibrated;
            cause.weighed.push(Weighed { piece, seen, log_ratio: factor.ln(), counted: true });
        } else {
            cause.probability *= others;
        }
    }
    ranking.none *= others;
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
