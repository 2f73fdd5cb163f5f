//! Writing a file a document and coder; for XMI the type system beside them.

use std::collections::BTreeSet;

use super::cas::{Cas, Types};
use super::export::{CasParts, Extent, kept_of, to_cas};
use super::json_write;
use super::layers::own_types;
use super::xmi_write;
use crate::format::aspects::{Aspect, drop_aspects, drop_entity_details, drop_foreign_residue};
use crate::format::{FormatError, Item, Items, Ledger, Sink, Tables, WriteOptions};
use crate::model::{CoderKey, Sheet};

const LOST: [Aspect; 2] = [Aspect::Corrections, Aspect::SetAside];
const NO_PLACE: &str = "there is no place for it";

/// Writes JSON.
pub(super) fn write_json(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let failed = |cause| FormatError::writing("the type system", cause);
    let usual = json_write::write_types(&own_types(&tables.schema, &BTreeSet::new())).map_err(failed)?;
    each_file((tables, super::JSON_FORMAT.name), items, options, ledger, |name, cas, met, _| {
        let is_usual = met.is_empty() && cas.types.0.is_empty();
        let own = if is_usual { None } else { Some(json_write::write_types(&with_own(&cas.types, tables, met)).map_err(failed)?) };
        let name = format!("{name}.json");
        met.clear();
        let written = json_write::write_json(&cas, own.as_deref().unwrap_or(&usual)).map_err(|cause| FormatError::writing(&name, cause))?;
        write_file(sink, &name, &written)
    })
}

/// Writes XMI.
pub(super) fn write_xmi(
    tables: &Tables,
    items: &mut Items<'_>,
    options: &WriteOptions,
    sink: &mut dyn Sink,
    ledger: &mut Ledger,
) -> Result<(), FormatError> {
    let (mut all_met, mut all_types) = (BTreeSet::new(), Types::default());
    each_file((tables, super::XMI_FORMAT.name), items, options, ledger, |name, cas, met, ledger| {
        all_met.append(met);
        all_types.add_missing(&cas.types);
        for (what, count) in xmi_write::not_xml(&cas) {
            let example = format!("{name}: {count} characters");
            ledger.change(what, "XML cannot hold their control characters; each became U+FFFD", example);
        }
        write_file(sink, &format!("{name}.xmi"), xmi_write::write_xmi(&cas).as_bytes())
    })?;
    let types = xmi_write::write_type_system(&with_own(&all_types, tables, &all_met));
    write_file(sink, "TypeSystem.xml", types.as_bytes())
}

/// Our types beside those of other programs.
fn with_own(others: &Types, tables: &Tables, met: &BTreeSet<String>) -> Types {
    let mut types = others.clone();
    types.add_missing(&own_types(&tables.schema, met));
    types
}

/// Writes what a file of a document and coder is made of: its name, the CAS, and attributes that the codebook does not know.
type WriteCas<'w> = dyn FnMut(&str, Cas<'_>, &mut BTreeSet<String>, &mut Ledger) -> Result<(), FormatError> + 'w;

fn each_file(
    (tables, own): (&Tables, &'static str),
    items: &mut Items<'_>,
    options: &WriteOptions,
    ledger: &mut Ledger,
    mut write: impl FnMut(&str, Cas<'_>, &mut BTreeSet<String>, &mut Ledger) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    for item in items {
        let item = item?;
        ledger.add_document();
        drop_aspects(ledger, &item, &LOST, NO_PLACE);
        drop_foreign_residue(ledger, &item, own);
        write_item((tables, own), &item, options, ledger, &mut write)?;
        options.step()?;
    }
    drop_entity_details(ledger, tables, "entities are written with their names, labels and knowledge base ids only");
    Ok(())
}

fn write_item<'i>(
    (tables, own): (&'i Tables, &'static str),
    item: &'i Item,
    options: &WriteOptions,
    ledger: &mut Ledger,
    write: &mut WriteCas<'_>,
) -> Result<(), FormatError> {
    let mut met = BTreeSet::new();
    let parts = |sheet: Option<(&'i CoderKey, &'i Sheet)>| {
        let again = kept_of(item, sheet.map(|(_, sheet)| sheet), own);
        CasParts { tables, item, sheet, extent: Extent::Whole, format: own, again }
    };
    if item.sheets.is_empty() {
        let cas = to_cas(parts(None), (&mut met, &mut *ledger))?;
        write(&file_name(item, None, options), cas, &mut met, ledger)?;
    }
    for (coder, sheet) in &item.sheets {
        let sheet = sheet.as_ref();
        let cas = to_cas(parts(Some((coder, sheet))), (&mut met, &mut *ledger))?;
        write(&file_name(item, Some(coder), options), cas, &mut met, ledger)?;
    }
    Ok(())
}

/// A document's file without its extension; where several coders have sheets, each gets a folder.
pub(super) fn file_name(item: &Item, coder: Option<&CoderKey>, options: &WriteOptions) -> String {
    let coder = coder.filter(|_| options.coders.len() > 1);
    coder.map_or_else(|| item.id.to_string(), |coder| format!("{coder}/{}", item.id))
}

pub(super) fn write_file(sink: &mut dyn Sink, name: &str, content: &[u8]) -> Result<(), FormatError> {
    let written = sink.create(name).and_then(|mut file| {
        file.write_all(content)?;
        file.flush()
    });
    written.map_err(|cause| FormatError::writing(name, cause))
}
