//! What was probably meant by a misspelled name.

/// What to write instead of `written`: the nearest legal text where one is near, and all of them.
#[must_use]
pub fn offer(written: &str, legal: &[&str]) -> String {
    let all = match legal {
        [] => "nothing is legal here".to_owned(),
        [only] => format!("only `{only}` is legal here"),
        _ => format!("legal are {}", listed(legal)),
    };
    suggest(written, legal, &all)
}

/// `all`, a sentence without a full stop, behind the nearest of the legal texts where one is near.
#[must_use]
pub fn suggest(written: &str, legal: &[&str], all: &str) -> String {
    let Some(name) = nearest(written, legal) else { return all.to_owned() };
    let mut letters = all.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("did you mean `{name}`? {first}{}", letters.as_str())
}

/// The names as a text goes: `` `a`, `b` and `c` ``.
#[must_use]
pub fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// The legal text nearest to `written`, where at most a third of its letters differ; the first of equals.
#[must_use]
pub fn nearest<'l>(written: &str, legal: &[&'l str]) -> Option<&'l str> {
    let written = written.to_lowercase();
    let near = legal.iter().filter_map(|name| {
        let limit = written.chars().count().max(name.chars().count()) / 3;
        let distance = distance(&written, &name.to_lowercase());
        (distance <= limit).then_some((distance, *name))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// The two legal texts nearest to `written`, the nearest first; those that have nothing in common with it are left out.
#[must_use]
pub fn nearest_two<'l>(written: &str, legal: &[&'l str]) -> Vec<&'l str> {
    let written = written.to_lowercase();
    let length = |text: &str| text.chars().count();
    let mut near: Vec<(usize, &str)> = legal
        .iter()
        .map(|name| (distance(&written, &name.to_lowercase()), *name))
        .filter(|(distance, name)| 4 * distance < 3 * length(&written).max(length(name)))
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.into_iter().take(2).map(|(_, name)| name).collect()
}

/// How many letters must be put in, left out, changed or swapped with the next to make `b` of `a`.
fn distance(a: &str, b: &str) -> usize {
    const MAX_COMPARED: usize = 64;
    let a: Vec<char> = a.chars().take(MAX_COMPARED).collect();
    let b: Vec<char> = b.chars().take(MAX_COMPARED).collect();
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_texts_are_suggested() {
        assert_eq!(nearest("containz", &["contains", "cidr"]), Some("contains"));
        assert_eq!(nearest("Startwith", &["startswith", "endswith"]), Some("startswith"));
        assert_eq!(nearest("zzz", &["contains", "cidr"]), None);
        assert_eq!(nearest("", &[""]), Some(""));
        assert_eq!(distance("abcd", "abdc"), 1);
    }
}
