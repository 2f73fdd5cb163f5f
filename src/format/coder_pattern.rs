//! Files of several annotators: their names say whose annotations they hold. One pass of the reader for each coder; what the
//! passes say about one text becomes one document with a sheet for each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, BufRead};
use std::str::FromStr;

use super::{Batch, Format, FormatError, Item, ReadOptions, Receiver, Source, Tables, Undecoded, extension, stem};
use crate::model::{CoderKey, Finding, Severity};
use crate::text::TextHash;

/// So many coders' files are told apart; a pattern that gives more takes something else for a name.
const MAX_CODERS: usize = 1000;

/// The end of a file's name with places for the coder and the document: `{coder}/{doc}.ann`, `{doc}.{coder}.ann`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CoderPattern {
    // The folders and the file, each in pieces. There is one coder and one document.
    parts: Vec<Vec<Piece>>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Piece {
    Literal(String),
    Coder,
    Document,
}

/// What a name says.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Named {
    coder: String,
    /// The document's name, with the folders before the pattern.
    document: String,
}

impl FromStr for CoderPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<Vec<Piece>> = text.split('/').map(pieces).collect();
        let count = |wanted: &Piece| parts.iter().flatten().filter(|piece| *piece == wanted).count();
        let has_both = (count(&Piece::Coder), count(&Piece::Document)) == (1, 1);
        let touches = |part: &Vec<Piece>| part.windows(2).any(|pair| pair.iter().all(|piece| !matches!(piece, Piece::Literal(_))));
        match has_both && !parts.iter().any(touches) {
            true => Ok(Self { parts }),
            false => Err(format!(
                "`{text}` is no pattern: it needs {{coder}} once and {{doc}} once, with something between, such as {{coder}}/{{doc}}.ann or {{doc}}.{{coder}}.ann"
            )),
        }
    }
}

fn pieces(part: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = part;
    while !rest.is_empty() {
        let next =
            [("{coder}", Piece::Coder), ("{doc}", Piece::Document)].into_iter().filter_map(|(name, piece)| Some((rest.find(name)?, name, piece)));
        match next.min_by_key(|(at, ..)| *at) {
            Some((0, name, piece)) => {
                pieces.push(piece);
                rest = rest.get(name.len()..).unwrap_or_default();
            }
            found => {
                let (literal, behind) = rest.split_at(found.map_or(rest.len(), |(at, ..)| at));
                pieces.push(Piece::Literal(literal.to_owned()));
                rest = behind;
            }
        }
    }
    pieces
}

impl fmt::Display for CoderPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let piece = |piece: &Piece| match piece {
            Piece::Literal(text) => text.clone(),
            Piece::Coder => "{coder}".to_owned(),
            Piece::Document => "{doc}".to_owned(),
        };
        let parts: Vec<String> = self.parts.iter().map(|part| part.iter().map(piece).collect()).collect();
        f.write_str(&parts.join("/"))
    }
}

impl CoderPattern {
    /// What the end of a name says; none where it does not fit.
    fn read(&self, name: &str) -> Option<Named> {
        let mut folders: Vec<&str> = name.split('/').collect();
        let ends = folders.split_off(folders.len().checked_sub(self.parts.len())?);
        let (mut coder, mut document) = (None, None);
        for (part, text) in self.parts.iter().zip(ends) {
            read_part(part, text, &mut coder, &mut document)?;
        }
        let (coder, document) = (coder?, document?);
        folders.push(document);
        Some(Named { coder: coder.to_owned(), document: folders.join("/") })
    }

    /// As `read`; a file of another kind, such as the text beside annotations, is named as those are.
    fn read_any(&self, name: &str) -> Option<Named> {
        let own = match self.parts.last().and_then(|part| part.last()) {
            Some(Piece::Literal(end)) => end.rsplit_once('.').map(|(_, own)| own),
            _ => None,
        };
        self.read(name).or_else(|| self.read(&format!("{}.{}", stem(name), own?)))
    }
}

