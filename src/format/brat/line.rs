//! One line of an `.ann` file.

/// Longer lines are not looked at: their arguments would take many times their memory.
const MAX_LINE_BYTES: usize = 16 << 20;

/// A line that makes sense.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Line<'l> {
    /// `T1⇥Person 0 4;6 8⇥Zoë S`
    Text { id: &'l str, kind: &'l str, fragments: Vec<(usize, usize)>, text: Option<&'l str> },
    /// `E1⇥Statement:T2 claimer:T1`
    Event { id: &'l str, kind: &'l str, trigger: &'l str, arguments: Vec<(&'l str, &'l str)> },
    /// `R1⇥works_for Arg1:T1 Arg2:T3`
    Relation { id: &'l str, kind: &'l str, arguments: Vec<(&'l str, &'l str)> },
    /// `*⇥Equiv T1 T2`
    Equiv { kind: &'l str, members: Vec<&'l str> },
    /// `A1⇥stance E1 support`
    Attribute { id: &'l str, kind: &'l str, target: &'l str, value: &'l str },
    /// `N1⇥Reference T1 Wikidata:Q42⇥Douglas Adams`
    Reference { id: &'l str, target: &'l str, base: &'l str, entry: &'l str, name: &'l str },
    /// `#1⇥AnnotatorNotes T1⇥some words`
    Note { kind: &'l str, target: &'l str, text: &'l str },
}

impl Line<'_> {
    /// How much it makes: itself, and each range, argument or member.
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Text { fragments, .. } => fragments.len(),
            Self::Event { arguments, .. } | Self::Relation { arguments, .. } => 1 + arguments.len(),
            Self::Equiv { members, .. } => members.len(),
            Self::Attribute { .. } | Self::Reference { .. } | Self::Note { .. } => 1,
        }
    }
}

/// Parses a line that is not blank.
///
/// # Errors
/// Says what is wrong with it.
pub(super) fn parse(line: &str) -> Result<Line<'_>, String> {
    if line.len() > MAX_LINE_BYTES {
        return Err(format!("it is longer than {MAX_LINE_BYTES} bytes"));
    }
    let (id, rest) = line.split_once('\t').or_else(|| line.split_once(' ')).ok_or("there is no tab after the id")?;
    let (middle, tail) = rest.split_once('\t').map_or((rest, None), |(middle, tail)| (middle, Some(tail)));
    match id.chars().next() {
        Some('T') => text(id, middle, tail),
        Some('E') => event(id, middle),
        Some('R') => relation(id, middle),
        Some('*') => equiv(middle),
        Some('A' | 'M') => attribute(id, middle, tail),
        Some('N') => reference(id, middle, tail),
        Some('#') => note(middle, tail),
        _ => Err(format!("`{}` is not an id of brat (T, E, R, A, M, N, * or #)", id.chars().take(20).collect::<String>())),
    }
}

/// The type may hold blanks though brat forbids it; the offsets are what stands behind it.
fn text<'l>(id: &'l str, middle: &'l str, tail: Option<&'l str>) -> Result<Line<'l>, String> {
    let is_offsets = |c: char| c.is_ascii_digit() || matches!(c, ' ' | ';');
    let kind = middle.trim_end_matches(is_offsets);
    let blanks = middle.strip_prefix(kind).unwrap_or_default();
    // A type may end in digits: it ends at the first blank behind what cannot be offsets.
    let (digits, offsets) = blanks.split_once(' ').ok_or("there are no offsets")?;
    let kind = middle.get(..kind.len() + digits.len()).unwrap_or(kind).trim();
    let fragments: Option<Vec<(usize, usize)>> = offsets.trim().split(';').map(fragment).collect();
    let fragments = fragments.filter(|fragments| !fragments.is_empty()).ok_or("the offsets are not numbers in pairs")?;
    if kind.is_empty() {
        return Err("there is no type".to_owned());
    }
    Ok(Line::Text { id, kind, fragments, text: tail })
}

fn fragment(text: &str) -> Option<(usize, usize)> {
    let (start, end) = text.trim().split_once(' ')?;
    Some((start.parse().ok()?, end.trim().parse().ok()?))
}

fn event<'l>(id: &'l str, middle: &'l str) -> Result<Line<'l>, String> {
    let mut arguments = arguments(middle)?.into_iter();
    let (kind, trigger) = arguments.next().ok_or("there is no trigger")?;
    Ok(Line::Event { id, kind, trigger, arguments: arguments.collect() })
}

fn relation<'l>(id: &'l str, middle: &'l str) -> Result<Line<'l>, String> {
    let (kind, rest) = middle.trim().split_once(' ').ok_or("there are no arguments")?;
    let arguments = arguments(rest)?;
    if arguments.len() == 2 { Ok(Line::Relation { id, kind, arguments }) } else { Err("a relation has two arguments".to_owned()) }
}

