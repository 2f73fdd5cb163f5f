//! Puts mentions together from their brackets.

use std::collections::BTreeMap;
use std::ops::Range;

use super::brackets::{Bracket, brackets, parts};

/// So many brackets may be open at a time.
const MAX_OPEN: usize = 1000;

/// A mention with the words of its pieces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Mention<'f> {
    /// The id of its entity.
    pub(super) id: &'f str,
    /// What stands behind the id, with `-` between.
    pub(super) attributes: &'f str,
    pub(super) pieces: Vec<Range<usize>>,
}

/// Mentions while the words are read.
#[derive(Debug, Default)]
pub(super) struct Assembly<'f> {
    // Ids with their part, attributes, and the word of the bracket.
    open: Vec<(&'f str, &'f str, usize)>,
    waiting: BTreeMap<(&'f str, usize), Vec<Mention<'f>>>,
    /// Those that are complete, with the word at which they end.
    pub(super) done: Vec<Mention<'f>>,
}

impl<'f> Assembly<'f> {
    /// Takes in what stands at a word.
    ///
    /// # Errors
    /// Says what is wrong with a bracket; the others are taken.
    pub(super) fn take(&mut self, value: &'f str, word: usize) -> Result<(), String> {
        let mut wrong = Ok(());
        for bracket in brackets(value).ok_or_else(|| "its brackets make no sense".to_owned())? {
            match bracket {
                Bracket::Single(content) => {
                    let (id, attributes) = content.split_once('-').unwrap_or((content, ""));
                    wrong = wrong.and(self.add(id, attributes, word..word + 1));
                }
                Bracket::Open(_) if self.open.len() >= MAX_OPEN => wrong = Err(format!("more than {MAX_OPEN} brackets are open")),
                Bracket::Open(content) => {
                    let (id, attributes) = content.split_once('-').unwrap_or((content, ""));
                    self.open.push((id, attributes, word));
                }
                Bracket::Close(content) => {
                    let id = content.split('-').next().unwrap_or_default();
                    match self.open.iter().rposition(|(open, ..)| *open == id) {
                        Some(index) => {
                            let (id, attributes, start) = self.open.remove(index);
                            wrong = wrong.and(self.add(id, attributes, start..word + 1));
                        }
                        None => wrong = Err(format!("`{id})` closes a mention that was not opened")),
                    }
                }
            }
        }
        wrong
    }

    fn add(&mut self, id: &'f str, attributes: &'f str, words: Range<usize>) -> Result<(), String> {
        let (id, part) = parts(id);
        let Some((part, of)) = part.filter(|(_, of)| *of > 1) else {
            self.done.push(Mention { id, attributes, pieces: vec![words] });
            return Ok(());
        };
        let waiting = self.waiting.entry((id, of)).or_default();
        if part == 1 {
            waiting.push(Mention { id, attributes, pieces: vec![words] });
            return Ok(());
        }
        match waiting.last_mut() {
            Some(mention) => mention.pieces.push(words),
            None => return Err(format!("the first piece of `{id}` is missing")),
        }
        if part == of {
            self.done.extend(waiting.pop());
        }
        Ok(())
    }

    /// The end of the document: how many brackets are still open. Mentions whose last pieces are missing have the others.
    pub(super) fn end(&mut self) -> usize {
        let waiting = std::mem::take(&mut self.waiting).into_values().flatten();
        self.done.extend(waiting);
        std::mem::take(&mut self.open).len()
    }
}
