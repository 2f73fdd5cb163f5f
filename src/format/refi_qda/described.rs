//! What a selection has beside its codes, in its description: the note, and lines such as `@normalized = "Taxes fell."`.

/// A line's name and value.
pub(super) type Line = (String, String);

/// The note, and the lines behind it.
pub(super) fn describe(note: &str, lines: &[Line]) -> String {
    let lines = lines.iter().map(|(name, value)| format!("@{name} = {}", serde_json::Value::from(value.as_str())));
    Some(note.to_owned()).filter(|note| !note.is_empty()).into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

/// Takes it apart again; a line of another form belongs to the note.
pub(super) fn take_apart(described: &str) -> (String, Vec<Line>) {
    let mut note: Vec<&str> = described.split('\n').collect();
    let mut lines = Vec::new();
    while let Some(line) = note.last().and_then(|line| parse(line)) {
        lines.push(line);
        note.pop();
    }
    lines.reverse();
    (note.join("\n"), lines)
}

fn parse(line: &str) -> Option<Line> {
    let (name, value) = line.strip_prefix('@')?.split_once(" = ")?;
    Some((name.to_owned(), serde_json::from_str(value).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_described_is_found_again() {
        let check = |note: &str, lines: &[(&str, &str)]| {
            let lines: Vec<Line> = lines.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            assert_eq!(take_apart(&describe(note, &lines)), (note.to_owned(), lines));
        };
        check("", &[]);
        check("a\n@b\n\nc", &[("normalized", "x\n\"y\"")]);
        check("", &[("role claimer", ""), ("attribute score", "0.5")]);
    }
}
