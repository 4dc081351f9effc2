//! Messages for people, as the one line that a row has room for.

/// Letters that a row keeps.
const LONGEST: usize = 600;

/// What went wrong, on one line and without help.
#[must_use]
pub fn one_line(message: &str) -> String {
    let lines = message.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("help: "));
    lines.collect::<Vec<_>>().join("; ").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_error_is_one_line_without_help() {
        let said = "no event log to read\na.zip: not a log [x]\n  help: y\n";
        assert_eq!(super::one_line(said), "no event log to read; a.zip: not a log [x]");
        assert_eq!(super::one_line(&"x".repeat(5000)).len(), super::LONGEST);
    }
}
