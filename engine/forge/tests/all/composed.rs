//! Tickets composed at random: the same for the same seed, all of them can be forged, and everything is tried.

use std::collections::BTreeSet;

use rdpwhy_forge::{Composed, Repertoire, Shapes, Ticket, compose, forge};

/// Enough for every description of a fault to be drawn.
const MANY: u64 = 1200;
/// As many as are forged too.
const FORGED: u64 = 60;

fn many(count: u64) -> Vec<Composed> {
    let repertoire = Repertoire::embedded().expect("the built-in repertoire is sound");
    let shapes = Shapes::embedded().expect("the built-in shapes are sound");
    let one = |number| compose(&repertoire, &shapes, 3, number).expect("every number can be composed");
    (0..count).map(one).collect()
}

#[test]
fn the_same_seed_composes_the_same_tickets() {
    let texts = |seed| -> Vec<String> {
        let (repertoire, shapes) = (Repertoire::embedded().unwrap(), Shapes::embedded().unwrap());
        (0..20).map(|number| compose(&repertoire, &shapes, seed, number).unwrap().text).collect()
    };
    assert_eq!(texts(9), texts(9));
    assert_ne!(texts(9), texts(10));
}

#[test]
fn every_composed_ticket_can_be_forged() {
    let shapes = Shapes::embedded().unwrap();
    for composed in many(FORGED) {
        let ticket = Ticket::parse(&composed.text, &composed.name).unwrap();
        assert!(!forge(&ticket, &shapes).unwrap().is_empty(), "{}", composed.text);
        assert_eq!(ticket.expect.claim.first, composed.cause);
    }
}

#[test]
#[ignore = "long: composes more than a thousand tickets"]
fn every_description_of_a_fault_is_drawn_sooner_or_later() {
    let repertoire = Repertoire::embedded().unwrap();
    let shapes = Shapes::embedded().unwrap();
    let mut drawn = BTreeSet::new();
    for number in 0..MANY {
        drawn.extend(compose(&repertoire, &shapes, 3, number).unwrap().fault);
    }
    let never: Vec<&str> =
        repertoire.faults().map(|(name, _)| name).filter(|name| !drawn.contains(*name)).collect();
    assert!(never.is_empty(), "{never:?}");
}

#[test]
fn a_fault_that_no_log_shows_comes_with_a_complaint() {
    for composed in many(150).iter().filter(|composed| composed.fault.is_some() && !composed.visible) {
        assert!(composed.complaint, "{}", composed.text);
        assert!(composed.text.contains("options: { at: "), "{}", composed.text);
    }
}

#[test]
fn a_repertoire_with_a_fault_says_where() {
    let parse = |text: &str| Repertoire::parse(&[("r.yml".to_owned(), text.to_owned())]);
    let error = parse("world: {}\nfaults:\n  x: { attemps: [] }\n").unwrap_err().to_string();
    assert_eq!(
        error,
        "r.yml:3:8: unknown key `attemps`; there are `cause`, `also`, `who`, `sometimes`, `told`, `times`, `gap`, `context`, `onset`, `attempt`, `cured`, `error`"
    );
    assert_eq!(
        parse("faults: {}\n").unwrap_err().to_string(),
        "r.yml:1:1: no file says what the `world` is like"
    );
}