/// Matches one folder or the file. The document takes as much as it can, the coder as little.
fn read_part<'n>(part: &[Piece], text: &'n str, coder: &mut Option<&'n str>, document: &mut Option<&'n str>) -> Option<()> {
    let (place, rest) = match part {
        [] => return text.is_empty().then_some(()),
        [Piece::Literal(literal), rest @ ..] => return read_part(rest, text.strip_prefix(literal.as_str())?, coder, document),
        [place, rest @ ..] => (place, rest),
    };
    let mut ends: Vec<usize> = match rest {
        [Piece::Literal(next), ..] => text.match_indices(next.as_str()).map(|(at, _)| at).collect(),
        _ => vec![text.len()],
    };
    if *place == Piece::Document {
        ends.reverse();
    }
    ends.into_iter().filter(|end| *end > 0).find_map(|end| {
        let (taken, behind) = text.split_at_checked(end)?;
        read_part(rest, behind, coder, document)?;
        *(if *place == Piece::Coder { &mut *coder } else { &mut *document }) = Some(taken);
        Some(())
    })
}

/// Some files of a source, under other names.
pub(super) struct View<'s> {
    pub(super) source: &'s dyn Source,
    /// What each is called here, and in the source.
    pub(super) names: BTreeMap<String, String>,
}

impl Source for View<'_> {
    fn names(&self) -> Vec<String> {
        self.names.keys().cloned().collect()
    }

    fn open<'s>(&'s self, name: &str) -> io::Result<Box<dyn BufRead + 's>> {
        match self.names.get(name) {
            Some(name) => self.source.open(name),
            None => Err(io::Error::from(io::ErrorKind::NotFound)),
        }
    }

    fn size(&self, name: &str) -> Option<u64> {
        self.names.get(name).and_then(|name| self.source.size(name))
    }
}

/// Reads the files of a format, each coder's for itself where [`ReadOptions::coder_pattern`] says how they are named.
///
/// # Errors
/// As the reader, and for a format that is not read.
pub fn read_by_pattern(format: &Format, source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let Some(reader) = format.reader else {
        let why = "it can only be exported".to_owned();
        return Err(FormatError::NotThisFormat { file: format.name.to_owned(), format: format.title, why });
    };
    let Some(pattern) = options.coder_pattern.clone() else {
        return reader(source, options, to);
    };
    let passes = Passes::new(&pattern, format, &source.names());
    if passes.coders.is_empty() || passes.coders.len() > MAX_CODERS {
        let message = format!("no name of a file fits the pattern {pattern}, or far too many do; all files were read as those of {}", options.coder);
        to.finding(Finding::new(Severity::Warning, "coders-from", message));
        return reader(source, options, to);
    }
    let own = options.coder.clone();
    let mut gathered = Gathered::default();
    for (coder, names) in passes.into_views(&own) {
        options.coder = coder;
        let mut batch = Batch::default();
        reader(&View { source, names }, options, &mut batch)?;
        options.known.add_missing(batch.tables.clone());
        gathered.add(batch);
    }
    options.coder = own;
    gathered.hand_over(to);
    Ok(())
}

/// Which file is read with which.
struct Passes {
    coders: BTreeMap<CoderKey, BTreeMap<String, String>>,
    /// Files of nobody that are read with everybody's: texts, configurations.
    shared: BTreeMap<String, String>,
    /// Files of nobody that are read once.
    others: BTreeMap<String, String>,
}

impl Passes {
    fn new(pattern: &CoderPattern, format: &Format, names: &[String]) -> Self {
        let mut passes = Self { coders: BTreeMap::new(), shared: BTreeMap::new(), others: BTreeMap::new() };
        for name in names {
            let extension = extension(name);
            let is_annotations = format.extensions.contains(&extension.as_str());
            let named = if is_annotations { pattern.read(name) } else { pattern.read_any(name) };
            match named {
                Some(named) => {
                    let shown =
                        if named.document.ends_with(&format!(".{extension}")) { named.document } else { format!("{}.{extension}", named.document) };
                    passes.coders.entry(CoderKey::from_name(&named.coder)).or_default().insert(shown, name.clone());
                }
                None if is_annotations => drop(passes.others.insert(name.clone(), name.clone())),
                None => drop(passes.shared.insert(name.clone(), name.clone())),
            }
        }
        // A text beside no annotations of the coder whom its name seems to say is everybody's: `a.b.txt` with `{doc}.{coder}.ann`.
        let is_annotations = |name: &String| format.extensions.contains(&extension(name).as_str());
        let texts_only: Vec<CoderKey> =
            passes.coders.iter().filter(|(_, names)| !names.values().any(is_annotations)).map(|(coder, _)| coder.clone()).collect();
        for coder in texts_only {
            let names = passes.coders.remove(&coder).unwrap_or_default();
            passes.shared.extend(names.into_values().map(|name| (name.clone(), name)));
        }
        passes
    }

