//! `rdpwhy rules test`: each cause on its tickets.

use super::check::{SAMPLES, several};
use super::{FAILED, FINE, load};
use crate::arguments::RulesTest;
use crate::failure::Failure;
use crate::terminal;
use rdpwhy_forge::{Shapes, Ticket};
use rdpwhy_proof::{CauseScore, Judged, Score};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

pub(super) fn run(asked: &RulesTest) -> Result<(String, u8), Failure> {
    let pack = load(&asked.folders)?;
    let own = asked.folders.rules.as_deref().or(asked.folders.pack.as_deref());
    let folder = asked.folder.as_deref().or(own).unwrap_or(Path::new(SAMPLES));
    std::fs::read_dir(folder).map_err(|error| Failure::cannot_read(folder, &error))?;
    let shapes = match &asked.shapes {
        Some(folder) => Shapes::load(folder),
        None => Shapes::embedded(),
    };
    let shapes = shapes.map_err(Failure::new)?;
    let paths = rdpwhy_proof::tickets(folder).map_err(Failure::new)?;
    if paths.is_empty() {
        return Err(Failure::new(format!("no ticket.yml in `{}` or below it", terminal::name(folder))));
    }
    if let Some(out) = &asked.logs {
        write_logs(&paths, folder, out, &shapes)?;
    }
    let (mut done, mut broken) = (Vec::new(), Vec::new());
    for one in rdpwhy_proof::judge_all(&paths, &pack, &shapes) {
        match one {
            Ok(judged) => done.push(judged),
            Err(error) => broken.push(error.to_string()),
        }
    }
    let score = Score::of(&done, pack.causes().iter().map(|cause| cause.id.as_str()));
    let mut text = String::new();
    if asked.verbose {
        tickets(&mut text, &done);
    }
    table(&mut text, &score);
    complaints(&mut text, &done, &broken);
    summary(&mut text, &score, broken.len());
    // Beside rules of one's own, or of a single ticket, it says nothing that other causes have no ticket there.
    if asked.folders.rules.is_none() && paths.len() > 1 {
        unproved(&mut text, &score);
    }
    let failed = !broken.is_empty() || score.passed < score.tickets;
    if failed {
        text.push_str(&next(asked));
    }
    Ok((text, if failed { FAILED } else { FINE }))
}

/// Writes the logs of each ticket to a folder of its own below `out`. Tickets that cannot be forged are judged, and named, later.
fn write_logs(paths: &[PathBuf], tickets: &Path, out: &Path, shapes: &Shapes) -> Result<(), Failure> {
    for path in paths {
        let own = path.parent().unwrap_or(tickets);
        let below = own.strip_prefix(tickets).ok().filter(|below| below.as_os_str() != "");
        let name = below.unwrap_or_else(|| Path::new(own.file_name().unwrap_or_default()));
        let Ok(ticket) = Ticket::load(path) else { continue };
        match rdpwhy_proof::forge_into(&ticket, shapes, &out.join(name)) {
            Err(rdpwhy_proof::ProofError::Ticket(_)) | Ok(()) => {}
            Err(error) => return Err(Failure::new(error)),
        }
    }
    Ok(())
}

/// How to find out why a ticket does not get what it expects.
fn next(asked: &RulesTest) -> String {
    match &asked.logs {
        Some(out) => format!("to see why: rdpwhy diagnose {}/TICKET --explain CAUSE\n", out.display()),
        None => "to see why: add `--logs DIR`, then rdpwhy diagnose DIR/TICKET --explain CAUSE\n".to_owned(),
    }
}

fn tickets(out: &mut String, judged: &[Judged]) {
    let longest = judged.iter().map(|judged| judged.name.chars().count()).max().unwrap_or(0);
    for judged in judged {
        let state = if judged.complaints.is_empty() { "ok  " } else { "FAIL" };
        let first = judged.diagnosis.diagnoses.first();
        let first = first.map_or_else(
            || "-".to_owned(),
            |first| format!("{:>3.0} %  {}", first.probability * 100.0, first.cause),
        );
        let _ = writeln!(out, "{state}  {:longest$}  {first}", judged.name);
    }
    out.push('\n');
}

fn table(out: &mut String, score: &Score) {
    let longest = score.causes.keys().map(String::len).max().unwrap_or(0);
    let _ = writeln!(out, "{:longest$}  found     quiet     lowest when found", "cause");
    for (cause, own) in score.causes.iter().filter(|(_, own)| own.asked > 0 || own.hushed > 0) {
        let CauseScore { asked, found, lowest, hushed, quiet } = own;
        let of =
            |count: usize, all: usize| if all == 0 { "-".to_owned() } else { format!("{count} of {all}") };
        let lowest = lowest.map_or_else(|| "-".to_owned(), |lowest| format!("{:.0} %", lowest * 100.0));
        let _ =
            writeln!(out, "{cause:longest$}  {:8}  {:8}  {lowest}", of(*found, *asked), of(*quiet, *hushed));
    }
    out.push('\n');
}

fn complaints(out: &mut String, judged: &[Judged], broken: &[String]) {
    for judged in judged.iter().filter(|judged| !judged.complaints.is_empty()) {
        let _ = writeln!(out, "{}:", judged.name);
        for complaint in &judged.complaints {
            let _ = writeln!(out, "  {complaint}");
        }
    }
    for error in broken {
        let _ = writeln!(out, "not judged: {error}");
    }
    if !broken.is_empty() || judged.iter().any(|judged| !judged.complaints.is_empty()) {
        out.push('\n');
    }
}

fn summary(out: &mut String, score: &Score, broken: usize) {
    let share = |count: usize, all: usize| {
        #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
        let share = if all == 0 { 0.0 } else { count as f64 * 100.0 / all as f64 };
        format!("{count} of {all} ({share:.1} %)")
    };
    let _ = writeln!(out, "tickets as expected:        {}", share(score.passed, score.tickets + broken));
    let _ = writeln!(out, "right cause first:          {}", share(score.right_first, score.questions));
    let _ = writeln!(out, "right cause in first three: {}", share(score.right_in_three, score.questions));
    let bands = score.bands.iter().map(|band| {
        let range = format!("{:.0}-{:.0} %", band.from * 100.0, band.to * 100.0);
        let right =
            if band.said == 0 { "none".to_owned() } else { format!("{} of {}", band.right, band.said) };
        format!("{range}: {right}")
    });
    let _ = writeln!(out, "reliability (first cause right, by how probable it was said to be):");
    let _ = writeln!(out, "  {}", bands.collect::<Vec<_>>().join("   "));
}

/// Names the causes that no ticket asks for.
fn unproved(out: &mut String, score: &Score) {
    let unproved: Vec<&str> =
        score.causes.iter().filter(|(_, own)| own.asked == 0).map(|(cause, _)| cause.as_str()).collect();
    if !unproved.is_empty() {
        let _ =
            writeln!(out, "{} without a ticket: {}", several(unproved.len(), "cause"), unproved.join(", "));
    }
}
