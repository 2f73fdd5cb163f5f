//! Lines that an import keeps aside as a whole, small enough to stay in memory with the document's fields: what stands beside
//! the words of a file of tokens is many times as long as they are, and nearly always the same.

use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::MAX_FILE_BYTES;

/// What stands in front, so that everybody sees what it is.
const SIGN: &str = "deflate+base64:";

/// True for what [`pack`] makes.
pub(super) fn is_packed(kept: &str) -> bool {
    kept.starts_with(SIGN)
}

/// Lines in a form to be kept.
pub(super) fn pack(lines: &str) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    let packed = encoder.write_all(lines.as_bytes()).and_then(|()| encoder.finish()).unwrap_or_default();
    let mut kept = SIGN.to_owned();
    STANDARD.encode_string(packed, &mut kept);
    kept
}

/// The lines again; none where something else was kept, or it is broken, or more than any file may have that is read as a whole.
pub(super) fn unpack(kept: &str) -> Option<String> {
    let packed = STANDARD.decode(kept.strip_prefix(SIGN)?).ok()?;
    let mut lines = String::new();
    let read = DeflateDecoder::new(packed.as_slice()).take(MAX_FILE_BYTES + 1).read_to_string(&mut lines).ok()?;
    (read as u64 <= MAX_FILE_BYTES).then_some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_lines_come_back_and_broken_ones_are_none() {
        let lines = "1\tBo\tBo\tPROPN\t_\n".repeat(500) + "é\n";
        let kept = pack(&lines);
        assert!(kept.len() * 20 < lines.len(), "{}", kept.len());
        assert_eq!(unpack(&kept).as_deref(), Some(lines.as_str()));
        assert_eq!(unpack(&pack("")).as_deref(), Some(""));
        for broken in ["", "{}", "deflate+base64:?", "deflate+base64:AAAA", kept.get(..kept.len() / 2).unwrap()] {
            assert_eq!(unpack(broken), None, "{broken}");
        }
    }
}
