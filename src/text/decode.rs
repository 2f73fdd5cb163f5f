//! From the bytes of a file to text, never silently.

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What decoding did; kept with the document.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decoding {
    /// The name of the encoding in the WHATWG standard, such as `UTF-8` or `windows-1252`.
    pub encoding: String,
    /// A byte order mark stood in front and is not part of the text.
    #[serde(default, skip_serializing_if = "is_false")]
    pub bom: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Decoding {
    /// UTF-8 without a mark: the text is the file.
    #[must_use]
    pub fn utf8() -> Self {
        Self { encoding: UTF_8.name().to_owned(), bom: false }
    }

    /// True when the file's bytes are the text's bytes.
    #[must_use]
    pub fn is_verbatim(&self) -> bool {
        *self == Self::utf8()
    }
}

/// Text made of bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decoded {
    /// The text, line ends and all as in the file.
    pub text: String,
    /// How it was read.
    pub decoding: Decoding,
}

/// Why bytes are not text without a question.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum DecodeError {
    /// Not UTF-8; a guess is offered and must be confirmed.
    #[error("byte {offset} is not UTF-8; it looks like {guess}")]
    NotUtf8 {
        /// The first byte that does not fit.
        offset: usize,
        /// The WHATWG name of the likely encoding.
        guess: &'static str,
    },
    /// A known file type, or bytes that no text has.
    #[error("it looks like {kind}, not text")]
    Binary {
        /// What it seems to be.
        kind: &'static str,
    },
    /// The encoding that was asked for does not exist.
    #[error("`{0}` is not an encoding known to the WHATWG standard")]
    UnknownEncoding(String),
    /// Four bytes a character, which nobody uses and the standard leaves out.
    #[error("it is UTF-32, which cannot be read")]
    Utf32,
    /// The bytes do not fit the encoding that was asked for.
    #[error("byte {offset} does not fit {encoding}: a character would be lost")]
    DoesNotFit {
        /// The first byte that does not fit.
        offset: usize,
        /// The WHATWG name.
        encoding: &'static str,
    },
}

/// Encodings offered beside the guess, common ones of news archives first.
pub const OFFERED: [&str; 12] =
    ["UTF-8", "windows-1252", "UTF-16LE", "UTF-16BE", "ISO-8859-2", "windows-1250", "windows-1251", "KOI8-R", "Shift_JIS", "EUC-JP", "GBK", "Big5"];

/// Decodes what is certain: UTF-8 with or without a mark, UTF-16 with a mark. Anything else is an error with a guess.
///
/// # Errors
/// [`DecodeError::Binary`] for files that are not text, [`DecodeError::NotUtf8`] with a guess otherwise.
pub fn decode(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    if is_utf32(bytes) {
        return Err(DecodeError::Utf32);
    }
    if let Some((encoding, bom_len)) = Encoding::for_bom(bytes) {
        return decode_as(bytes.get(bom_len..).unwrap_or_default(), encoding, Bom::Found);
    }
    if let Some(kind) = binary_kind(bytes) {
        return Err(DecodeError::Binary { kind });
    }
    if let Some(utf16) = guess_utf16(bytes) {
        return Err(DecodeError::NotUtf8 { offset: 0, guess: utf16.name() });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text: text.to_owned(), decoding: Decoding::utf8() }),
        Err(error) => Err(DecodeError::NotUtf8 { offset: error.valid_up_to(), guess: guess(bytes, error.valid_up_to()).name() }),
    }
}

/// A text, and the bytes that it was made of where they are not the text's.
pub type DecodedVec = (Decoded, Option<Vec<u8>>);

/// Like [`decode`], of bytes that are not copied where they are the text's. They come back where they are not.
///
/// # Errors
/// As [`decode`]; the bytes come back, too.
pub fn decode_vec(bytes: Vec<u8>) -> Result<DecodedVec, (DecodeError, Vec<u8>)> {
    let is_plain = Encoding::for_bom(&bytes).is_none() && binary_kind(&bytes).is_none() && guess_utf16(&bytes).is_none();
    let bytes = if is_plain {
        match String::from_utf8(bytes) {
            Ok(text) => return Ok((Decoded { text, decoding: Decoding::utf8() }, None)),
            Err(error) => error.into_bytes(),
        }
    } else {
        bytes
    };
    match decode(&bytes) {
        Ok(decoded) => Ok((decoded, Some(bytes))),
        Err(error) => Err((error, bytes)),
    }
}

