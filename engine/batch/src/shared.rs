//! What failing cases have in common and the others do not.
//!
//! Of a cause, its cases are compared with all others; of failing at all, failing cases are compared with healthy ones. A case
//! whose logs could not show a fact does not count, and a fact that is younger than the first failure is not shared by it. Only what
//! chance would hardly produce is said, over all comparisons that are made.

use crate::chance::LogFactorials;
use crate::row::{CaseRow, Fact, SharedRow};
use rdpwhy_diagnose::Verdict;
use rdpwhy_event::FileTime;
use rdpwhy_rules::Pack;
use rdpwhy_rules::ladder::thresholds::Fleet;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Cases that a finding names.
const CASES: usize = 200;
/// Other facts of the same cases that a finding names.
const ALSO: usize = 20;
/// The kind of the finding that failures began together.
const ONSET: &str = "onset";

/// What failing cases share, the least likely by chance first.
///
/// `cases` are in any order; the result does not depend on it.
#[must_use]
pub fn shared(cases: &[CaseRow], pack: &Pack) -> Vec<SharedRow> {
    let mut read: Vec<&CaseRow> = cases.iter().filter(|case| case.error.is_none()).collect();
    read.sort_by(|one, other| one.case.cmp(&other.case));
    let fleet = Fleetwide { cases: &read, pack, limits: &pack.ladder().thresholds.fleet };
    let groups = fleet.groups();
    let factorials = LogFactorials::up_to(read.len());
    let compared: Vec<Compared<'_>> = groups.iter().flat_map(|group| fleet.compare(group)).collect();
    // Each fact of each group, and the onset of each group, is a comparison.
    let comparisons = compared.len() + groups.len();
    let claims = compared.iter().filter_map(|one| Some((fleet.claim(one, comparisons, &factorials)?, one)));
    let mut rows = fleet.without_repetition(claims.collect());
    let onsets: Vec<SharedRow> =
        groups.iter().filter_map(|group| fleet.together(group, comparisons, &factorials)).collect();
    let is_of_cause = |row: &SharedRow| {
        row.cause.is_none() && onsets.iter().any(|other| other.cause.is_some() && other.cases == row.cases)
    };
    rows.extend(onsets.iter().filter(|row| !is_of_cause(row)).cloned());
    rows.sort_by(|one, other| fleet.by_chance(one, other));
    rows
}

/// All cases that could be read, and what comparing them takes.
struct Fleetwide<'c> {
    cases: &'c [&'c CaseRow],
    pack: &'c Pack,
    limits: &'c Fleet,
}

/// Failing cases that are compared with others; both as numbers of cases.
struct Group {
    /// `None`: failing cases, whatever their cause.
    cause: Option<String>,
    failing: BTreeSet<usize>,
    others: BTreeSet<usize>,
}

/// Cases of a group that have a fact, and others that do.
type Having = (BTreeSet<usize>, BTreeSet<usize>);

/// A fact, and which cases of a group and of the others have it.
struct Compared<'g> {
    group: &'g Group,
    kind: &'g str,
    value: &'g str,
    failing_with: BTreeSet<usize>,
    others_with: BTreeSet<usize>,
    /// Failing cases whose logs could show it, and others.
    failing: usize,
    others: usize,
}

impl<'c> Fleetwide<'c> {
    fn groups(&self) -> Vec<Group> {
        let mut causes: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        let (mut failing, mut healthy) = (BTreeSet::new(), BTreeSet::new());
        for (at, case) in self.cases.iter().enumerate() {
            if is(case, Verdict::Healthy) {
                healthy.insert(at);
            } else if case.first_failure.is_some() {
                failing.insert(at);
            }
            if let (Some(cause), true) = (&case.cause, is(case, Verdict::Diagnosed)) {
                causes.entry(cause).or_default().insert(at);
            }
        }
        let others = |own: &BTreeSet<usize>| -> BTreeSet<usize> {
            failing.union(&healthy).copied().filter(|at| !own.contains(at)).collect()
        };
        let of_cause = |(cause, own): (&str, BTreeSet<usize>)| Group {
            cause: Some(cause.to_owned()),
            others: others(&own),
            failing: own,
        };
        let mut groups: Vec<Group> = causes.into_iter().map(of_cause).collect();
        groups.push(Group { cause: None, failing, others: healthy });
        groups.retain(|group| group.failing.len() >= self.limits.cases);
        groups
    }

