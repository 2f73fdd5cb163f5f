//! From the bytes of a file to a document without annotations: shared by all readers of texts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{FormatError, Item, ReadOptions, Receiver, Source, Undecoded, base_name, read_all};
use crate::model::{Document, DocumentId, Finding, Severity};
use crate::text::Text;
use crate::text::decode::{DecodeError, Decoded, Decoding, OFFERED, decode_vec, decode_with, preview};
use crate::text::hidden::show_hidden;

/// Characters shown of a file whose encoding is in question.
const PREVIEW_CHARS: usize = 300;

/// A file's text, and its bytes where they are not the text's.
pub(super) struct DecodedFile {
    pub(super) original: Option<Vec<u8>>,
    pub(super) decoded: Decoded,
}

/// Decodes what is certain, and with the chosen encoding what is not.
pub(super) fn decode_chosen(bytes: Vec<u8>, options: &ReadOptions) -> Result<DecodedFile, (DecodeError, Vec<u8>)> {
    let (decoded, original) = match (decode_vec(bytes), &options.encoding) {
        (Err((DecodeError::NotUtf8 { .. }, bytes)), Some(encoding)) => match decode_with(&bytes, encoding) {
            Ok(decoded) => (decoded, Some(bytes)),
            Err(error) => return Err((error, bytes)),
        },
        (result, _) => result?,
    };
    Ok(DecodedFile { original, decoded })
}

/// A file as text. None when it is not text or somebody must choose an encoding first; that is a finding.
pub(super) fn decode_or_ask(
    source: &dyn Source,
    name: &str,
    options: &ReadOptions,
    to: &mut dyn Receiver,
) -> Result<Option<DecodedFile>, FormatError> {
    let bytes = match read_all(source, name) {
        Ok(bytes) => bytes,
        Err(error) => {
            to.finding(error.to_finding());
            return Ok(None);
        }
    };
    Ok(decode_chosen(bytes, options).map_err(|error| ask(name, error, to)).ok())
}

/// Says why a file was not imported.
fn ask(name: &str, (error, bytes): (DecodeError, Vec<u8>), to: &mut dyn Receiver) {
    to.finding(Finding::new(Severity::Error, "encoding", describe(&error, &bytes)).in_file(name));
    if let DecodeError::NotUtf8 { guess, .. } = error {
        to.undecoded(Undecoded { file: name.to_owned(), guess, preview: preview(&bytes, guess, PREVIEW_CHARS) });
    }
}

/// A file of annotations as text: what its words stand for may be controls, which would make any other file look binary.
pub(super) fn decode_annotations(bytes: Vec<u8>, options: &ReadOptions) -> Result<DecodedFile, (DecodeError, Vec<u8>)> {
    match decode_chosen(bytes, options) {
        Err((DecodeError::Binary { kind }, bytes)) => match String::from_utf8(bytes) {
            Ok(text) => Ok(DecodedFile { original: None, decoded: Decoded { text, decoding: Decoding::utf8() } }),
            Err(error) => Err((DecodeError::Binary { kind }, error.into_bytes())),
        },
        result => result,
    }
}

/// As [`decode_or_ask`], for a file of annotations.
pub(super) fn annotations_or_ask(source: &dyn Source, name: &str, options: &ReadOptions, to: &mut dyn Receiver) -> Option<DecodedFile> {
    match read_all(source, name) {
        Ok(bytes) => decode_annotations(bytes, options).map_err(|error| ask(name, error, to)).ok(),
        Err(error) => {
            to.finding(error.to_finding());
            None
        }
    }
}

fn describe(error: &DecodeError, bytes: &[u8]) -> String {
    match error {
        DecodeError::NotUtf8 { guess, .. } => {
            let start = preview(bytes, guess, 80);
            format!("{error}. It was not imported; choose its encoding and import it again. In {guess} it begins “{}”", start.trim())
        }
        DecodeError::Binary { .. } => format!("{error}. It was not imported; import the text that it holds as a file of its own"),
        DecodeError::Utf32 => format!("{error}. It was not imported; save it as UTF-8 and import it again"),
        DecodeError::UnknownEncoding(_) => {
            format!("{error}. It was not imported; choose one such as {}", OFFERED.get(..3).unwrap_or_default().join(", "))
        }
        DecodeError::DoesNotFit { .. } => format!("{error}. It was not imported; choose another encoding, or save it as UTF-8"),
    }
}

/// A document whose text is a whole file. The bytes are kept where they are not the text's.
pub(super) fn article(name: &str, file: DecodedFile, options: &mut ReadOptions) -> Item {
    let DecodedFile { original, decoded } = file;
    let text = Text::new(decoded.text);
    let title = match Document::title_of(text.as_str()) {
        title if title.is_empty() => show_hidden(super::stem(base_name(name))),
        title => title,
    };
    let mut document = Document::new(&title, text.hash().clone());
    base_name(name).clone_into(&mut document.file_name);
    let original = original.filter(|_| !decoded.decoding.is_verbatim()).map(Arc::from);
    document.decoding = decoded.decoding;
    let named = if options.named_by_file { super::stem(base_name(name)) } else { &title };
    Item { id: DocumentId::from_title(named, options.ids.next_id()), document, text, original, sheets: BTreeMap::new() }
}
