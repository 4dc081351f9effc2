use std::time::Duration;

use super::*;

fn seconds(number: u64) -> Duration {
    Duration::from_secs(number)
}

#[test]
fn anchors_read_as_spoken() {
    for (text, anchor) in [
        ("during a failure", Anchor::During(Quantifier::Some)),
        ("during every failure", Anchor::During(Quantifier::Every)),
        ("before most failures", Anchor::Before(Quantifier::Most)),
        ("at any time", Anchor::AnyTime),
        ("within 12 hours of the failures", Anchor::Around { within: seconds(43_200) }),
        ("before the first failure", Anchor::BeforeFirst { within: None }),
        ("within 48 hours before the first failure", Anchor::BeforeFirst { within: Some(seconds(172_800)) }),
        ("within 2h after the last failure", Anchor::AfterLast { within: Some(seconds(7200)) }),
        (
            "within 5 seconds after the start of a failure",
            Anchor::Within {
                span: seconds(5),
                direction: Direction::After,
                edge: Edge::Start,
                of: Quantifier::Some,
            },
        ),
        (
            "within 10m of every failure",
            Anchor::Within {
                span: seconds(600),
                direction: Direction::Around,
                edge: Edge::Whole,
                of: Quantifier::Every,
            },
        ),
    ] {
        let relation = parse_relation(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(relation.anchor, anchor, "{text}");
        assert!(relation.clauses.is_empty(), "{text}");
    }
}

#[test]
fn clauses_follow_the_anchor() {
    let text = "before a failure, with no renewed or removed in between, with the same user, \
                at least 3 different addresses within 1 hour, not followed by ended within 30 seconds with the same SessionID, \
                while earlier attempts succeeded, rarely at successes, on any machine";
    let relation = parse_relation(text).unwrap();
    assert_eq!(relation.clauses.len(), 7);
    let Clause::WithNo(signals) = &relation.clauses[0] else { panic!("{:?}", relation.clauses[0]) };
    assert_eq!(signals.iter().map(|s| s.value.as_str()).collect::<Vec<_>>(), ["renewed", "removed"]);
    assert_eq!(&text[signals[0].start..signals[0].end], "renewed");
}

#[test]
fn what_is_spoken_parses_to_the_same() {
    for text in [
        "during most failures",
        "within 200 milliseconds before the end of every failure, on the host",
        "within 48 hours before the first failure, at least 1 time",
        "after the last failure, at least 3 different users within 1 hour",
        "at any time, not preceded by a within 7 days with the same SessionID, on any machine",
        "before a failure, with no a or b in between, with the same session, on the client",
        "within 90 minutes of a failure, rarely at successes, while earlier attempts succeeded",
    ] {
        let relation = parse_relation(text).unwrap();
        assert_eq!(relation.spoken(&|place| place.value.as_str()).replace("2 days", "48 hours"), text);
    }
}

#[test]
fn facts_read_as_spoken() {
    for text in [
        "broke at tls or nla",
        "every source fails alike",
        "every network fails alike",
        "lasted less than 1 second",
        "lasted between 10 seconds and 60 seconds",
        "lasted alike",
        "at least 20 attempts within 10 seconds",
        "at least 5 refused attempts within 1 hour",
        "at least 5 different addresses within 24 hours",
        "clocks differ by at least 5 minutes",
        "the clock was set by at least 5 minutes",
        "the host never saw them",
        "nobody came at the time of the ticket",
        "did not reach nla",
    ] {
        parse_fact(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}

#[test]
fn errors_say_where_and_what() {
    let error = parse_relation("within 5 parsecs of a failure").unwrap_err();
    assert_eq!((error.start, error.found.as_str()), (9, "`parsecs`"));
    let error = parse_relation("during a failure, sometimes").unwrap_err();
    assert_eq!((error.start, error.end), (18, 27));
    let error = parse_relation("during").unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected `a failure`, `most failures` or `every failure`, found the end of the phrase"
    );
    assert!(parse_fact("it rained").is_err());
}
