//! A damaged file and the good copy that stands for it.

use super::disk::is_link;
use super::kept::Compared;
use super::layout::StateDir;
use super::{Disk, Folder, Kept, Stamp, StoreError};
use crate::model::{Finding, Severity};

/// A file to be brought back.
#[derive(Clone, Debug)]
pub(crate) struct Mend {
    pub(crate) path: String,
    /// What is there; none where it is gone.
    pub(crate) broken: Option<Vec<u8>>,
    pub(crate) good: Vec<u8>,
    /// The good copy is what was last saved on this machine, so nothing is lost; else it is from the last backup.
    pub(crate) is_saved_here: bool,
}

impl Mend {
    /// The good copy of a file that is not as it was saved; none where there is none, or it is the same.
    pub(crate) fn find(kept: &Kept, path: &str, broken: Option<&[u8]>) -> Option<Self> {
        let compared = kept.compare(path, broken.map(Stamp::of));
        if compared == Compared::AsSaved {
            return None;
        }
        let good = kept.last_saved(path).filter(|good| Some(good.as_slice()) != broken)?;
        Some(Self { path: path.to_owned(), broken: broken.map(<[u8]>::to_vec), good, is_saved_here: compared != Compared::Unknown })
    }

    /// Says what happened.
    pub(crate) fn finding(&self) -> Finding {
        let loss =
            if self.is_saved_here { "The last good copy was opened instead: nothing lost" } else { "The copy of the last backup was opened instead" };
        let message = format!("damaged ({}). {loss}", self.damage());
        Finding::new(Severity::Warning, "damaged", message).in_file(&self.path)
    }

    /// Puts the good copy in its place. The damaged file is kept in the state folder.
    pub(crate) fn apply(&self, folder: &Folder, state_dir: &StateDir, disk: &Disk) -> Result<(), StoreError> {
        if let Some(broken) = &self.broken {
            disk.replace(&state_dir.aside(&aside_name(broken), &self.path), broken)?;
        }
        // What a link leads to may be anything, now that it is not what was saved.
        let full = folder.full(&self.path);
        if is_link(&full) {
            disk.remove(&full)?;
        }
        disk.replace(&full, &self.good)
    }

    fn damage(&self) -> String {
        let Some(broken) = &self.broken else { return "it is gone".to_owned() };
        let zeros = broken.iter().filter(|byte| **byte == 0).count();
        match (broken.len(), self.good.len()) {
            (now, saved) if now < saved => format!("{} of {} bytes are there", grouped(now), grouped(saved)),
            _ if zeros > 0 => format!("{} of {} bytes are zero", grouped(zeros), grouped(broken.len())),
            _ => "its checksum differs".to_owned(),
        }
    }
}

/// Under which name a damaged file is kept aside.
pub(crate) fn aside_name(broken: &[u8]) -> String {
    format!("broken-{}", Stamp::of(broken))
}

/// True when a file that cannot be read may be replaced by a good copy: not when a newer program wrote it.
pub(crate) fn is_damage(error: &StoreError) -> bool {
    matches!(error, StoreError::Unreadable { .. } | StoreError::TextMissing(..) | StoreError::TooLarge { .. })
}

/// True for a file in which git has left both sides of a merge: both are wanted, so it is no damage.
pub(crate) fn has_conflict_marks(content: &[u8]) -> bool {
    content.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"<<<<<<< "))
}

fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(broken: Option<&[u8]>, saved: usize, expected: &str) {
        let mend = Mend { path: "a".into(), broken: broken.map(<[u8]>::to_vec), good: vec![b'x'; saved], is_saved_here: true };
        assert_eq!(mend.damage(), expected);
    }

    #[test]
    fn damage_is_described_in_numbers() {
        check(Some(&[b'x'; 8112]), 20_410, "8,112 of 20,410 bytes are there");
        check(Some(b""), 7, "0 of 7 bytes are there");
        check(Some(&[0; 1_234_567]), 1_234_567, "1,234,567 of 1,234,567 bytes are zero");
        check(Some(b"y"), 1, "its checksum differs");
        check(None, 1, "it is gone");
    }
}