    /// Every fact that enough cases of the group have.
    fn compare<'g>(&'g self, group: &'g Group) -> Vec<Compared<'g>> {
        let mut having: BTreeMap<(&str, &str), Having> = BTreeMap::new();
        for &at in &group.failing {
            for fact in self.cases[at].facts.iter().filter(|fact| was_there(fact, self.cases[at])) {
                having.entry((&fact.kind, &fact.value)).or_default().0.insert(at);
            }
        }
        having.retain(|_, (failing, _)| failing.len() >= self.limits.cases);
        for &at in &group.others {
            for fact in &self.cases[at].facts {
                if let Some((_, others)) = having.get_mut(&(fact.kind.as_str(), fact.value.as_str())) {
                    others.insert(at);
                }
            }
        }
        let could_show = |cases: &BTreeSet<usize>, kind: &str| {
            cases.iter().filter(|at| self.cases[**at].comparable.iter().any(|own| own == kind)).count()
        };
        let compared = |((kind, value), (failing_with, others_with))| Compared {
            group,
            kind,
            value,
            failing_with,
            others_with,
            failing: could_show(&group.failing, kind),
            others: could_show(&group.others, kind),
        };
        having.into_iter().map(compared).filter(|one| one.others >= self.limits.others).collect()
    }

    /// What is said about a fact, if chance would hardly make it so frequent.
    fn claim(&self, one: &Compared<'_>, comparisons: usize, factorials: &LogFactorials) -> Option<SharedRow> {
        let hits = one.failing_with.len();
        let with = hits + one.others_with.len();
        let all = one.failing + one.others;
        let (failing_without, without) = (one.failing - hits, all - with);
        let lift = share(hits, with) / share(failing_without, without);
        let chance = factorials.at_least(hits, with, one.failing, all) * as_number(comparisons);
        // Where every case has it, nothing is without it to compare with, and the lift is not a number.
        if without == 0 || lift < self.limits.lift || chance > self.limits.chance {
            return None;
        }
        let cases: Vec<&CaseRow> = one.failing_with.iter().map(|at| self.cases[*at]).collect();
        let onsets = onsets(&cases);
        let row = SharedRow {
            says: String::new(),
            cause: one.group.cause.clone(),
            kind: one.kind.to_owned(),
            value: one.value.to_owned(),
            also: Vec::new(),
            failing_with: hits,
            with,
            failing_without,
            without,
            lift: lift.is_finite().then_some(round(lift)),
            chance: round(chance),
            onset_first: onsets.first().map(ToString::to_string),
            onset_last: onsets.last().map(ToString::to_string),
            cases: cases.iter().take(CASES).map(|case| case.case.clone()).collect(),
        };
        Some(SharedRow { says: self.sentence(&row, &cases), ..row })
    }

