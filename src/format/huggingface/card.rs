//! `README.md`: what `datasets` has to know, and what people should.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::features::{DOCUMENT, ENTITY, push_yaml};
use super::license::License;
use super::split_name;
use super::table::Encoding;
use crate::format::{Item, Part, Tables};
use crate::model::{CoderKey, LabelKey, RelationKey};

/// Sources that are listed.
const MAX_SOURCES: usize = 20;
/// Names for the number of documents (<https://huggingface.co/docs/hub/datasets-cards>).
const SIZES: [(usize, &str); 6] =
    [(1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M")];

/// Gathers what there is to say.
pub(super) struct Card<'t> {
    tables: &'t Tables,
    license: License<'t>,
    encoding: Encoding,
    parts: BTreeMap<Part, usize>,
    languages: BTreeSet<String>,
    sources: BTreeMap<String, usize>,
    coders: BTreeMap<CoderKey, [usize; 4]>,
    labels: BTreeMap<LabelKey, usize>,
    relations: BTreeMap<RelationKey, usize>,
}

impl<'t> Card<'t> {
    /// Nothing yet.
    pub(super) fn new(tables: &'t Tables, license: License<'t>, encoding: Encoding) -> Self {
        Self {
            tables,
            license,
            encoding,
            parts: BTreeMap::new(),
            languages: BTreeSet::new(),
            sources: BTreeMap::new(),
            coders: BTreeMap::new(),
            labels: BTreeMap::new(),
            relations: BTreeMap::new(),
        }
    }

    /// Counts a document.
    pub(super) fn add(&mut self, part: Part, item: &Item) {
        *self.parts.entry(part).or_default() += 1;
        let language = item.document.language.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        if matches!(language.len(), 2 | 3) && language.bytes().all(|byte| byte.is_ascii_lowercase()) {
            self.languages.insert(language);
        }
        count(&mut self.sources, &item.document.source);
        for (coder, sheet) in &item.sheets {
            let counts = self.coders.entry(coder.clone()).or_default();
            let own = [1, sheet.spans.len(), sheet.claims.len(), sheet.relations.len()];
            counts.iter_mut().zip(own).for_each(|(all, own)| *all += own);
            sheet.spans.values().for_each(|span| count(&mut self.labels, &span.label));
            sheet.claims.values().for_each(|claim| count(&mut self.labels, &claim.label));
            sheet.relations.values().for_each(|relation| count(&mut self.relations, &relation.label));
        }
    }

    /// The page.
    pub(super) fn into_markdown(mut self) -> String {
        if self.parts.is_empty() {
            self.parts.insert(Part::Train, 0);
        }
        let mut page = "---\n".to_owned();
        self.push_metadata(&mut page);
        page.push_str("---\n\n");
        self.push_introduction(&mut page);
        self.push_coders(&mut page);
        self.push_codebook(&mut page);
        self.push_sources(&mut page);
        page
    }

    fn name(&self) -> &str {
        self.tables.project.as_ref().map(|project| project.name.as_str()).filter(|name| !name.trim().is_empty()).unwrap_or("Annotated articles")
    }

    fn has_entities(&self) -> bool {
        !self.tables.entities.is_empty()
    }

    fn documents(&self) -> usize {
        self.parts.values().sum()
    }

    fn push_metadata(&self, page: &mut String) {
        let _ = writeln!(page, "pretty_name: {}", quoted(self.name()));
        if !self.languages.is_empty() {
            page.push_str("language:\n");
            // In quotes, because `no` is a language and, in YAML, a truth value.
            self.languages.iter().for_each(|language| page.push_str(&format!("- {}\n", quoted(language))));
        }
        self.license.push_yaml(page);
        let size = SIZES.iter().find(|(most, _)| self.documents() < *most).map_or("100M<n<1B", |(_, name)| *name);
        let _ = writeln!(page, "size_categories:\n- {size}\ntask_categories:\n- token-classification\ntags:\n- manicule\n- news\n- claims\nconfigs:");
        let _ = writeln!(page, "- config_name: default\n  data_files:");
        for part in self.parts.keys() {
            let name = split_name(*part);
            let _ = writeln!(page, "  - split: {name}\n    path: {}", self.encoding.path("data", name));
        }
        if self.has_entities() {
            let path = self.encoding.path("entities", "train");
            let _ = writeln!(page, "- config_name: entities\n  data_files:\n  - split: train\n    path: {path}");
        }
        page.push_str("dataset_info:\n- config_name: default\n  features:\n");
        push_yaml(page, DOCUMENT, 2);
        if self.has_entities() {
            page.push_str("- config_name: entities\n  features:\n");
            push_yaml(page, ENTITY, 2);
        }
    }

    fn push_introduction(&self, page: &mut String) {
        let _ = write!(page, "# {}\n\n", line(self.name()));
        let parts: Vec<String> = self.parts.iter().map(|(part, count)| format!("{count} in `{}`", split_name(*part))).collect();
        let _ = write!(
            page,
            "News articles with entities and claims that were labelled by hand: {} documents, {}.\n\n",
            self.documents(),
            parts.join(", ")
        );
        page.push_str("```python\nfrom datasets import load_dataset\n\ndocuments = load_dataset(\"path/to/this/folder\")\n");
        if self.has_entities() {
            page.push_str("entities = load_dataset(\"path/to/this/folder\", \"entities\")\n");
        }
        page.push_str(
            "```\n\n\
             Offsets count code points, as Python does: `text[start:end]` is what is marked. A mark of several pieces has a row\n\
             for each in `ranges`; its own `start` and `end` are those of the first and the last, and its `text` has ` … ` between them.\n\
             `entities` are mentions of persons, organizations and the like; `spans` are all other labelled places. `coder` says\n\
             whose each is. Attributes have a row for each value, with its type. `sheets` says what each coder has said about the document.\n\n",
        );
        let _ = write!(page, "## Licence\n\n{}\n\n", self.license.to_markdown());
    }

    fn push_coders(&self, page: &mut String) {
        if self.coders.is_empty() {
            return;
        }
        page.push_str("## Coders\n\n| coder | name | documents | spans | claims | relations |\n|---|---|---:|---:|---:|---:|\n");
        for (coder, [documents, spans, claims, relations]) in &self.coders {
            let name = self.tables.coders.get(coder).map_or("", |coder| coder.name.as_str());
            let _ = writeln!(page, "| {coder} | {} | {documents} | {spans} | {claims} | {relations} |", cell(name));
        }
        page.push('\n');
    }

    fn push_codebook(&self, page: &mut String) {
        let schema = &self.tables.schema;
        let info = &schema.info;
        if !info.name.is_empty() || !info.description.is_empty() {
            let _ = write!(page, "## Codebook {}\n\n{}\n\n", line(&info.name), line(&info.description));
        } else {
            page.push_str("## Codebook\n\n");
        }
        page.push_str("| label | name | marks | when |\n|---|---|---:|---|\n");
        let mut labels: Vec<_> = schema.labels.iter().collect();
        labels.sort_by_key(|(_, label)| label.position);
        for (key, label) in labels {
            let marks = self.labels.get(key).copied().unwrap_or_default();
            let _ = writeln!(page, "| {} | {} | {marks} | {} |", cell(key.as_str()), cell(&label.name), cell(&label.description));
        }
        for (key, marks) in self.labels.iter().filter(|(key, _)| !schema.labels.contains_key(*key)) {
            let _ = writeln!(page, "| {} | | {marks} | not in the codebook |", cell(key.as_str()));
        }
        page.push('\n');
        self.push_other_rows(page);
    }

    fn push_other_rows(&self, page: &mut String) {
        let schema = &self.tables.schema;
        if !schema.attributes.is_empty() || !schema.roles.is_empty() || !schema.relation_types.is_empty() {
            page.push_str("| kind | key | name | values | when |\n|---|---|---|---|---|\n");
        }
        let mut push = |kind: &str, key: &str, name: &str, values: String, when: &str| {
            let _ = writeln!(page, "| {kind} | {} | {} | {} | {} |", cell(key), cell(name), cell(&values), cell(when));
        };
        for (key, def) in &schema.attributes {
            let choices: Vec<&str> = def.choices.iter().map(|choice| choice.key.as_str()).collect();
            push("attribute", key.as_str(), &def.name, choices.join(", "), &def.description);
        }
        for (key, def) in &schema.roles {
            push("role", key.as_str(), &def.name, def.values.join(", "), &def.description);
        }
        for (key, def) in &schema.relation_types {
            let count = self.relations.get(key).copied().unwrap_or_default();
            push("relation", key.as_str(), &def.name, format!("{count} of them"), &def.description);
        }
        page.push('\n');
    }

    fn push_sources(&self, page: &mut String) {
        let mut sources: Vec<_> = self.sources.iter().filter(|(source, _)| !source.is_empty()).collect();
        if sources.is_empty() {
            return;
        }
        sources.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        page.push_str("## Sources\n\n");
        for (source, count) in sources.iter().take(MAX_SOURCES) {
            let _ = writeln!(page, "- {}: {count}", line(source));
        }
        if sources.len() > MAX_SOURCES {
            let _ = writeln!(page, "- {} others", sources.len() - MAX_SOURCES);
        }
    }
}

fn count<K: Ord + Clone>(counts: &mut BTreeMap<K, usize>, key: &K) {
    match counts.get_mut(key) {
        Some(count) => *count += 1,
        None => drop(counts.insert(key.clone(), 1)),
    }
}

/// A string of YAML, which takes those of JSON.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(&line(text)).unwrap_or_default()
}

/// On one line, without characters that YAML or a terminal would stumble over.
pub(super) fn line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// In a table of Markdown.
fn cell(text: &str) -> String {
    line(text).replace('|', "\\|")
}