fn arguments(text: &str) -> Result<Vec<(&str, &str)>, String> {
    let split = |part| <str>::split_once(part, ':').filter(|(name, target)| !name.is_empty() && !target.is_empty());
    let parts: Option<Vec<_>> = text.split_whitespace().map(split).collect();
    parts.ok_or_else(|| "an argument is not ROLE:ID".to_owned())
}

fn equiv(middle: &str) -> Result<Line<'_>, String> {
    let mut words = middle.split_whitespace();
    let kind = words.next().ok_or("there is no type")?;
    let members: Vec<&str> = words.collect();
    if members.len() > 1 { Ok(Line::Equiv { kind, members }) } else { Err("fewer than two members".to_owned()) }
}

fn attribute<'l>(id: &'l str, middle: &'l str, tail: Option<&'l str>) -> Result<Line<'l>, String> {
    let mut words = middle.trim().splitn(3, ' ');
    let (Some(kind), Some(target)) = (words.next(), words.next()) else {
        return Err("an attribute needs a type and a target".to_owned());
    };
    Ok(Line::Attribute { id, kind, target, value: words.next().or(tail).unwrap_or_default().trim() })
}

fn reference<'l>(id: &'l str, middle: &'l str, tail: Option<&'l str>) -> Result<Line<'l>, String> {
    let mut words = middle.split_whitespace().skip(1);
    let target = words.next().ok_or("there is no target")?;
    let (base, entry) = words.next().and_then(|word| word.split_once(':')).ok_or("there is no entry such as Wikidata:Q42")?;
    Ok(Line::Reference { id, target, base, entry, name: tail.unwrap_or_default() })
}

fn note<'l>(middle: &'l str, tail: Option<&'l str>) -> Result<Line<'l>, String> {
    let (kind, target) = middle.trim().split_once(' ').ok_or("a note needs a type and a target")?;
    Ok(Line::Note { kind, target: target.trim(), text: tail.unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_types_offsets_and_text() {
        let check = |line, kind: &str, fragments: &[(usize, usize)], text| match parse(line).unwrap() {
            Line::Text { kind: k, fragments: f, text: t, .. } => assert_eq!((k, f.as_slice(), t), (kind, fragments, text)),
            other => panic!("{other:?}"),
        };
        check("T1\tPerson 0 4\tZoë ", "Person", &[(0, 4)], Some("Zoë "));
        check("T1\tPerson2 0 4;6 8\tx\ty", "Person2", &[(0, 4), (6, 8)], Some("x\ty"));
        check("T1\tPublic figure 0 3\tBob", "Public figure", &[(0, 3)], Some("Bob"));
        check("T1\tÉtat-Major 4 7", "État-Major", &[(4, 7)], None);
    }

    #[test]
    fn other_lines_are_told_apart() {
        let event = Line::Event { id: "E1", kind: "Say", trigger: "T3", arguments: vec![("who", "T1"), ("what", "E2")] };
        assert_eq!(parse("E1\tSay:T3 who:T1 what:E2 ").unwrap(), event);
        assert_eq!(
            parse("R1\tr Arg1:T1 Arg2:T2\t").unwrap(),
            Line::Relation { id: "R1", kind: "r", arguments: vec![("Arg1", "T1"), ("Arg2", "T2")] }
        );
        assert_eq!(
            parse("A1\tStance T2 strongly against").unwrap(),
            Line::Attribute { id: "A1", kind: "Stance", target: "T2", value: "strongly against" }
        );
        assert_eq!(parse("M1\tNegation E1").unwrap(), Line::Attribute { id: "M1", kind: "Negation", target: "E1", value: "" });
        let reference = Line::Reference { id: "N1", target: "T1", base: "Wikidata", entry: "Q42", name: "Douglas Adams" };
        assert_eq!(parse("N1\tReference T1 Wikidata:Q42\tDouglas Adams").unwrap(), reference);
        assert_eq!(parse("#1\tAnnotatorNotes T1\tunsure").unwrap(), Line::Note { kind: "AnnotatorNotes", target: "T1", text: "unsure" });
        assert_eq!(parse("*\tEquiv T1 T2").unwrap(), Line::Equiv { kind: "Equiv", members: vec!["T1", "T2"] });
    }

    #[test]
    fn nonsense_is_named() {
        for line in [
            "hello",
            "X1\ta b",
            "T1\tPerson",
            "T1\tPerson a b\tx",
            "T1\t 0 3\tBob",
            "E1\t",
            "R1\tr Arg1:T1",
            "A1\tx",
            "N1\tReference T1 q",
            "*\tEquiv T1",
            "#1\tx",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
