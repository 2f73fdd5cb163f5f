//! Ids of knowledge bases: Wikidata's `Q22316`, or any web address.

use thiserror::Error;

/// What is neither a Wikidata id nor a web address.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("`{text}` is no id of a knowledge base; write a Wikidata id such as Q22316, or an address that begins with https://")]
pub struct InvalidKnowledgeBaseId {
    /// The beginning of what was written.
    pub text: String,
}

/// Where Wikidata ids come from when somebody copies them.
const PREFIXES: [&str; 6] = [
    "https://www.wikidata.org/wiki/",
    "http://www.wikidata.org/wiki/",
    "https://www.wikidata.org/entity/",
    "http://www.wikidata.org/entity/",
    "wd:",
    "wikidata:",
];

/// The usual form of an id: `Q22316` for everything that names it in Wikidata, any other web address as it is.
///
/// # Errors
/// When it is neither.
pub fn parse_knowledge_base_id(text: &str) -> Result<String, InvalidKnowledgeBaseId> {
    let text = text.trim();
    let own = PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    if let Some(number) = own.strip_prefix(['Q', 'q'])
        && !number.starts_with('0')
        && (1..=18).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
    {
        return Ok(format!("Q{number}"));
    }
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).and_then(|rest| rest.split(['/', '?', '#']).next());
    let is_clean = text.len() <= 2000 && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let is_host = |host: &str| host.chars().any(char::is_alphanumeric) && (host.contains('.') || host.contains(':'));
    if is_clean && host.is_some_and(is_host) {
        return Ok(text.to_owned());
    }
    Err(InvalidKnowledgeBaseId { text: text.chars().take(60).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wikidata_ids_get_one_form_and_addresses_stay() {
        for same in ["Q22316", " q22316 ", "wd:Q22316", "https://www.wikidata.org/wiki/Q22316", "http://www.wikidata.org/entity/Q22316"] {
            assert_eq!(parse_knowledge_base_id(same).unwrap(), "Q22316", "{same}");
        }
        for address in ["https://viaf.org/viaf/1", "http://example.org", "https://de.wikipedia.org/wiki/Köln"] {
            assert_eq!(parse_knowledge_base_id(address).unwrap(), address);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for bad in ["", "Q", "Q0", "Q012", "Qx1", "22316", "https://", "https:// a.b", "ftp://a.b", "https://nohost", "Q1 Q2"] {
            assert!(parse_knowledge_base_id(bad).is_err(), "{bad}");
        }
    }
}
