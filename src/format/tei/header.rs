//! The header: what a library would say of the article, and who has annotated it. Nothing of it is read again.

use crate::format::xml_out::{push_attribute, push_content, xml_text};
use crate::format::{Item, Tables};
use crate::model::CoderKey;

/// Writes the header.
pub(super) fn push_header(page: &mut String, tables: &Tables, item: &Item) {
    let document = &item.document;
    page.push_str("<teiHeader>\n<fileDesc>\n<titleStmt>\n");
    push_element(page, "title", &document.title);
    push_filled(page, "author", &document.author);
    for (coder, number) in item.sheets.keys().zip(1..) {
        let name = tables.coders.get(coder).map_or(coder.as_str(), |coder| coder.name.as_str());
        page.push_str(&format!("<respStmt xml:id=\"{}\"><resp>annotation</resp>", coder_id(number)));
        push_element(page, "name", name);
        page.push_str("</respStmt>\n");
    }
    page.push_str("</titleStmt>\n<publicationStmt><p>Exported for research from a project of annotations.</p></publicationStmt>\n");
    page.push_str("<sourceDesc>\n<bibl>\n");
    push_element(page, "title", &document.title);
    push_filled(page, "author", &document.author);
    push_filled(page, "publisher", &document.source);
    if let Some(date) = &document.date {
        page.push_str("<date");
        push_attribute(page, "when", date.as_str());
        page.push('>');
        push_content(page, date.as_str());
        page.push_str("</date>\n");
    }
    push_url(page, &document.url);
    page.push_str("</bibl>\n</sourceDesc>\n</fileDesc>\n");
    if is_language(&document.language) {
        page.push_str("<profileDesc><langUsage><language");
        push_attribute(page, "ident", &document.language);
        page.push_str("/></langUsage></profileDesc>\n");
    }
    page.push_str("</teiHeader>\n");
}

/// The id of a coder's statement of responsibility, counted from 1.
pub(super) fn coder_id(number: usize) -> String {
    format!("coder-{number}")
}

/// The number of a coder in the header.
pub(super) fn coder_number(item: &Item, coder: &CoderKey) -> usize {
    item.sheets.keys().take_while(|other| *other != coder).count() + 1
}

fn push_filled(page: &mut String, name: &str, text: &str) {
    if !text.is_empty() {
        push_element(page, name, text);
    }
}

fn push_element(page: &mut String, name: &str, text: &str) {
    page.push_str(&format!("<{name}>"));
    push_content(page, &xml_text(text));
    page.push_str(&format!("</{name}>\n"));
}

/// What is surely an address is one; anything else is only shown.
fn push_url(page: &mut String, url: &str) {
    if url.is_empty() {
        return;
    }
    page.push_str("<ref");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?@!$&'()*+,;=".contains(c);
    if (url.starts_with("http://") || url.starts_with("https://")) && url.chars().all(is_plain) {
        push_attribute(page, "target", url);
    }
    page.push('>');
    push_content(page, &xml_text(url));
    page.push_str("</ref>\n");
}

/// As a schema takes it: `en`, `zh-Hant`.
fn is_language(tag: &str) -> bool {
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    tag.split('-').all(is_part) && tag.bytes().take_while(|byte| *byte != b'-').all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_a_tag_or_an_address_is_written_as_one() {
        assert!(["en", "zh-Hant", "de-1996"].iter().all(|tag| is_language(tag)));
        assert!(!["", "1a", "english language", "en-", "abcdefghi"].iter().any(|tag| is_language(tag)));
        let url = |url: &str| {
            let mut page = String::new();
            push_url(&mut page, url);
            page
        };
        assert_eq!(url("https://a.example/b?c=1&d"), "<ref target=\"https://a.example/b?c=1&amp;d\">https://a.example/b?c=1&amp;d</ref>\n");
        assert_eq!((url("a b"), url("")), ("<ref>a b</ref>\n".to_owned(), String::new()));
    }
}
