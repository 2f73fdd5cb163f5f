//! Writing JSON CAS 0.4, the type system inside: one feature structure a line.

use std::collections::BTreeMap;
use std::io;

use super::cas::{Cas, FS_ARRAY, SOFA, STRING_ARRAY, Structure, Types, Value, is_array};

/// The types as they stand in each file.
pub(super) fn write_types(types: &Types) -> io::Result<Vec<u8>> {
    let mut out = b"{".to_vec();
    for (number, (name, def)) in types.0.iter().enumerate() {
        out.extend_from_slice(if number == 0 { b"\n" } else { b",\n" });
        push_string(&mut out, name)?;
        out.extend_from_slice(b":{\"%NAME\":");
        push_string(&mut out, name)?;
        out.extend_from_slice(b",\"%SUPER_TYPE\":");
        push_string(&mut out, &def.parent)?;
        for (name, feature) in &def.features {
            out.push(b',');
            push_string(&mut out, name)?;
            out.extend_from_slice(b":{\"%NAME\":");
            push_string(&mut out, name)?;
            out.extend_from_slice(b",\"%RANGE\":");
            match (&feature.element, feature.range.as_str()) {
                (Some(element), FS_ARRAY) => push_string(&mut out, &format!("{element}[]"))?,
                (element, range) => {
                    push_string(&mut out, range)?;
                    if let Some(element) = element {
                        out.extend_from_slice(b",\"%ELEMENT_TYPE\":");
                        push_string(&mut out, element)?;
                    }
                }
            }
            if let Some(may_be_shared) = feature.may_be_shared {
                out.extend_from_slice(format!(",\"%MULTIPLE_REFERENCES_ALLOWED\":{may_be_shared}").as_bytes());
            }
            out.push(b'}');
        }
        out.push(b'}');
    }
    out.push(b'}');
    Ok(out)
}

/// A whole file.
pub(super) fn write_json(cas: &Cas<'_>, types: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = b"{\"%TYPES\":".to_vec();
    out.extend_from_slice(types);
    out.extend_from_slice(b",\n\"%FEATURE_STRUCTURES\":[");
    let ids = cas.structures.iter().map(|structure| structure.id).chain(cas.sofas.iter().map(|sofa| sofa.id));
    let mut lines = Lines { out, next: ids.max().unwrap_or_default() + 1, is_first: true };
    for sofa in &cas.sofas {
        lines.begin(sofa.id, SOFA)?;
        lines.out.extend_from_slice(b",\"sofaNum\":1,\"sofaID\":");
        push_string(&mut lines.out, &sofa.name)?;
        lines.out.extend_from_slice(b",\"mimeType\":");
        push_string(&mut lines.out, sofa.mime_type.as_deref().unwrap_or("text"))?;
        lines.out.extend_from_slice(b",\"sofaString\":");
        push_string(&mut lines.out, sofa.text.as_deref().unwrap_or_default())?;
        lines.out.push(b'}');
    }
    for structure in &cas.structures {
        lines.structure(structure)?;
    }
    let mut out = lines.out;
    out.extend_from_slice(b"],\n\"%VIEWS\":{");
    let members: Vec<String> = cas.members.iter().flatten().map(u64::to_string).collect();
    for (number, sofa) in cas.sofas.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        push_string(&mut out, &sofa.name)?;
        out.extend_from_slice(format!(":{{\"%SOFA\":{},\"%MEMBERS\":[{}]}}", sofa.id, members.join(",")).as_bytes());
    }
    out.extend_from_slice(b"}}\n");
    Ok(out)
}

struct Lines {
    out: Vec<u8>,
    // Arrays are structures of their own and need numbers.
    next: u64,
    is_first: bool,
}

impl Lines {
    fn begin(&mut self, id: u64, kind: &str) -> io::Result<()> {
        self.out.extend_from_slice(if self.is_first { b"\n" } else { b",\n" });
        self.is_first = false;
        self.out.extend_from_slice(b"{\"%ID\":");
        self.out.extend_from_slice(id.to_string().as_bytes());
        self.out.extend_from_slice(b",\"%TYPE\":");
        push_string(&mut self.out, kind)
    }

