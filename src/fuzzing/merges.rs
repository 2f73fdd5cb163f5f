//! Merging three versions of a file, as git asks for it.

use super::checks::check_store_error;
use super::parts;
use crate::store::files::{read_document, read_entities, read_project, read_sheet};
use crate::store::layout::{FileKind, kind_of};
use crate::store::merge::merge as merge_versions;
use crate::store::project::parse_schema;
use crate::text::Text;

/// The file's path in the project, the base (may be empty), ours, theirs.
pub(super) fn merge(data: &[u8]) {
    let [path, base, ours, theirs] = parts(data);
    let path: String = String::from_utf8_lossy(path).chars().take(200).collect();
    let base = Some(base).filter(|base| !base.trim_ascii().is_empty());
    let merged = merge_versions(&path, base, [ours, theirs]);
    let swapped = merge_versions(&path, base, [theirs, ours]);
    match (merged, swapped) {
        (Ok(merged), Ok(swapped)) => {
            assert_eq!(merged, swapped, "the order of the sides matters");
            read_again(&path, &merged.content);
            let notes: usize = merged.notes.iter().map(String::len).sum();
            assert!(notes <= 16 * (data.len() + 1024), "{notes} bytes of notes");
        }
        (Err(one), Err(other)) => [one, other].iter().for_each(check_store_error),
        (one, other) => panic!("only one order can be merged: {one:?} {other:?}"),
    }
}

/// A reader takes what was merged as a whole.
fn read_again(path: &str, content: &str) {
    let inner = path.match_indices('/').filter_map(|(at, _)| path.get(at + 1..));
    match std::iter::once(path).chain(inner).find_map(kind_of).unwrap() {
        FileKind::Project => drop(read_project(content).unwrap()),
        FileKind::Schema => drop(parse_schema(content).unwrap()),
        FileKind::Entities(_) => assert!(!read_entities(path, content).unwrap().is_salvaged),
        FileKind::Fields(id, _) => drop(read_document(path, content, &id, None, &mut Vec::new()).unwrap()),
        FileKind::Sheet(key, _) => assert!(!read_sheet(path, content, &key, &Text::new("")).unwrap().is_salvaged),
    }
}