    fn sentence(&self, row: &SharedRow, cases: &[&CaseRow]) -> String {
        let facts = &self.pack.ladder().case_facts;
        let title = facts.iter().find(|fact| fact.kind == row.kind).map_or(&*row.kind, |fact| &fact.title);
        let fail = row.cause.as_ref().map_or_else(|| "fail".to_owned(), |cause| format!("fail with {cause}"));
        // Several words would run into the sentence.
        let value = if row.value.contains(' ') { format!("“{}”", row.value) } else { row.value.clone() };
        let mut says = format!(
            "{} of {} cases with {title} {value} {fail}; {} of {} without it do.",
            row.failing_with, row.with, row.failing_without, row.without
        );
        let onsets = onsets(cases);
        if let (Some(first), Some(last)) = (onsets.first(), onsets.last())
            && onsets.len() >= self.limits.cases
            && span(*first, *last) <= self.limits.together.as_secs()
        {
            let (of, first) = (onsets.len(), minute(*first));
            says.push_str(&format!(
                " In {of} of them the failures began within {} of {first}.",
                self.window()
            ));
        } else if let Some(within) = self.soon_after(row, cases) {
            says.push_str(&format!(
                " In {within} of them the failures began within {} of it.",
                self.window()
            ));
        }
        says
    }

    /// In how many cases the failures began soon after the fact, if in enough of them.
    fn soon_after(&self, row: &SharedRow, cases: &[&CaseRow]) -> Option<usize> {
        let delay = |case: &&CaseRow| {
            let fact = case.facts.iter().find(|fact| fact.kind == row.kind && fact.value == row.value)?;
            Some(span(fact.time.as_ref()?.parse().ok()?, onset(case)?))
        };
        let is_soon = |delay: &u64| *delay <= self.limits.together.as_secs();
        let within = cases.iter().filter_map(delay).filter(is_soon).count();
        (within >= self.limits.cases).then_some(within)
    }

    /// That the failures of a group began together.
    fn together(&self, group: &Group, comparisons: usize, factorials: &LogFactorials) -> Option<SharedRow> {
        let mut known: Vec<(FileTime, &CaseRow)> =
            group.failing.iter().filter_map(|at| Some((onset(self.cases[*at])?, self.cases[*at]))).collect();
        known.sort_by(|one, other| one.0.cmp(&other.0).then_with(|| one.1.case.cmp(&other.1.case)));
        let window = self.limits.together.as_secs();
        let reach = |from: usize| known[from..].partition_point(|(at, _)| span(known[from].0, *at) <= window);
        let most = (0..known.len()).max_by_key(|from| (reach(*from), usize::MAX - from))?;
        let together = &known[most..most + reach(most)];
        #[expect(clippy::cast_precision_loss, reason = "a share of a span, not a time")]
        let part = window as f64 / median_span(group, self.cases)?.max(1) as f64;
        let chance = factorials.window(together.len(), known.len(), part) * as_number(comparisons);
        if together.len() < self.limits.cases || chance > self.limits.chance {
            return None;
        }
        let (first, last) = (together.first()?.0, together.last()?.0);
        let of = group.cause.as_ref().map_or_else(String::new, |cause| format!(" with {cause}"));
        let says = format!(
            "{} of {} cases{of} whose beginning is known began to fail within {} of {}.",
            together.len(),
            known.len(),
            self.window(),
            minute(first)
        );
        Some(SharedRow {
            says,
            cause: group.cause.clone(),
            kind: ONSET.to_owned(),
            value: first.to_string(),
            also: Vec::new(),
            failing_with: together.len(),
            with: together.len(),
            failing_without: known.len() - together.len(),
            without: known.len() - together.len(),
            lift: None,
            chance: round(chance),
            onset_first: Some(first.to_string()),
            onset_last: Some(last.to_string()),
            cases: together.iter().take(CASES).map(|(_, case)| case.case.clone()).collect(),
        })
    }

    /// The least likely by chance first; then in the order in which the rules name the facts.
    fn by_chance(&self, one: &SharedRow, other: &SharedRow) -> Ordering {
        let facts = &self.pack.ladder().case_facts;
        let rank = |row: &SharedRow| facts.iter().position(|fact| fact.kind == row.kind);
        let key = |row: &SharedRow| (row.cause.clone(), rank(row), row.value.clone());
        one.chance.total_cmp(&other.chance).then_with(|| key(one).cmp(&key(other)))
    }