    fn structure(&mut self, structure: &Structure<'_>) -> io::Result<()> {
        if is_array(&structure.kind) {
            return self.array(structure);
        }
        let arrays = self.arrays(structure)?;
        self.begin(structure.id, &structure.kind)?;
        for (name, value) in &structure.features {
            let prefix = match value {
                Value::Ref(_) | Value::Refs(_) | Value::Texts(_) => "@",
                Value::Number(number) if !is_json_number(number) => "#",
                _ => "",
            };
            self.out.push(b',');
            push_name(&mut self.out, prefix, name)?;
            self.out.push(b':');
            match value {
                Value::Text(text) => push_string(&mut self.out, text)?,
                Value::Number(number) if !is_json_number(number) => push_string(&mut self.out, number)?,
                Value::Refs(_) | Value::Texts(_) => {
                    let id = arrays.get(name.as_ref()).copied().unwrap_or_default();
                    self.out.extend_from_slice(id.to_string().as_bytes());
                }
                value => self.out.extend_from_slice(value.to_text().as_bytes()),
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    /// A list that stood for itself in the file of another program.
    fn array(&mut self, structure: &Structure<'_>) -> io::Result<()> {
        self.begin(structure.id, &structure.kind)?;
        let is_of_words = matches!(structure.kind.as_ref(), STRING_ARRAY | "uima.cas.String[]");
        match structure.get("elements") {
            Some(Value::Texts(words)) if is_of_words => {
                self.out.extend_from_slice(b",\"%ELEMENTS\":");
                serde_json::to_writer(&mut self.out, words)?;
            }
            Some(Value::Texts(words)) => {
                self.out.extend_from_slice(b",\"%ELEMENTS\":[");
                for (number, word) in words.iter().enumerate() {
                    self.out.extend_from_slice(if number == 0 { b"" } else { b"," });
                    match word.as_ref() {
                        word if is_json_number(word) || matches!(word, "true" | "false") => self.out.extend_from_slice(word.as_bytes()),
                        word => push_string(&mut self.out, word)?,
                    }
                }
                self.out.push(b']');
            }
            Some(Value::Refs(ids)) => {
                let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
                self.out.extend_from_slice(format!(",\"%ELEMENTS\":[{}]", ids.join(",")).as_bytes());
            }
            Some(value) => {
                self.out.extend_from_slice(b",\"%ELEMENTS\":");
                push_string(&mut self.out, &value.to_text())?;
            }
            None => {}
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Writes the lists of a structure before it.
    fn arrays<'s>(&mut self, structure: &'s Structure<'_>) -> io::Result<BTreeMap<&'s str, u64>> {
        let mut arrays = BTreeMap::new();
        for (name, value) in &structure.features {
            match value {
                Value::Refs(ids) => {
                    arrays.insert(name.as_ref(), self.next);
                    self.begin(self.next, FS_ARRAY)?;
                    let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
                    self.out.extend_from_slice(format!(",\"%ELEMENTS\":[{}]}}", ids.join(",")).as_bytes());
                }
                Value::Texts(texts) => {
                    arrays.insert(name.as_ref(), self.next);
                    self.begin(self.next, STRING_ARRAY)?;
                    self.out.extend_from_slice(b",\"%ELEMENTS\":");
                    serde_json::to_writer(&mut self.out, texts)?;
                    self.out.push(b'}');
                }
                _ => continue,
            }
            self.next += 1;
        }
        Ok(arrays)
    }
}

/// The name of a feature. Ours are plain ASCII, as nearly all are.
fn push_name(out: &mut Vec<u8>, prefix: &str, name: &str) -> io::Result<()> {
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return push_string(out, &format!("{prefix}{name}"));
    }
    for part in ["\"", prefix, name, "\""] {
        out.extend_from_slice(part.as_bytes());
    }
    Ok(())
}

/// True for what JSON can say as a number.
fn is_json_number(word: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(word).is_ok()
}

fn push_string(out: &mut Vec<u8>, text: &str) -> io::Result<()> {
    serde_json::to_writer(out, text).map_err(io::Error::from)
}
