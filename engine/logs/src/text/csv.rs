//! Rows of a table in text, with commas, semicolons or tabs between the cells.

/// Cells that a row may have; those behind them are left out.
const MAX_CELLS: usize = 512;
const SEPARATORS: [char; 3] = ['\t', ',', ';'];

/// What separates the cells of a table with this first line: the most frequent of the usual characters.
pub(crate) fn separator(header: &str) -> Option<char> {
    let count = |separator: &char| header.chars().filter(|c| c == separator).count();
    SEPARATORS.into_iter().filter(|separator| count(separator) > 0).max_by_key(count)
}

/// The rows of a table; a cell in quotes may have line ends and, doubled, quotes in it.
pub(crate) struct Rows<'t> {
    rest: &'t str,
    separator: char,
}

impl<'t> Rows<'t> {
    pub(crate) fn new(text: &'t str, separator: char) -> Rows<'t> {
        Rows { rest: text, separator }
    }

    /// A cell, and whether another one follows in the row.
    fn cell(&mut self) -> (String, bool) {
        match self.rest.strip_prefix('"') {
            Some(quoted) => self.quoted(quoted),
            None => {
                let end = self.rest.find([self.separator, '\n']).unwrap_or(self.rest.len());
                let cell = self.rest[..end].trim_end_matches('\r').to_owned();
                (cell, self.pass(end))
            }
        }
    }

    fn quoted(&mut self, mut quoted: &'t str) -> (String, bool) {
        let mut cell = String::new();
        loop {
            let end = quoted.find('"').unwrap_or(quoted.len());
            cell.push_str(&quoted[..end]);
            match quoted.get(end + 1..) {
                Some(rest) if rest.starts_with('"') => {
                    cell.push('"');
                    quoted = &rest[1..];
                }
                rest => {
                    self.rest = rest.unwrap_or_default();
                    break;
                }
            }
        }
        let end = self.rest.find([self.separator, '\n']).unwrap_or(self.rest.len());
        (cell, self.pass(end))
    }

    /// Passes what ends a cell; whether it was a separator.
    fn pass(&mut self, end: usize) -> bool {
        let mut rest = self.rest[end..].chars();
        let passed = rest.next();
        self.rest = rest.as_str();
        passed == Some(self.separator)
    }
}

impl Iterator for Rows<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        self.rest = self.rest.trim_start_matches(['\r', '\n']);
        if self.rest.is_empty() {
            return None;
        }
        let mut row = Vec::new();
        loop {
            let (cell, goes_on) = self.cell();
            if row.len() < MAX_CELLS {
                row.push(cell);
            }
            if !goes_on {
                return Some(row);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quotes_keep_separators_line_ends_and_quotes() {
        let text = "a,b\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n\r\n,\n\"open";
        let rows: Vec<Vec<String>> = Rows::new(text, ',').collect();
        assert_eq!(rows, [vec!["a", "b"], vec!["1", "x, \"y\"\r\nz"], vec!["", ""], vec!["open"]]);
        assert_eq!(
            (separator("a\tb\tc,d"), separator("a"), separator("a;b;c")),
            (Some('\t'), None, Some(';'))
        );
    }

    proptest! {
        #[test]
        fn any_text_ends(text in "(\\PC|[,;\t\r\n\"]){0,80}") {
            prop_assert!(Rows::new(&text, ',').flatten().map(|cell| cell.len()).sum::<usize>() <= text.len());
        }
    }
}
