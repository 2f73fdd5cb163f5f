//! Which files of an export are read together, and as whose: the counterpart of `coder_files` and of the folders that a
//! writer makes for coders.

use std::collections::BTreeMap;

use super::{Part, Written};
use crate::format::coder_files::names_by_coder;
use crate::format::coder_pattern::View;
use crate::format::{Layout, Source, WriteOptions, base_name, extension, stem};
use crate::model::{CoderKey, DocumentId};

/// Names as the reader sees them, and in the source.
type Names = BTreeMap<String, String>;

/// The files of each coder with those of nobody, such as configurations; the rest as nobody's.
pub(super) fn views<'s>(
    written: &Written<'_>,
    part: &Part,
    names: &[String],
    source: &'s dyn Source,
    options: &WriteOptions,
) -> Vec<(Option<CoderKey>, View<'s>)> {
    let own = WriteOptions { file_name: part.file_name.clone(), ..options.clone() };
    let by_coder = if options.coders.len() > 1 { names_by_coder(&own) } else { Vec::new() };
    let is_one_file = written.format.layout == Layout::File;
    let mut of_coders: BTreeMap<CoderKey, Names> = BTreeMap::new();
    let (mut shared, mut others) = (Names::new(), Names::new());
    for name in names {
        let Some(shown) = name.strip_prefix(part.folder.as_str()) else { continue };
        let in_folder =
            || shown.split_once('/').and_then(|(folder, rest)| Some((options.coders.iter().find(|coder| coder.as_str() == folder)?, rest)));
        let coder = by_coder.iter().find(|(_, file)| is_one_file && file == shown).and_then(|(coder, _)| coder.clone());
        let by_ending = || if is_one_file || is_document(written, shown) { None } else { by_ending(shown, options) };
        let plain;
        let (names, shown) = match (coder, in_folder()) {
            (Some(coder), _) => (of_coders.entry(coder).or_default(), shown),
            (None, Some((coder, rest))) if options.coders.len() > 1 => (of_coders.entry(coder.clone()).or_default(), rest),
            (None, None) if let Some((coder, name)) = by_ending() => {
                plain = name;
                (of_coders.entry(coder).or_default(), plain.as_str())
            }
            _ if is_one_file && shown != part.file_name => continue,
            _ if is_document(written, shown) || is_one_file => (&mut others, shown),
            _ => (&mut shared, shown),
        };
        names.insert(shown.to_owned(), name.clone());
    }
    let of_nobody = if of_coders.is_empty() || !others.is_empty() { Some((None, others)) } else { None };
    let all = of_coders.into_iter().map(|(coder, names)| (Some(coder), names)).chain(of_nobody);
    let with_shared = |mut names: Names| {
        names.extend(shared.iter().map(|(shown, name)| (shown.clone(), name.clone())));
        View { source, names }
    };
    all.map(|(coder, names)| (coder, with_shared(names))).collect()
}

/// A coder's file in a folder of all: `labels.alice.tsv` is `labels.tsv` as alice sees it.
fn by_ending(name: &str, options: &WriteOptions) -> Option<(CoderKey, String)> {
    let before = |coder: &CoderKey| stem(name).strip_suffix(coder.as_str())?.strip_suffix('.').map(str::to_owned);
    let coders = options.coders.iter().filter(|_| options.coders.len() > 1);
    let found = coders.filter_map(|coder| Some((coder.clone(), before(coder)?))).min_by_key(|(_, before)| before.len());
    found.map(|(coder, before)| (coder, format!("{before}.{}", extension(name))))
}

fn is_document(written: &Written<'_>, name: &str) -> bool {
    DocumentId::new(stem(base_name(name))).is_ok_and(|id| written.by_id.contains_key(&id))
}
