//! `rdpwhy-forge`: writes the logs of tickets, or checks that they are what would be written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rdpwhy_forge::{ForgeError, ForgedLog, Repertoire, Shapes, Ticket, compose, forge};

/// Writes the logs that tickets describe: NAME/ticket.yml to NAME/logs/MACHINE/CHANNEL.evtx.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Ticket files, folders with a ticket.yml, or folders of such folders.
    #[arg(default_value = "samples")]
    paths: Vec<PathBuf>,
    /// Write to OUT/NAME/MACHINE/CHANNEL.evtx instead.
    #[arg(long, value_name = "OUT")]
    out: Option<PathBuf>,
    /// Only say whether the files on disk are what would be written; exit status 1 if not.
    #[arg(long)]
    check: bool,
    /// Folder with shapes.yml and scenes.yml; the built-in ones if not given.
    #[arg(long, value_name = "DIR")]
    shapes: Option<PathBuf>,
    /// Print channels, scenes and shapes with their parameters, and do nothing else.
    #[arg(long)]
    list: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Compose tickets at random: OUT/SEED-NUMBER/ticket.yml, and their logs beside it.
    Compose {
        /// The same seed gives the same tickets.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many.
        #[arg(long, default_value_t = 10)]
        count: u64,
        /// The number of the first one.
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// Where to write them.
        #[arg(long, value_name = "OUT")]
        out: PathBuf,
        /// Folder with what tickets are composed of; the built-in one if not given.
        #[arg(long, value_name = "DIR")]
        repertoire: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            say(&mut std::io::stderr(), &format!("error: {error}"));
            ExitCode::from(2)
        }
    }
}

/// Whether every ticket was forged, or with `--check`, is on disk as it would be written.
fn run(arguments: &Arguments) -> Result<bool, ForgeError> {
    if let Some(command) = &arguments.command {
        return composed(command).map(|()| true);
    }
    let shapes = arguments.shapes.as_deref().map_or_else(Shapes::embedded, Shapes::load)?;
    let mut out = std::io::stdout();
    if arguments.list {
        say(&mut out, shapes.summary().trim_end());
        return Ok(true);
    }
    let mut good = true;
    for path in tickets(&arguments.paths)? {
        let folder = path.parent().unwrap_or(Path::new("."));
        let target = match (&arguments.out, folder.file_name()) {
            (Some(out), Some(name)) => out.join(name),
            (Some(out), None) => out.clone(),
            (None, _) => folder.join("logs"),
        };
        // A fault in one ticket does not keep the others from being written.
        match Ticket::load(&path).and_then(|ticket| forge(&ticket, &shapes)) {
            Ok(logs) if arguments.check => good &= check(&mut out, &target, &logs)?,
            Ok(logs) => {
                if arguments.out.is_none() {
                    remove_others(&target, &logs)?;
                }
                write(&mut out, &target, &logs)?;
            }
            Err(error) => {
                good = false;
                say(&mut std::io::stderr(), &format!("error: {error}"));
            }
        }
    }
    Ok(good)
}

/// Composes tickets, and writes them and their logs.
fn composed(command: &Command) -> Result<(), ForgeError> {
    let Command::Compose { seed, count, from, out, repertoire } = command;
    let shapes = Shapes::embedded()?;
    let repertoire = repertoire.as_deref().map_or_else(Repertoire::embedded, Repertoire::load)?;
    for number in *from..from.saturating_add(*count) {
        let composed = compose(&repertoire, &shapes, *seed, number)?;
        let folder = out.join(&composed.name);
        fs::create_dir_all(&folder).map_err(file_error(&folder))?;
        let path = folder.join("ticket.yml");
        fs::write(&path, &composed.text).map_err(file_error(&path))?;
        let logs = forge(&Ticket::load(&path)?, &shapes)?;
        write(&mut std::io::stdout(), &folder.join("logs"), &logs)?;
    }
    Ok(())
}

fn say(out: &mut impl std::io::Write, line: &str) {
    // Nobody is left to tell when the terminal is gone.
    let _ = writeln!(out, "{line}");
}

fn file_error(path: &Path) -> impl FnOnce(std::io::Error) -> ForgeError {
    let path = path.to_owned();
    move |source| ForgeError::File { path, source }
}

/// The ticket files named, in folders, or in folders of folders; sorted within each folder.
fn tickets(paths: &[PathBuf]) -> Result<Vec<PathBuf>, ForgeError> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_file() {
            found.push(path.clone());
        } else if path.join("ticket.yml").is_file() {
            found.push(path.join("ticket.yml"));
        } else {
            found.extend(below(path)?.into_iter().map(|p| p.join("ticket.yml")).filter(|p| p.is_file()));
        }
    }
    Ok(found)
}

/// The entries of a folder, sorted.
fn below(folder: &Path) -> Result<Vec<PathBuf>, ForgeError> {
    let entries = fs::read_dir(folder).map_err(file_error(folder))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(file_error(folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// The log files that are in a ticket's folder of logs.
fn present(target: &Path) -> Result<Vec<PathBuf>, ForgeError> {
    let mut files = Vec::new();
    if target.is_dir() {
        for machine in below(target)?.into_iter().filter(|p| p.is_dir()) {
            files.extend(below(&machine)?.into_iter().filter(|p| p.extension().is_some_and(|e| e == "evtx")));
        }
    }
    Ok(files)
}

/// Removes logs that the ticket no longer has; only ever called for a ticket's own folder of logs.
fn remove_others(target: &Path, logs: &[ForgedLog]) -> Result<(), ForgeError> {
    for old in present(target)? {
        if !logs.iter().any(|log| target.join(&log.path) == old) {
            fs::remove_file(&old).map_err(file_error(&old))?;
        }
    }
    Ok(())
}

fn write(out: &mut impl std::io::Write, target: &Path, logs: &[ForgedLog]) -> Result<(), ForgeError> {
    for log in logs {
        let path = target.join(&log.path);
        let folder = path.parent().unwrap_or(target);
        fs::create_dir_all(folder).map_err(file_error(folder))?;
        fs::write(&path, &log.bytes).map_err(file_error(&path))?;
    }
    say(out, &format!("{}: {} logs", target.display(), logs.len()));
    Ok(())
}

fn check(out: &mut impl std::io::Write, target: &Path, logs: &[ForgedLog]) -> Result<bool, ForgeError> {
    let mut good = true;
    for log in logs {
        let path = target.join(&log.path);
        if !fs::read(&path).is_ok_and(|bytes| bytes == log.bytes) {
            good = false;
            say(out, &format!("differs: {}", path.display()));
        }
    }
    for extra in present(target)? {
        if !logs.iter().any(|log| target.join(&log.path) == extra) {
            good = false;
            say(out, &format!("not in the ticket: {}", extra.display()));
        }
    }
    Ok(good)
}
