//! Prints the diagnosis of some logs as JSON.
fn main() {
    let paths: Vec<std::path::PathBuf> = std::env::args().skip(1).map(Into::into).collect();
    let all = rdpwhy_rules::embedded();
    let pack = match rdpwhy_rules::Pack::load(&all, &[]) {
        Ok((pack, _)) => pack,
        Err(e) => {
            eprintln!("{}", e.faults.sorted().iter().map(|f| f.one_line()).collect::<Vec<_>>().join("\n").chars().take(3000).collect::<String>());
            let some: Vec<_> = all.into_iter().filter(|f| !f.path.contains("/causes/") && !f.path.contains("/notices/")).collect();
            rdpwhy_rules::Pack::load(&some, &[]).map_err(|e| e.to_string()).unwrap().0
        }
    };
    let reading = rdpwhy_logs::read(&paths, &pack, &rdpwhy_logs::ReadOptions::default(), &()).map_err(|e| e.to_string()).unwrap();
    let d = rdpwhy_diagnose::diagnose(&reading, &pack, &rdpwhy_diagnose::Options::default());
    println!("{}", serde_json::to_string_pretty(&d).unwrap());
}
