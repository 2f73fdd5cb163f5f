//! One record as bytes.

use std::path::{Path, PathBuf};

/// What a record says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A transaction was applied.
    Apply,
    /// The last one was taken back; the payload is what was applied to do so.
    Undo,
    /// And brought back.
    Redo,
    /// The step that undo would take back was dropped.
    SkipUndo,
    /// The step that redo would bring back was dropped.
    SkipRedo,
    /// A transaction was applied that undo does not take back, such as a new coder.
    Quiet,
    /// The files are about to be replaced; the payload says which, from what to what.
    CheckpointBegin,
    /// The files hold everything up to the record that the payload names.
    CheckpointDone,
    /// A transaction was applied that is taken back together with the step before it.
    Join,
    /// The last part of a step was taken back, and others were not; the payload is what was applied to do so.
    UndoPart,
    /// And the first part that is not there brought back.
    RedoPart,
}

// A kind's code is its place here: new ones come last, so that old journals keep their meaning.
const KINDS: [Kind; 11] = [
    Kind::Apply,
    Kind::Undo,
    Kind::Redo,
    Kind::SkipUndo,
    Kind::SkipRedo,
    Kind::Quiet,
    Kind::CheckpointBegin,
    Kind::CheckpointDone,
    Kind::Join,
    Kind::UndoPart,
    Kind::RedoPart,
];

impl Kind {
    fn code(self) -> u8 {
        KINDS.iter().position(|kind| *kind == self).map_or(0, |at| at as u8 + 1)
    }

    fn from_code(code: u8) -> Option<Self> {
        KINDS.get(usize::from(code).checked_sub(1)?).copied()
    }

    /// True when the payload is a transaction that changes data.
    pub(crate) fn changes_data(self) -> bool {
        matches!(self, Self::Apply | Self::Undo | Self::Redo | Self::Quiet | Self::Join | Self::UndoPart | Self::RedoPart)
    }
}

/// The number in [`MAGIC`].
pub(super) const VERSION: u32 = 1;
/// The first bytes of every journal file.
pub(super) const MAGIC: &[u8] = b"manicule journal 1\n";
/// Bytes before the payload.
pub(super) const HEADER_LEN: usize = 25;
/// Longer ones are damage.
const MAX_PAYLOAD: u32 = 1 << 30;

/// What stands before a payload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Header {
    pub(super) len: u32,
    crc: u32,
    pub(super) generation: u64,
    pub(super) sequence: u64,
    pub(super) kind: Kind,
}

impl Header {
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (len, rest) = bytes.split_first_chunk::<4>()?;
        let (crc, rest) = rest.split_first_chunk::<4>()?;
        let (generation, rest) = rest.split_first_chunk::<8>()?;
        let (sequence, rest) = rest.split_first_chunk::<8>()?;
        let header = Self {
            len: u32::from_le_bytes(*len),
            crc: u32::from_le_bytes(*crc),
            generation: u64::from_le_bytes(*generation),
            sequence: u64::from_le_bytes(*sequence),
            kind: Kind::from_code(*rest.first()?)?,
        };
        (header.len <= MAX_PAYLOAD).then_some(header)
    }

    pub(super) fn fits(&self, payload: &[u8]) -> bool {
        payload.len() == self.len as usize && crc(self.len, self.generation, self.sequence, self.kind, payload) == self.crc
    }
}

/// None when the payload is too long.
pub(super) fn encode(generation: u64, sequence: u64, kind: Kind, payload: &[u8]) -> Option<Vec<u8>> {
    let len = u32::try_from(payload.len()).ok().filter(|len| *len <= MAX_PAYLOAD)?;
    let mut bytes = Vec::with_capacity(HEADER_LEN + payload.len());
    bytes.extend(len.to_le_bytes());
    bytes.extend(crc(len, generation, sequence, kind, payload).to_le_bytes());
    bytes.extend(generation.to_le_bytes());
    bytes.extend(sequence.to_le_bytes());
    bytes.push(kind.code());
    bytes.extend(payload);
    Some(bytes)
}

fn crc(len: u32, generation: u64, sequence: u64, kind: Kind, payload: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&len.to_le_bytes());
    crc.update(&generation.to_le_bytes());
    crc.update(&sequence.to_le_bytes());
    crc.update(&[kind.code()]);
    crc.update(payload);
    crc.finalize()
}

pub(super) fn journal_path(dir: &Path, generation: u64) -> PathBuf {
    dir.join(format!("{generation:016}.journal"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let bytes = encode(3, 7, Kind::Undo, b"payload").unwrap();
        let is_good = |bytes: &[u8]| {
            let header = Header::decode(bytes).filter(|h| h.generation == 3 && h.sequence == 7);
            header.is_some_and(|h| h.fits(bytes.get(HEADER_LEN..).unwrap_or_default()))
        };
        assert!(is_good(&bytes));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!is_good(&flipped), "bit {bit}");
        }
        assert!((0..bytes.len()).all(|len| !is_good(&bytes[..len])));
    }
}
