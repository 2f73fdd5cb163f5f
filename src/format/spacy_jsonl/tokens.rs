//! Tokens that came with a record. They are those of another program's tokenizer, and models are trained on them: an export gives
//! them back where every mark begins and ends with one of them. Ours say that they are ours, and are made anew each time.

use serde_json::{Map, Value, json};

use super::FORMAT;
use crate::format::Item;
use crate::format::counting::View;
use crate::format::packed_lines::{pack, unpack};
use crate::format::place::Places;
use crate::format::tokens::Token;
use crate::text::{Text, TextRange};

/// The member that says who has made the tokens of a record.
pub(super) const MAKER: &str = "_tokenizer";
/// Who we are there.
pub(super) const OURS: &str = "manicule";
/// Under which name they are kept.
const KEPT: &str = "tokens";

/// Begin and end in bytes, whether a space follows, and what else was said of it.
struct KeptToken {
    start: usize,
    end: usize,
    has_space: bool,
    rest: Map<String, Value>,
}

/// Tokens as they are kept: one a line, the bytes between it and the one before, its own, and whether a space follows; further
/// members behind that. None where they are not in order, or not at their places in the text.
pub(super) fn to_keep(tokens: &str, text: &Text, view: &View<'_>) -> Option<String> {
    let rows: Vec<Map<String, Value>> = serde_json::from_str(tokens).ok()?;
    let (mut lines, mut before) = (String::new(), 0);
    for (number, mut row) in rows.into_iter().enumerate() {
        let mut offset = |name: &str| row.remove(name)?.as_u64().and_then(|offset| view.to_byte(usize::try_from(offset).ok()?));
        let (start, end) = (offset("start")?, offset("end")?);
        let is_there = text.as_str().get(start..end).is_some_and(|word| row.remove("text").is_none_or(|said| said == word));
        if !is_there || start < before || row.remove("id").is_some_and(|id| id != number) {
            return None;
        }
        let has_space = row.remove("ws").is_some_and(|ws| ws == true);
        let rest = if row.is_empty() { String::new() } else { format!(" {}", Value::Object(row)) };
        lines.push_str(&format!("{} {} {}{rest}\n", start - before, end - start, u8::from(has_space)));
        before = end;
    }
    (!lines.is_empty()).then(|| pack(&lines))
}

/// Puts them to what else is kept of a record.
pub(super) fn keep(item: &mut Item, tokens: String) {
    let residue = item.document.residue.entry(FORMAT.name.to_owned()).or_default();
    let mut rest: Map<String, Value> = serde_json::from_str(residue).unwrap_or_default();
    rest.insert(KEPT.to_owned(), tokens.into());
    *residue = Value::Object(rest).to_string();
}

/// Those that were kept, taken out of what else was; none where the text is another one now.
fn kept(rest: &mut Map<String, Value>, text: &str) -> Option<Vec<KeptToken>> {
    let Value::String(packed) = rest.remove(KEPT)? else { return None };
    let mut end = 0;
    let token = |line: &str| {
        let mut parts = line.splitn(4, ' ');
        let start = parts.next()?.parse::<usize>().ok()?.checked_add(end)?;
        end = parts.next()?.parse::<usize>().ok()?.checked_add(start)?;
        text.get(start..end)?;
        let has_space = parts.next()? == "1";
        let rest = parts.next().map_or(Some(Map::new()), |rest| serde_json::from_str(rest).ok())?;
        Some(KeptToken { start, end, has_space, rest })
    };
    unpack(&packed)?.lines().map(token).collect()
}

/// Tokens of a record, and how they are written.
pub(super) struct Given {
    pub(super) tokens: Vec<Token>,
    pub(super) json: Value,
}

/// What became of tokens that came with a record.
pub(super) enum Fate {
    /// There were none.
    None,
    Kept(Given),
    /// The text or the marks are others now.
    Changed,
}

/// The tokens that were kept of a record, where they still fit.
pub(super) fn given(rest: &mut Map<String, Value>, text: &Text, places: &Places<'_>, mut marks: impl Iterator<Item = TextRange>) -> Fate {
    if !rest.contains_key(KEPT) {
        return Fate::None;
    }
    let Some(kept) = kept(rest, text.as_str()) else { return Fate::Changed };
    let tokens: Vec<Token> = kept.iter().map(|token| Token { start: token.start, end: token.end, has_space: token.has_space }).collect();
    let fits = |mark: TextRange| crate::format::tokens::span_of(&tokens, mark).is_some();
    let is_whole = |end: usize| text.as_str().get(end..).is_some_and(|rest| rest.trim().is_empty());
    if !marks.all(fits) || !is_whole(kept.last().map_or(0, |token| token.end)) {
        return Fate::Changed;
    }
    let mut walk = places.walk();
    let row = |(number, mut token): (usize, KeptToken)| {
        let place = walk.place(token.start, token.end).ok()?;
        let mut row = Map::new();
        for (name, value) in [("text", json!(place.quote)), ("start", place.start.into()), ("end", place.end.into()), ("id", number.into())] {
            row.insert(name.to_owned(), value);
        }
        row.insert("ws".to_owned(), token.has_space.into());
        row.append(&mut token.rest);
        Some(Value::Object(row))
    };
    match kept.into_iter().enumerate().map(row).collect::<Option<Vec<Value>>>() {
        Some(rows) => Fate::Kept(Given { tokens, json: rows.into() }),
        None => Fate::Changed,
    }
}