    /// Facts that exactly the same cases have become one row. What all failing cases share goes unsaid where those of one cause
    /// share it.
    fn without_repetition(&self, mut claims: Vec<(SharedRow, &Compared<'_>)>) -> Vec<SharedRow> {
        claims.sort_by(|one, other| self.by_chance(&one.0, &other.0));
        let mut kept: Vec<(SharedRow, &Compared<'_>)> = Vec::new();
        for (row, compared) in claims {
            let same = kept.iter_mut().find(|(other, of)| {
                other.cause == row.cause
                    && of.failing_with == compared.failing_with
                    && of.others_with == compared.others_with
            });
            match same {
                Some((other, _)) if other.also.len() >= ALSO => {}
                Some((other, _)) => other.also.push(format!("{} {}", row.kind, row.value)),
                None => kept.push((row, compared)),
            }
        }
        let of_causes: BTreeSet<(&str, &str, &BTreeSet<usize>)> = kept
            .iter()
            .filter(|(row, _)| row.cause.is_some())
            .map(|(_, of)| (of.kind, of.value, &of.failing_with))
            .collect();
        let is_said = |(row, of): &(SharedRow, &Compared<'_>)| {
            row.cause.is_none() && of_causes.contains(&(of.kind, of.value, &of.failing_with))
        };
        let said: Vec<bool> = kept.iter().map(is_said).collect();
        kept.into_iter().zip(said).filter(|(_, said)| !said).map(|((row, _), _)| row).collect()
    }

    /// The span within which things happen together, in words.
    fn window(&self) -> String {
        let hours = self.limits.together.as_secs().div_ceil(3600);
        if hours == 1 { "1 hour".to_owned() } else { format!("{hours} hours") }
    }
}

fn is(case: &CaseRow, verdict: Verdict) -> bool {
    case.verdict.as_deref() == Some(verdict.to_string().as_str())
}

/// Whether the fact is older than the first failure, as far as both times are known.
fn was_there(fact: &Fact, case: &CaseRow) -> bool {
    match (&fact.time, &case.first_failure) {
        (Some(fact), Some(failure)) => match (fact.parse::<FileTime>(), failure.parse::<FileTime>()) {
            (Ok(fact), Ok(failure)) => fact <= failure,
            _ => false,
        },
        _ => true,
    }
}

fn onset(case: &CaseRow) -> Option<FileTime> {
    case.onset.as_ref()?.parse().ok()
}

fn onsets(cases: &[&CaseRow]) -> Vec<FileTime> {
    let mut onsets: Vec<FileTime> = cases.iter().filter_map(|case| onset(case)).collect();
    onsets.sort();
    onsets
}

/// The middle one of the spans that the logs of the cases cover, in seconds.
fn median_span(group: &Group, cases: &[&CaseRow]) -> Option<u64> {
    let covered = |at: &usize| {
        let case = cases[*at];
        Some(span(case.logs_from.as_ref()?.parse().ok()?, case.logs_to.as_ref()?.parse().ok()?))
    };
    let mut spans: Vec<u64> = group.failing.iter().filter_map(covered).collect();
    spans.sort_unstable();
    spans.get(spans.len() / 2).copied()
}

/// Seconds from one moment to another, whichever is first.
fn span(one: FileTime, other: FileTime) -> u64 {
    one.ticks_since(other).unsigned_abs() / 10_000_000
}

/// A moment to the minute.
fn minute(at: FileTime) -> String {
    let text = at.to_string().replace('T', " ");
    format!("{} UTC", text.get(..16).unwrap_or(&text))
}

#[expect(clippy::cast_precision_loss, reason = "counts of cases are far below 2^52")]
fn as_number(count: usize) -> f64 {
    count as f64
}

fn share(part: usize, of: usize) -> f64 {
    as_number(part) / as_number(of)
}

/// Three digits that count: the rest is noise, and may differ between machines.
fn round(number: f64) -> f64 {
    format!("{number:.2e}").parse().unwrap_or(number)
}

#[cfg(test)]
mod tests;
