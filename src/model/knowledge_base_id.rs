//! Ids of entries in knowledge bases: which are accepted, and the one way in which each is written.

/// Longer web addresses are hardly addresses.
const MAX_URL_BYTES: usize = 2000;

/// Where Wikidata's own addresses begin, behind `http://` or `https://`.
const WIKIDATA_PLACES: [&str; 6] = [
    "www.wikidata.org/wiki/Special:EntityPage/",
    "www.wikidata.org/wiki/",
    "www.wikidata.org/entity/",
    "wikidata.org/wiki/",
    "wikidata.org/entity/",
    "m.wikidata.org/wiki/",
];

/// Neither a Q-id nor a web address.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("“{0}” is no knowledge-base id; give a Wikidata id such as Q22316, or a web address that begins with https:// or http://")]
pub struct InvalidKnowledgeBaseId(String);

/// Reads an id as people paste it, and returns it as it is stored: `Q22316` for everything that names an entry of Wikidata,
/// whole web addresses for everything else.
///
/// # Errors
/// When it is neither.
pub fn parse_knowledge_base_id(text: &str) -> Result<String, InvalidKnowledgeBaseId> {
    let text = text.trim();
    wikidata_id(text).or_else(|| url(text)).ok_or_else(|| InvalidKnowledgeBaseId(text.chars().take(100).collect()))
}

/// True for ids of Wikidata as they are stored.
#[must_use]
pub fn is_wikidata_id(id: &str) -> bool {
    let digits = id.strip_prefix('Q').unwrap_or_default();
    (1..=18).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())
}

fn wikidata_id(text: &str) -> Option<String> {
    let address = without_scheme(text).and_then(|(_, rest)| WIKIDATA_PLACES.iter().find_map(|place| strip_prefix(rest, place)));
    let name = match address {
        // A place on the page is still the same entry.
        Some(name) => name.split(['#', '?']).next().unwrap_or_default(),
        None => ["wd:", "wikidata:"].iter().find_map(|prefix| strip_prefix(text, prefix)).unwrap_or(text),
    };
    let id = format!("Q{}", strip_prefix(name, "q")?);
    is_wikidata_id(&id).then_some(id)
}

/// A web address with its scheme in small letters.
fn url(text: &str) -> Option<String> {
    let (scheme, rest) = without_scheme(text)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_fine =
        !host.is_empty() && text.len() <= MAX_URL_BYTES && !rest.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>".contains(c));
    is_fine.then(|| format!("{scheme}{rest}"))
}

fn without_scheme(text: &str) -> Option<(&'static str, &str)> {
    ["https://", "http://"].into_iter().find_map(|scheme| strip_prefix(text, scheme).map(|rest| (scheme, rest)))
}

/// Whatever the case of the letters.
fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let parsed = parse_knowledge_base_id(text);
        assert_eq!(parsed.clone().ok().as_deref(), expected, "{text}");
        if let Ok(id) = parsed {
            assert_eq!(parse_knowledge_base_id(&id), Ok(id), "what is stored is read back as it is");
        }
    }

    #[test]
    fn every_way_to_name_an_entry_of_wikidata_gives_its_id() {
        for text in
            ["Q22316", " q22316 ", "wd:Q22316", "wikidata:q22316", "https://www.wikidata.org/wiki/Q22316", "http://www.wikidata.org/entity/Q22316"]
        {
            check(text, Some("Q22316"));
        }
        check("https://www.wikidata.org/wiki/Q22316#P31", Some("Q22316"));
        check("HTTPS://m.wikidata.org/wiki/Q1", Some("Q1"));
    }

    #[test]
    fn other_entries_are_named_by_their_web_address() {
        check("https://viaf.org/viaf/102333412", Some("https://viaf.org/viaf/102333412"));
        check("HTTP://d-nb.info/gnd/118540238", Some("http://d-nb.info/gnd/118540238"));
        check("https://www.wikidata.org/wiki/Property:P31", Some("https://www.wikidata.org/wiki/Property:P31"));
        check("https://example.org/東京", Some("https://example.org/東京"));
    }

    #[test]
    fn everything_else_is_refused_and_says_what_is_accepted() {
        for text in ["", "Q", "Q0", "Q022", "Q12x", "Kerry", "22316", "https://", "https:///x", "https://a b", "ftp://example.org", "wd:", "Q١"] {
            check(text, None);
        }
        let message = parse_knowledge_base_id("Kerry").unwrap_err().to_string();
        assert!(message.contains("“Kerry”") && message.contains("Q22316") && message.contains("https://"), "{message}");
    }
}
