//! `croissant.json`: the columns of the tables and the fingerprints of their files, for programs that read Croissant 1.0
//! (<https://docs.mlcommons.org/croissant/docs/croissant-spec.html>).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::rc::Rc;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::features::{DOCUMENT, ENTITY, Feature, Kind};
use super::license::License;
use crate::format::{Sink, Tables};

/// Fingerprints of files by name.
type Sums = Rc<RefCell<BTreeMap<String, String>>>;

/// A sink that remembers what it has written.
pub(super) struct Hashing<'s> {
    sink: &'s mut dyn Sink,
    sums: Sums,
}

impl<'s> Hashing<'s> {
    pub(super) fn new(sink: &'s mut dyn Sink) -> Self {
        Self { sink, sums: Sums::default() }
    }

    /// Writes the description of all files that were written.
    pub(super) fn describe(self, tables: &Tables, license: License<'_>) -> io::Result<()> {
        let page = description((tables, license), &self.sums.borrow());
        let mut out = self.sink.create("croissant.json")?;
        out.write_all(page.as_bytes())?;
        out.flush()
    }
}

impl Sink for Hashing<'_> {
    fn create<'f>(&'f mut self, name: &str) -> io::Result<Box<dyn Write + 'f>> {
        let out = self.sink.create(name)?;
        Ok(Box::new(HashedFile { name: name.to_owned(), out, hash: Sha256::new(), sums: Rc::clone(&self.sums) }))
    }
}

struct HashedFile<'f> {
    name: String,
    out: Box<dyn Write + 'f>,
    hash: Sha256,
    sums: Sums,
}

impl Write for HashedFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for HashedFile<'_> {
    fn drop(&mut self) {
        let sum: String = self.hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        self.sums.borrow_mut().insert(std::mem::take(&mut self.name), sum);
    }
}

fn description((project, license): (&Tables, License<'_>), sums: &BTreeMap<String, String>) -> String {
    let name = project.project.as_ref().map_or("manicule", |project| project.name.as_str());
    let creators: Vec<Value> = project.coders.values().map(|coder| json!({ "@type": "Person", "name": coder.name })).collect();
    let tables: Vec<(&String, &String, String, &'static [Feature])> = sums
        .iter()
        .filter_map(|(path, sum)| {
            let (folder, file) = path.split_once('/')?;
            let part = file.split('.').next().unwrap_or_default();
            let is_entities = folder == "entities";
            Some((path, sum, if is_entities { folder.to_owned() } else { part.to_owned() }, if is_entities { ENTITY } else { DOCUMENT }))
        })
        .collect();
    let file = |(path, sum, id, _): &(&String, &String, String, &[Feature])| {
        json!({ "@type": "cr:FileObject", "@id": format!("{id}-file"), "name": format!("{id}-file"), "contentUrl": path,
            "encodingFormat": "application/jsonlines", "sha256": sum })
    };
    let records = |(_, _, id, features): &(&String, &String, String, &'static [Feature])| json!({ "@type": "cr:RecordSet", "@id": id, "name": id, "field": features.iter().filter_map(|feature| field(id, feature)).collect::<Vec<_>>() });
    let mut page = json!({
        "@context": context(),
        "@type": "sc:Dataset",
        "name": name,
        "description": "Articles with labelled entities and claims. Offsets count code points. README.md says more.",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "distribution": tables.iter().map(file).collect::<Vec<_>>(),
        "recordSet": tables.iter().map(records).collect::<Vec<_>>(),
    });
    if let Some(page) = page.as_object_mut() {
        page.extend(license.to_croissant().map(|license| ("license".to_owned(), license.into())));
        page.extend(Some(creators).filter(|creators| !creators.is_empty()).map(|creators| ("creator".to_owned(), creators.into())));
    }
    format!("{page:#}\n")
}

/// A column; none for those whose values may be missing, which programs take for other types.
fn field(table: &str, feature: &Feature) -> Option<Value> {
    let id = format!("{table}/{}", feature.name);
    let source = json!({ "fileObject": { "@id": format!("{table}-file") }, "extract": { "column": feature.name } });
    let simple = |kind: &str| json!({ "@type": "cr:Field", "@id": id, "name": id, "dataType": kind, "source": source });
    match &feature.kind {
        Kind::Text => Some(simple("sc:Text")),
        Kind::Int => Some(simple("sc:Integer")),
        Kind::Rows(fields) => {
            let inner: Vec<Value> = fields.iter().filter_map(|inner| inner_field(&id, &source, inner)).collect();
            Some(json!({ "@type": "cr:Field", "@id": id, "name": id, "repeated": true, "source": source, "subField": inner }))
        }
        Kind::OptionalText | Kind::OptionalInt | Kind::Texts => None,
    }
}

fn inner_field(column: &str, source: &Value, feature: &Feature) -> Option<Value> {
    let kind = match feature.kind {
        Kind::Text => "sc:Text",
        Kind::Int => "sc:Integer",
        _ => return None,
    };
    let id = format!("{column}/{}", feature.name);
    let mut source = source.clone();
    source.as_object_mut()?.insert("transform".to_owned(), json!({ "jsonPath": format!("$.{}", feature.name) }));
    Some(json!({ "@type": "cr:Field", "@id": id, "name": id, "dataType": kind, "source": source }))
}

/// The context of version 1.0; programs warn of any other.
fn context() -> Value {
    let own = [
        "citeAs",
        "column",
        "equivalentProperty",
        "extract",
        "field",
        "fileProperty",
        "fileObject",
        "fileSet",
        "format",
        "includes",
        "isLiveDataset",
        "jsonPath",
        "key",
        "md5",
        "parentField",
        "path",
        "recordSet",
        "references",
        "regex",
        "repeated",
        "replace",
        "samplingRate",
        "separator",
        "source",
        "subField",
        "transform",
    ];
    let mut context = json!({
        "@language": "en",
        "@vocab": "https://schema.org/",
        "conformsTo": "dct:conformsTo",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "data": { "@id": "cr:data", "@type": "@json" },
        "dataType": { "@id": "cr:dataType", "@type": "@vocab" },
        "dct": "http://purl.org/dc/terms/",
        "examples": { "@id": "cr:examples", "@type": "@json" },
        "sc": "https://schema.org/",
    });
    if let Some(context) = context.as_object_mut() {
        context.extend(own.map(|name| (name.to_owned(), format!("cr:{name}").into())));
    }
    context
}