    fn into_views(self, own: &CoderKey) -> Vec<(CoderKey, BTreeMap<String, String>)> {
        let Self { coders, shared, others } = self;
        let with_shared = |mut names: BTreeMap<String, String>| {
            for (shown, name) in &shared {
                names.entry(shown.clone()).or_insert_with(|| name.clone());
            }
            names
        };
        let mut views: Vec<_> = coders.into_iter().map(|(coder, names)| (coder, with_shared(names))).collect();
        if !others.is_empty() {
            views.push((own.clone(), with_shared(others)));
        }
        views
    }
}

/// What the passes bring, each document once.
#[derive(Default)]
struct Gathered {
    tables: Tables,
    items: Vec<Item>,
    by_text: BTreeMap<(TextHash, String), usize>,
    findings: Vec<Finding>,
    said: BTreeSet<(String, Option<usize>, String)>,
    undecoded: Vec<Undecoded>,
}

impl Gathered {
    fn add(&mut self, batch: Batch) {
        self.tables.add_missing(batch.tables);
        for item in batch.items {
            let key = (item.text.hash().clone(), item.document.file_name.clone());
            let known = self.by_text.get(&key).and_then(|index| self.items.get_mut(*index));
            match known {
                Some(known) => {
                    for (coder, sheet) in item.sheets {
                        known.sheets.entry(coder).or_insert(sheet);
                    }
                }
                None => {
                    self.by_text.insert(key, self.items.len());
                    self.items.push(item);
                }
            }
        }
        for finding in batch.findings {
            if self.said.insert((finding.file.clone(), finding.line, finding.message.clone())) {
                self.findings.push(finding);
            }
        }
        for undecoded in batch.undecoded {
            if !self.undecoded.contains(&undecoded) {
                self.undecoded.push(undecoded);
            }
        }
    }

    fn hand_over(self, to: &mut dyn Receiver) {
        to.tables(self.tables);
        self.items.into_iter().for_each(|item| to.item(item));
        self.findings.into_iter().for_each(|finding| to.finding(finding));
        self.undecoded.into_iter().for_each(|undecoded| to.undecoded(undecoded));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, name: &str, expected: Option<(&str, &str)>) {
        let read: CoderPattern = pattern.parse().unwrap();
        assert_eq!(read.to_string(), pattern);
        assert_eq!(read.read(name), expected.map(|(coder, document)| Named { coder: coder.into(), document: document.into() }), "{pattern} {name}");
    }

    #[test]
    fn names_say_coder_and_document() {
        check("{coder}/{doc}.ann", "news/ann/a.b.ann", Some(("ann", "news/a.b")));
        check("{doc}.{coder}.ann", "news/a.b.bob.ann", Some(("bob", "news/a.b")));
        check("{doc}.{coder}.ann", "news/a.ann", None);
        check("{coder}-{doc}.ann", "bob-a-b.ann", Some(("bob", "a-b")));
        check("annotator_{coder}/final/{doc}", "x/annotator_7/final/d.conll", Some(("7", "x/d.conll")));
        check("{coder}/{doc}.ann", "a.ann", None);
        check("{coder}/{doc}.ann", "ann/a.txt", None);
        check("{doc}_v{coder}", "a_v_v2", Some(("2", "a_v")));
        let text = "{doc}.{coder}.ann".parse::<CoderPattern>().unwrap();
        assert_eq!(text.read_any("a.bob.txt"), Some(Named { coder: "bob".into(), document: "a".into() }));
        for wrong in ["", "{doc}.ann", "{coder}{doc}", "{coder}/{coder}/{doc}", "{doc}/{doc}/{coder}"] {
            assert!(wrong.parse::<CoderPattern>().is_err(), "{wrong}");
        }
    }
}
