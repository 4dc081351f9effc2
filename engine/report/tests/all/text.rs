//! The text report, read as a person reads it.

#![allow(clippy::unwrap_used, reason = "a test says by panicking that something is wrong")]

use crate::fixture;
use rdpwhy_report::{TextOptions, text};

fn options() -> TextOptions {
    TextOptions::default()
}

#[test]
fn reports_read_as_recorded() {
    for (name, diagnosis) in fixture::all() {
        insta::assert_snapshot!(name, text(&diagnosis, &options()));
    }
}

/// The report of `rdpwhy LOGS` is read without scrolling, whatever the logs hold.
#[test]
fn one_screen_is_one_screen() {
    for (name, diagnosis) in fixture::all() {
        for width in [80, 100, 120] {
            let brief = TextOptions { brief: true, width, ..options() };
            let told = text(&diagnosis, &brief);
            // Who puts hundreds of letters into a name gets a few lines more.
            let most = if name == "hostile" { 48 } else { 40 };
            assert!(told.lines().count() <= most, "{name} at {width}:\n{told}");
            assert!(told.contains("Searched ") && told.contains("Made by "), "{name}:\n{told}");
        }
    }
}

#[test]
fn a_verbose_report_tells_everything() {
    let verbose = TextOptions { verbose: true, width: 110, ..options() };
    insta::assert_snapshot!("key_inaccessible_verbose", text(&fixture::key_inaccessible(), &verbose));
}

#[test]
fn an_explanation_shows_its_sum() {
    let explain = TextOptions { explain: Some("rdp-key-inaccessible".to_owned()), ..options() };
    insta::assert_snapshot!("key_inaccessible_explain", text(&fixture::key_inaccessible(), &explain));
    let unknown = TextOptions { explain: Some("rdp-key".to_owned()), ..options() };
    assert!(text(&fixture::key_inaccessible(), &unknown).contains("No cause is called rdp-key."));
    assert!(text(&fixture::healthy(), &unknown).contains("Nothing to explain"));
}

/// Does the sum again from the figures of the text alone.
#[test]
fn the_figures_of_an_explanation_add_up() {
    for diagnosis in [fixture::key_inaccessible(), fixture::inconclusive()] {
        for cause in &diagnosis.diagnoses {
            let explain = TextOptions { explain: Some(cause.cause.clone()), width: 160, ..options() };
            let told = text(&diagnosis, &explain);
            let figures = |sign: &str| -> Vec<f64> {
                let lines = told.lines().filter(|line| line.starts_with(&format!("  {sign} ")));
                lines
                    .filter_map(|line| line[sign.len() + 3..].split_whitespace().next()?.parse().ok())
                    .collect()
            };
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-4 * b.abs();
            let [prior, first]: [f64; 2] = figures(" ").try_into().unwrap();
            let [weight, total]: [f64; 2] = figures("=").try_into().unwrap();
            assert!(near(figures("×").iter().product::<f64>() * prior, weight), "{told}");
            assert!(near(first + figures("+").iter().sum::<f64>(), total), "{told}");
            assert!((weight / total - cause.probability).abs() < 1e-3, "{told}");
        }
    }
}

#[test]
fn no_option_makes_a_report_empty_or_steers_the_terminal() {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(-5));
    for (name, diagnosis) in fixture::all() {
        for width in [0, 60, 80, 133, usize::MAX] {
            for verbose in [false, true] {
                let options =
                    TextOptions { width, verbose, time_zone: Some(zone.clone()), ..TextOptions::default() };
                let told = text(&diagnosis, &options);
                assert!(told.lines().count() > 5 && told.ends_with('\n'), "{name}");
                let steering = told
                    .chars()
                    .find(|c| (c.is_control() && *c != '\n') || "\u{202e}\u{2066}\u{200b}".contains(*c));
                assert_eq!(steering, None, "{name}");
            }
        }
    }
}

#[test]
fn colours_add_nothing_but_colour() {
    for (name, diagnosis) in fixture::all() {
        let plain = text(&diagnosis, &options());
        let mut colored = text(&diagnosis, &TextOptions { color: true, ..options() });
        for code in ["1", "2", "32", "33", "1;31", "36", "0"] {
            colored = colored.replace(&format!("\u{1b}[{code}m"), "");
        }
        assert_eq!(colored, plain, "{name}");
    }
}

#[test]
fn the_readers_zone_stands_beside_utc() {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(1));
    let told =
        text(&fixture::key_inaccessible(), &TextOptions { time_zone: Some(zone), width: 120, ..options() });
    assert!(told.contains("2026-03-09 07:58:31 (08:58:31 +01:00) … 08:41:10 (09:41:10 +01:00)"), "{told}");
}

#[test]
fn the_short_report_fits_on_one_screen() {
    for (name, diagnosis) in fixture::all() {
        let brief = TextOptions { brief: true, width: 100, case: Some("INC-4711".to_owned()), ..options() };
        let told = text(&diagnosis, &brief);
        // Names that are meant to do harm may take more room.
        let lines = told.lines().count();
        assert!(lines <= 45 || name == "hostile", "{name}: {lines} lines\n{told}");
        insta::assert_snapshot!(format!("{name}_brief"), told);
    }
}
