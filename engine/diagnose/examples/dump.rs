//! Prints the diagnosis of some logs as JSON.
fn main() {
    let paths: Vec<std::path::PathBuf> = std::env::args().skip(1).map(Into::into).collect();
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
    let reading = rdpwhy_logs::read(&paths, &pack, &rdpwhy_logs::ReadOptions::default(), &()).map_err(|e| e.to_string()).unwrap();
    let d = rdpwhy_diagnose::diagnose(&reading, &pack, &rdpwhy_diagnose::Options::default());
    println!("{}", serde_json::to_string_pretty(&d).unwrap());
}
