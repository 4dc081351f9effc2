//! Judges tickets: `prove samples [-v]`.
#[path = "../../../tests/judge/mod.rs"]
mod judge;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let verbose = args.iter().any(|a| a == "-v");
    let mut files = rdpwhy_rules::embedded();
    let pack = loop {
        match rdpwhy_rules::Pack::load(&files, &[]) {
            Ok((pack, _)) => break pack,
            Err(e) => {
                for f in e.faults.sorted().iter().take(5) { eprintln!("{}", f.one_line()); }
                files.retain(|f| !e.faults.sorted().iter().any(|x| x.file == f.path));
            }
        }
    };
    let shapes = rdpwhy_forge::Shapes::embedded().map_err(|e| e.to_string()).unwrap();
    let (mut right, mut all) = (0, 0);
    for a in args.iter().filter(|a| *a != "-v") {
        for t in judge::tickets(std::path::Path::new(a)) {
            let j = judge::judge(&t, &pack, &shapes);
            all += 1;
            right += usize::from(j.complaints.is_empty());
            println!("{} {:40} {:?} {:?}", if j.complaints.is_empty() { "ok  " } else { "FAIL" }, j.name, j.diagnosis.verdict, j.diagnosis.totals);
            for c in &j.complaints { println!("       ! {c}"); }
            if verbose || !j.complaints.is_empty() {
                for i in &j.diagnosis.incidents {
                    println!("       incident {} {} {} failures {}..{} {} → {} none {:.3} strangers {}", i.id, i.machine, i.failures, i.stage, i.stage_last, i.started, i.ended, i.none, i.strangers);
                    for c in j.diagnosis.diagnoses.iter().filter(|c| c.incident == i.id).take(3) {
                        println!("         {:.3} {} (prior {:.3})", c.probability, c.cause, c.prior);
                        for e in &c.evidence { println!("            x{:<9.3} {} [{} of {}] {}", e.likelihood_ratio, e.id, e.seen, e.of, e.because); }
                        if verbose { for e in &c.not_counted { println!("            -         {} [{}] {}", e.id, e.state, e.note.as_deref().unwrap_or("")); } }
                    }
                }
                for n in &j.diagnosis.notices { println!("       notice {} on {}: {}", n.id, n.machine, n.text); }
                if verbose { for a in &j.diagnosis.attempts { println!("       {} {} {:?} {:?} {} {:?} stage {:?}..{:?} reached {:?} x{} {}", a.started, a.side, a.source, a.user, a.outcome, a.aborted, a.stage, a.stage_last, a.reached, a.count, a.records.len()); }
                  for c in j.diagnosis.collect.iter().take(5) { println!("       collect {:.2} {} on {}", c.value, c.channel, c.on); } 
                  for l in j.diagnosis.leads.iter().take(5) { println!("       lead {} {} {} near {}/{} x{}", l.channel, l.provider, l.event_id, l.near, l.total, l.lift); } }
            }
        }
    }
    println!("{right} of {all} as expected");
}
