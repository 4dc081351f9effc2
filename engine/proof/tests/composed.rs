//! Composed tickets as a test: a few always, and the page of figures where there is time.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use rdpwhy_forge::{Repertoire, Shapes};
use rdpwhy_proof::{Outcome, Quality, Score, judge_all, page, sweep, tickets};
use rdpwhy_rules::Pack;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn swept(seed: u64, count: u64) -> Vec<Outcome> {
    let (pack, _) = Pack::load(&rdpwhy_rules::embedded(), &[]).unwrap();
    sweep(&Repertoire::embedded().unwrap(), &pack, &Shapes::embedded().unwrap(), seed, count).unwrap()
}

#[test]
fn every_cause_of_the_rules_is_described_twice_at_least() {
    let (pack, _) = Pack::load(&rdpwhy_rules::embedded(), &[]).unwrap();
    let repertoire = Repertoire::embedded().unwrap();
    let known: BTreeSet<&str> = pack.causes().iter().map(|cause| cause.id.as_str()).collect();
    let described: BTreeSet<&str> = repertoire.causes().into_iter().collect();
    assert_eq!(known, described);
}

#[test]
fn a_few_composed_tickets_are_diagnosed_no_worse_than_before() {
    let outcomes = swept(2, 60);
    let quality = Quality::of(outcomes.iter());
    let visible = quality.visible;
    assert!(visible.first * 100 >= visible.tickets * FIRST, "{visible:?}");
    assert!(visible.all_clear * 100 <= visible.tickets * ALL_CLEAR, "{visible:?}");
    assert_eq!(quality.tickets, 60);
}

/// Percent of faults that some log sees whose cause comes first, at least.
const FIRST: usize = 55;
/// Percent of them that get an all-clear, at most.
const ALL_CLEAR: usize = 6;

#[test]
#[ignore = "long: composes and diagnoses thousands of tickets"]
fn the_page_of_figures_is_fresh() {
    let path = root().join("docs/quality.md");
    let page_there = std::fs::read_to_string(&path).unwrap();
    let (pack, _) = Pack::load(&rdpwhy_rules::embedded(), &[]).unwrap();
    let reports =
        judge_all(&tickets(&root().join("samples/reports")).unwrap(), &pack, &Shapes::embedded().unwrap());
    let reports: Vec<_> = reports.into_iter().map(Result::unwrap).collect();
    let outcomes = swept(1, 4000);
    let fresh =
        page(&outcomes, &Score::of(&reports, std::iter::empty()), "rdpwhy-proof --seed 1 --count 4000");
    assert_eq!(page_there, fresh, "make it anew: cargo run -p rdpwhy-proof -- --write docs/quality.md");
}