/// Decodes with the encoding that somebody chose.
///
/// # Errors
/// When the name is unknown or a byte sequence has no meaning in the encoding; nothing is replaced silently.
pub fn decode_with(bytes: &[u8], name: &str) -> Result<Decoded, DecodeError> {
    let encoding = Encoding::for_label(name.as_bytes()).ok_or_else(|| DecodeError::UnknownEncoding(name.to_owned()))?;
    match Encoding::for_bom(bytes) {
        Some((found, bom_len)) if found == encoding => decode_as(bytes.get(bom_len..).unwrap_or_default(), encoding, Bom::Found),
        _ => decode_as(bytes, encoding, Bom::Missing),
    }
}

/// True for the first bytes of what is text without a doubt if all of it is UTF-8: there is no mark, and nothing that UTF-16 or a file
/// that is no text has.
#[must_use]
pub fn is_plain_start(head: &[u8]) -> bool {
    Encoding::for_bom(head).is_none() && binary_kind(head).is_none() && !head.contains(&0)
}

/// The first `chars` characters as they would look in an encoding, replacement characters included.
#[must_use]
pub fn preview(bytes: &[u8], name: &str, chars: usize) -> String {
    let head = bytes.get(..bytes.len().min(chars.saturating_mul(4))).unwrap_or_default();
    let encoding = Encoding::for_label(name.as_bytes()).unwrap_or(UTF_8);
    encoding.decode_without_bom_handling(head).0.chars().take(chars).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bom {
    Found,
    Missing,
}

impl Bom {
    fn len(self, encoding: &'static Encoding) -> usize {
        match self {
            Self::Missing => 0,
            Self::Found if encoding == UTF_8 => 3,
            Self::Found => 2,
        }
    }
}

fn decode_as(bytes: &[u8], encoding: &'static Encoding, bom: Bom) -> Result<Decoded, DecodeError> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    let text =
        text.ok_or_else(|| DecodeError::DoesNotFit { offset: first_misfit(bytes, encoding) + bom.len(encoding), encoding: encoding.name() })?;
    let decoding = Decoding { encoding: encoding.name().to_owned(), bom: bom == Bom::Found };
    Ok(Decoded { text: text.into_owned(), decoding })
}

/// The first byte that has no meaning in the encoding.
fn first_misfit(bytes: &[u8], encoding: &'static Encoding) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buffer = [0; 4096];
    let mut at = 0;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(rest, &mut buffer, true);
        at += read;
        match result {
            DecoderResult::Malformed(len, behind) => return at.saturating_sub(usize::from(len) + usize::from(behind)),
            DecoderResult::OutputFull => {}
            DecoderResult::InputEmpty => return at,
        }
    }
}

/// With its mark, or with nothing but zeros in three of four bytes. The little-endian mark begins like that of UTF-16.
fn is_utf32(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        return true;
    }
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let (units, _) = head.as_chunks::<4>();
    let all = |is_unit: fn(&[u8; 4]) -> bool| units.iter().all(is_unit);
    units.len() >= 4
        && bytes.len().is_multiple_of(4)
        && (all(|u| *u != [0; 4] && u.ends_with(&[0, 0])) || all(|u| *u != [0; 4] && u.starts_with(&[0, 0])))
}

/// Bytes that tell the encoding; more take long and tell no more.
const MAX_GUESS_BYTES: usize = 1 << 20;

/// `offset` is the first byte that is not UTF-8: what stands long before it says nothing.
fn guess(bytes: &[u8], offset: usize) -> &'static Encoding {
    let start = if bytes.len() > MAX_GUESS_BYTES { offset.saturating_sub(MAX_GUESS_BYTES / 2) } else { 0 };
    let bytes = bytes.get(start..bytes.len().min(start + MAX_GUESS_BYTES)).unwrap_or_default();
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Allow)
}

