//! Which parts of an article look like its title, captions and boilerplate. Only proposed: the coder confirms.
//!
//! English patterns of lines, as newspapers' sites and archives have them. Long lines are never captions or boilerplate:
//! a sentence may begin with “Copyright”.

use crate::model::{Region, RegionKind};
use crate::text::Text;
use crate::text::segment::floor_char;

/// A title is no longer, in characters.
const MAX_TITLE_CHARS: usize = 200;
/// A line of boilerplate is no longer, in characters.
const MAX_LINE_CHARS: usize = 240;
/// An entry of a menu is no longer, in characters.
const MAX_ENTRY_CHARS: usize = 24;
/// So many bytes are looked at; articles are shorter.
const MAX_BYTES: usize = 512 << 10;
/// So many proposals are enough; an article with more has other troubles.
const MAX_PROPOSED: usize = 200;

/// Lines that begin so stand under a picture.
const CAPTIONS: [&str; 12] = [
    "photo:",
    "photos:",
    "image:",
    "picture:",
    "photograph:",
    "caption:",
    "(photo:",
    "(image:",
    "photo by ",
    "image by ",
    "image credit",
    "file photo",
];
/// Lines that begin so belong to the site and not to the article.
const BOILERPLATE: [&str; 22] = [
    "read more",
    "read also",
    "read next",
    "see also",
    "also read",
    "related:",
    "related articles",
    "related stories",
    "more from ",
    "subscribe",
    "sign up",
    "sign in",
    "advertisement",
    "advertising",
    "share this",
    "follow us",
    "click here",
    "copyright",
    "©",
    "(c) ",
    "all rights reserved",
    "terms of use",
];
/// Lines with this anywhere, too.
const ANYWHERE: [&str; 4] = ["all rights reserved", "copyright ©", "subscribe to our", "sign up for our"];

/// What looks like a part and overlaps none that is known, in text order.
#[must_use]
pub fn propose_regions(text: &Text, known: &[Region]) -> Vec<Region> {
    let mut wants_title = known.iter().all(|region| region.kind != RegionKind::Title);
    let mut proposed = Vec::new();
    let looked_at = text.as_str().get(..floor_char(text.as_str(), MAX_BYTES)).unwrap_or_default();
    for (start, line) in lines(looked_at) {
        let kind = kind_of(line).or_else(|| (wants_title && line.chars().count() <= MAX_TITLE_CHARS).then_some(RegionKind::Title));
        let is_text = !matches!(kind, Some(RegionKind::Caption | RegionKind::Boilerplate));
        // Only the first line of the article itself can be its title.
        wants_title &= !is_text;
        let region = kind.zip(text.range(start, start + line.len()).ok()).map(|(kind, range)| Region { range, kind });
        proposed.extend(region.filter(|region| known.iter().all(|known| !known.range.overlaps(region.range))));
        if proposed.len() >= MAX_PROPOSED {
            break;
        }
    }
    proposed
}

/// The stable name of a proposal, under which it is turned down.
#[must_use]
pub fn proposal_name(region: &Region) -> String {
    format!("region {} {}", region.kind.name(), region.range.start())
}

/// Lines that are not blank, without the blanks around them, with the byte at which each begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut next = 0;
    let whole = text.split('\n').map(move |line| {
        let start = next;
        next += line.len() + 1;
        (start, line)
    });
    whole.filter_map(|(start, line)| {
        let begin = line.len() - line.trim_start().len();
        let trimmed = line.trim();
        (!trimmed.is_empty()).then_some((start + begin, trimmed))
    })
}

fn kind_of(line: &str) -> Option<RegionKind> {
    if line.chars().take(MAX_LINE_CHARS + 1).count() > MAX_LINE_CHARS {
        return None;
    }
    let line = line.to_lowercase();
    let begins = |patterns: &[&str]| patterns.iter().any(|pattern| begins_with(&line, pattern));
    if begins(&CAPTIONS) {
        Some(RegionKind::Caption)
    } else if begins(&BOILERPLATE) || ANYWHERE.iter().any(|pattern| line.contains(pattern)) || is_menu(&line) {
        Some(RegionKind::Boilerplate)
    } else {
        None
    }
}

/// `Home › News › City | Sign in`: at least three short entries between signs that stand between entries.
fn is_menu(line: &str) -> bool {
    let entries: Vec<&str> = line.split(['|', '›', '»', '·', '•']).map(str::trim).collect();
    entries.len() >= 3 && entries.iter().all(|entry| (1..=MAX_ENTRY_CHARS).contains(&entry.chars().count()))
}

/// Not in the middle of a word: “Subscribers” are people.
fn begins_with(line: &str, pattern: &str) -> bool {
    let rest = line.strip_prefix(pattern);
    rest.is_some_and(|rest| !pattern.ends_with(char::is_alphanumeric) || !rest.starts_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::Case;

    /// What is marked is proposed for the text without marks.
    #[track_caller]
    fn check(marked: &str) {
        let case = Case::new(marked);
        assert_eq!(propose_regions(case.text(), &[]), case.document().regions);
    }

    #[test]
    fn the_usual_patterns_are_proposed() {
        check(
            "[=title Bridge closed]\n\nIt is shut.\n[=caption Photo: Ann Lee]\nMore.\n[=boilerplate Read more: floods]\n[=boilerplate Copyright © 2025 Post]",
        );
        check("[=boilerplate Subscribe | Sign in]\r\n\r\n  [=title Bridge closed]  \r\nIt is shut.\r\n[=boilerplate © Post. All rights reserved.]");
        check("[=boilerplate Home › News › City | Subscribe | Sign in]\n[=title Bridge closed]\nIt is shut.");
        check("[=title Win, lose | draw: a season that nobody will forget]\nIt is over.");
        check("[=title Only a title]");
        check("");
    }

    #[test]
    fn sentences_are_no_boilerplate() {
        check("[=title Subscribers leave the paper]\nPhotographers protest. Copyright law is to change.");
        let long = "Copyright is at the heart of a dispute ".repeat(8);
        check(&format!("[=title A]\n{long}"));
        check(&format!("{long}\nB"));
    }

    #[test]
    fn nothing_is_proposed_where_something_is_marked() {
        let case = Case::new("[=caption Photo: Ann] Lee\nText\n[=title Bridge]");
        assert_eq!(propose_regions(case.text(), &case.document().regions), []);
    }

    #[test]
    fn only_the_first_line_can_be_the_title() {
        let case = Case::new("[=caption The bridge]\nIt was shut.\nRead more");
        let names: Vec<String> = propose_regions(case.text(), &case.document().regions).iter().map(proposal_name).collect();
        assert_eq!(names, ["region boilerplate 24"], "the first line plays another part");
    }
}
