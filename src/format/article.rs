//! From the bytes of a file to a document without annotations: shared by all readers of texts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{FormatError, Item, ReadOptions, Receiver, Source, Undecoded, base_name, read_all};
use crate::model::{Document, DocumentId, Finding, Severity};
use crate::text::Text;
use crate::text::decode::{DecodeError, Decoded, OFFERED, decode, decode_with, preview};
use crate::text::hidden::show_hidden;

/// Characters shown of a file whose encoding is in question.
const PREVIEW_CHARS: usize = 300;

/// A file's bytes and its text.
pub(super) struct DecodedFile {
    pub(super) bytes: Vec<u8>,
    pub(super) decoded: Decoded,
}

/// Decodes what is certain, and with the chosen encoding what is not.
pub(super) fn decode_chosen(bytes: &[u8], options: &ReadOptions) -> Result<Decoded, DecodeError> {
    match (decode(bytes), &options.encoding) {
        (Err(DecodeError::NotUtf8 { .. }), Some(encoding)) => decode_with(bytes, encoding),
        (result, _) => result,
    }
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
    match decode_chosen(&bytes, options) {
        Ok(decoded) => Ok(Some(DecodedFile { bytes, decoded })),
        Err(error) => {
            to.finding(Finding::new(Severity::Error, "encoding", describe(&error, &bytes)).in_file(name));
            if let DecodeError::NotUtf8 { guess, .. } = error {
                to.undecoded(Undecoded { file: name.to_owned(), guess, preview: preview(&bytes, guess, PREVIEW_CHARS) });
            }
            Ok(None)
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
    let DecodedFile { bytes, decoded } = file;
    let text = Text::new(decoded.text);
    let title = match Document::title_of(text.as_str()) {
        title if title.is_empty() => show_hidden(super::stem(base_name(name))),
        title => title,
    };
    let mut document = Document::new(&title, text.hash().clone());
    base_name(name).clone_into(&mut document.file_name);
    let original = (!decoded.decoding.is_verbatim()).then(|| Arc::from(bytes));
    document.decoding = decoded.decoding;
    Item { id: DocumentId::from_title(&title, options.ids.next_id()), document, text, original, sheets: BTreeMap::new() }
}
