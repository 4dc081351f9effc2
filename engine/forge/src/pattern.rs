//! Text with placeholders: `{address}`, or `{user=anna}` with what is there if nobody says otherwise.

use std::collections::BTreeMap;

/// A piece of a pattern.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    Literal(&'t str),
    Placeholder { name: &'t str, default: Option<&'t str> },
}

/// Splits a pattern into its pieces. Braces that hold no name (`{1F678132-…}`) are literal text.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut literal, mut at) = (0, 0);
    while let Some(open) = text[at..].find('{').map(|i| at + i) {
        match placeholder(&text[open + 1..]) {
            Some((name, default, length)) => {
                if literal < open {
                    pieces.push(Piece::Literal(&text[literal..open]));
                }
                pieces.push(Piece::Placeholder { name, default });
                at = open + 1 + length;
                literal = at;
            }
            None => at = open + 1,
        }
    }
    if literal < text.len() {
        pieces.push(Piece::Literal(&text[literal..]));
    }
    pieces
}

/// Reads `name}` or `name=default}`: the name, the default and the length with the closing brace.
fn placeholder(text: &str) -> Option<(&str, Option<&str>, usize)> {
    let end = text.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))?;
    let name = &text[..end];
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    match text.as_bytes()[end] {
        b'}' => Some((name, None, end + 1)),
        b'=' => {
            let length = closing(&text[end + 1..])?;
            Some((name, Some(&text[end + 1..end + 1 + length]), end + length + 2))
        }
        _ => None,
    }
}

/// Where the brace closes that is open at the start of `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (i, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(i),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Fills the pattern in. `look_up` gives a name's value; `Err` carries the first name without value or default.
pub(crate) fn expand<'t>(text: &'t str, look_up: &dyn Fn(&str) -> Option<String>) -> Result<String, &'t str> {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Literal(literal) => out.push_str(literal),
            Piece::Placeholder { name, default } => match (look_up(name), default) {
                (Some(value), _) => out.push_str(&value),
                (None, Some(default)) => out.push_str(&expand(default, look_up)?),
                (None, None) => return Err(name),
            },
        }
    }
    Ok(out)
}

/// Names of placeholders, each with what is there if nobody says otherwise; `None` if somebody must say.
pub(crate) type Names = BTreeMap<String, Option<String>>;

/// Adds the names of all placeholders, those within defaults included. A name without a default anywhere is needed.
pub(crate) fn names(text: &str, into: &mut Names) {
    for piece in pieces(text) {
        if let Piece::Placeholder { name, default } = piece {
            add(into, name, default.map(str::to_owned));
            if let Some(default) = default {
                names(default, into);
            }
        }
    }
}

/// Adds one name; being needed wins over having a default.
pub(crate) fn add(into: &mut Names, name: &str, default: Option<String>) {
    let entry = into.entry(name.to_owned()).or_insert_with(|| default.clone());
    if default.is_none() {
        *entry = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look_up(name: &str) -> Option<String> {
        (name == "address").then(|| "10.0.0.5".to_owned())
    }

    #[test]
    fn placeholders_are_filled_and_other_braces_stay() {
        for (pattern, filled) in [
            ("{address}:{port=3389}", "10.0.0.5:3389"),
            ("{1F678132-5938}", "{1F678132-5938}"),
            ("{a-b}{", "{a-b}{"),
            ("{x={address}}", "10.0.0.5"),
            ("{x=}", ""),
        ] {
            assert_eq!(expand(pattern, &look_up).as_deref(), Ok(filled), "{pattern}");
        }
        assert_eq!(expand("{user}", &look_up), Err("user"));
    }
}
