//! Reads logs and prints what was in them: `read [none|all|ID,ID…] [threads] PATH…`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::path::PathBuf;

use rdpwhy_event::Wants;
use rdpwhy_logs::{ReadOptions, read};

/// Everything, or records with one of these ids.
enum Choice {
    All,
    Ids(Vec<u32>),
}

impl Wants for Choice {
    fn wants(&self, _provider: &str, event_id: u32, _channel: &str) -> bool {
        match self {
            Choice::All => true,
            Choice::Ids(ids) => ids.contains(&event_id),
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let choice = match arguments.next().as_deref() {
        Some("all") => Choice::All,
        Some("none") => Choice::Ids(Vec::new()),
        Some(ids) => Choice::Ids(ids.split(',').map(str::parse).collect::<Result<_, _>>()?),
        None => return Err("usage: read none|all|ID,ID… THREADS PATH…".into()),
    };
    let threads = arguments.next().ok_or("how many threads?")?.parse()?;
    let paths: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    let reading =
        read(&paths, &choice, &ReadOptions { threads: Some(threads), ..ReadOptions::default() }, &())?;
    for log in &reading.logs {
        println!("{} {} records {} damages whole={}", log.name, log.records, log.damages.len(), log.whole);
        for span in &log.spans {
            println!(
                "  {} on {}: {} records {}..={} {} … {} gaps {} back {}",
                span.channel,
                span.computer,
                span.records,
                span.first_record_id,
                span.last_record_id,
                span.first,
                span.last,
                span.gap_count,
                span.out_of_order
            );
        }
    }
    for warning in &reading.warnings {
        println!("{warning}");
    }
    let records: u64 = reading.tally.counts.iter().map(|count| count.total).sum();
    println!("{} events of {records} records in {} logs", reading.events.len(), reading.logs.len());
    Ok(())
}
