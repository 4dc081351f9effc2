//! Times reading and diagnosing.
fn main() {
    let paths: Vec<std::path::PathBuf> = std::env::args().skip(1).map(Into::into).collect();
    let (pack, _) = rdpwhy_rules::Pack::load(&rdpwhy_rules::embedded(), &[]).map_err(|e| e.to_string()).unwrap();
    let t = std::time::Instant::now();
    let reading = rdpwhy_logs::read(&paths, &pack, &rdpwhy_logs::ReadOptions::default(), &()).map_err(|e| e.to_string()).unwrap();
    eprintln!("read {:?}: {} events", t.elapsed(), reading.events.len());
    let t = std::time::Instant::now();
    let d = rdpwhy_diagnose::diagnose(&reading, &pack, &rdpwhy_diagnose::Options::default());
    eprintln!("diagnose {:?}: {:?} {:?} {} incidents", t.elapsed(), d.verdict, d.totals, d.incidents.len());
}