/// UTF-16 without a mark: nearly every second byte of Latin text is zero.
fn guess_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(4096))?;
    memchr::memchr(0, head)?;
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let half = head.len() / 2;
    if half < 2 {
        None
    } else if odd * 10 > half * 6 && even * 10 < half {
        Some(UTF_16LE)
    } else if even * 10 > half * 6 && odd * 10 < half {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// First bytes of files that people mistake for text.
const SIGNATURES: [(&[u8], &str); 12] = [
    (b"\x89PNG", "a PNG picture"),
    (b"\xFF\xD8\xFF", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive (or a Word, Excel or OpenDocument file)"),
    (b"\xD0\xCF\x11\xE0", "an old Word or Excel file"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"7z\xBC\xAF", "a 7-Zip archive"),
    (b"\x7FELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
];

fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    let known = SIGNATURES.iter().find(|(magic, _)| bytes.starts_with(magic));
    match known {
        // "MZ" may begin a text; a program holds zeros soon.
        Some((magic, kind)) => (magic.len() > 2 || bytes.iter().take(512).any(|b| *b == 0)).then_some(*kind),
        None => has_too_many_controls(bytes).then_some("a binary file"),
    }
}

/// A text may hold a NUL or another control character here and there; one in ten bytes is no text.
fn has_too_many_controls(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    let controls = head.iter().map(|byte| usize::from(is_control(byte))).sum::<usize>();
    controls * 10 > head.len() && guess_utf16(bytes).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (String, String, bool) {
        let d = decode(bytes).unwrap();
        (d.text, d.decoding.encoding, d.decoding.bom)
    }

    #[test]
    fn unicode_is_certain() {
        let is = |text: &str, name: &str, bom| (text.to_owned(), name.to_owned(), bom);
        assert_eq!(decoded("Zoë\r\n".as_bytes()), is("Zoë\r\n", "UTF-8", false));
        assert_eq!(decoded(b"\xEF\xBB\xBFhi"), is("hi", "UTF-8", true));
        assert_eq!(decoded(b"\xFF\xFEh\0i\0"), is("hi", "UTF-16LE", true));
        assert_eq!(decoded(b"\xFE\xFF\0h\0i"), is("hi", "UTF-16BE", true));
        assert_eq!(decoded(b""), is("", "UTF-8", false));
        assert_eq!(decoded(b"a\0b, a long enough text"), is("a\0b, a long enough text", "UTF-8", false));
    }

    #[test]
    fn other_encodings_are_only_guessed() {
        let error = decode(b"caf\xE9 au lait, d\xE9j\xE0 vu").unwrap_err();
        assert_eq!(error, DecodeError::NotUtf8 { offset: 3, guess: "windows-1252" });
        assert_eq!(decode_with(b"caf\xE9", "windows-1252").unwrap().text, "café");
        let utf16: Vec<u8> = "Straßenbahn fährt".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(matches!(decode(&utf16), Err(DecodeError::NotUtf8 { guess: "UTF-16LE", .. })));
        assert_eq!(decode_with(&utf16, "UTF-16LE").unwrap().text, "Straßenbahn fährt");
    }

    #[test]
    fn what_is_not_text_is_named() {
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\0\0"), Err(DecodeError::Binary { kind: "a PNG picture" }));
        assert_eq!(decode(&[0, 1, 2, 3, 0, 0, 9, 200]), Err(DecodeError::Binary { kind: "a binary file" }));
        assert!(decode(b"MZ is a label").is_ok());
    }

    #[test]
    fn nothing_is_replaced() {
        assert_eq!(decode_with(b"\x81\x8d", "UTF-8"), Err(DecodeError::DoesNotFit { offset: 0, encoding: "UTF-8" }));
        assert_eq!(decode(b"\xFF\xFEa\0\x3D\xD8b\0"), Err(DecodeError::DoesNotFit { offset: 4, encoding: "UTF-16LE" }));
        for mark in [true, false] {
            let utf32 = |bytes: fn(u32) -> [u8; 4]| -> Vec<u8> {
                "\u{feff}Zoë said".chars().skip(usize::from(!mark)).flat_map(|c| bytes(c.into())).collect()
            };
            assert_eq!(
                [utf32(u32::to_le_bytes), utf32(u32::to_be_bytes)].map(|bytes| decode(&bytes)),
                [Err(DecodeError::Utf32), Err(DecodeError::Utf32)]
            );
        }
        assert_eq!(decode_with(b"a", "nope"), Err(DecodeError::UnknownEncoding("nope".into())));
    }
}
