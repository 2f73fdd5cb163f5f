//! Reading an export again before it replaces anything: what is read comes from the temporary files, what it is compared with
//! was noted down while it was written.

use super::{ExportError, ExportPlan, ExportSource};
use crate::format::{Item, KnownTexts, Ledger, ReadBack, Source, Texts, WriteOptions, Written};

/// Reads and compares.
///
/// # Errors
/// When something is not in the files as the report says, or somebody pressed stop.
pub(super) fn read_back(
    plan: &ExportPlan,
    written: &Written<'_>,
    (options, ledger): (&WriteOptions, &Ledger),
    files: &dyn Source,
) -> Result<(), ExportError> {
    if !written.is_provable() {
        return Ok(());
    }
    let texts = if matches!(plan.format.proof.texts, Texts::Absent) { plan.source.texts() } else { KnownTexts::default() };
    match written.read_back(files, &ReadBack { options, ledger, texts })? {
        Some(difference) => Err(written.describe(&difference, nth(&plan.source, plan, difference.index).as_ref()).into()),
        None => Ok(()),
    }
}

/// A document as it went to the writer.
fn nth(source: &ExportSource, plan: &ExportPlan, index: usize) -> Option<Item> {
    let (findings, left_out) = Default::default();
    let items = source.parts_for(plan.format).into_iter().flat_map(|part| source.outgoing((&findings, &left_out), part));
    items.into_iter().nth(index)?.ok()
}
