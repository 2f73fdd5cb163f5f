//! Reads configurations first, then looks through all tasks for coders, attributes and offsets, then reads task by task.

use std::collections::{BTreeMap, BTreeSet};

use super::config::{Config, attribute_name};
use super::row::Row;
use super::task::{Reading, annotator_of, results};
use super::{CLAIMS, CODER, JSON_RULES, NORMALIZED, NOTE};
use crate::format::allowance::Allowance;
use crate::format::article::decode_or_ask;
use crate::format::counting::{Choice, Counted, Tally};
use crate::format::json_members::Members;
use crate::format::json_records::{Records, text_or_number, value};
use crate::format::vocabulary::{ExportedNames, Survey, Vocabulary};
use crate::format::{Columns, Field, FormatError, ReadOptions, Receiver, Source, extension};
use crate::model::{AttributeKind, CoderKey, Finding, Severity};
use crate::text::Text;
use crate::text::offsets::OffsetUnit;

/// Reads every file of the source.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let mut config = Config::default();
    let (configs, names): (Vec<String>, Vec<String>) = source.names().into_iter().partition(|name| extension(name) == "xml");
    for name in configs {
        let Some(file) = decode_or_ask(source, &name, options, to)? else { continue };
        if let Err(why) = config.read(&file.decoded.text) {
            let message = format!("the labelling configuration could not be read to its end: {why}. What stands before was taken");
            to.finding(Finding::new(Severity::Warning, "label-studio-config", message).in_file(name));
        }
    }
    let columns = columns(options, &config);
    let mut survey = Surveyed::default();
    let mut all = Vec::new();
    for name in &names {
        let Some(records) = Records::open(source, name, &JSON_RULES, options, to)? else { continue };
        survey.look_through(name, &records, &columns, options)?;
        all.push((name, records));
    }
    say(&survey, &config, to);
    let known = options.known.clone();
    let coders = survey.coders(&options.coder);
    let mut vocabulary = Vocabulary::new(&known, config.declared, ExportedNames::default(), survey.names);
    let (mut seen, mut met) = (BTreeSet::new(), BTreeSet::new());
    for (name, records) in all {
        let counting = survey.choices.get(name).map(|choice| choice.counting);
        let mut allowance = Allowance::new(records.len);
        records.each(|from| {
            if allowance.take(name, to) {
                let (columns, coders) = (&columns, &coders);
                let (seen, met, vocabulary) = (&mut seen, &mut met, &mut vocabulary);
                Reading { decoding: &records.decoding, counting, columns, coders, seen, met, vocabulary, options, known: &known }.task(from, to);
            }
            options.step()
        })?;
    }
    vocabulary.hand_over(&met, to);
    Ok(())
}

/// The member of `data` with the text is the one that somebody has chosen, or the one of the configuration.
fn columns(options: &ReadOptions, config: &Config) -> Columns {
    let mut columns = options.columns.clone();
    if let Some(key) = &config.text_key {
        columns.0.entry(Field::Text).or_insert_with(|| key.clone());
    }
    columns
}

fn say(survey: &Surveyed, config: &Config, to: &mut dyn Receiver) {
    for (name, choice) in &survey.choices {
        choice.tell("label-studio-offsets", name, to);
    }
    if config.is_html {
        let message = "the texts are HTML, whose tags are kept; offsets that count only what is shown are corrected by the words";
        to.finding(Finding::new(Severity::Warning, "label-studio-html", message));
    }
}

/// What all tasks together say.
#[derive(Default)]
struct Surveyed {
    names: Survey,
    annotators: BTreeSet<String>,
    /// Coders of an export of ours.
    ours: BTreeSet<String>,
    choices: BTreeMap<String, Choice>,
}

impl Surveyed {
    fn look_through(&mut self, name: &str, records: &Records<'_>, columns: &Columns, options: &ReadOptions) -> Result<(), FormatError> {
        let mut tally = Tally::new(OffsetUnit::CodePoints, options.unit);
        records.each(|from| {
            if options.cancel.is_cancelled() {
                return Err(FormatError::Cancelled);
            }
            if let Some(task) = Members::of(from.raw) {
                self.task(&task, columns, &mut tally);
            }
            Ok(())
        })?;
        self.choices.insert(name.to_owned(), tally.choose());
        Ok(())
    }

    fn task(&mut self, task: &Members<'_>, columns: &Columns, tally: &mut Tally) {
        let text = text_of(task, columns).unwrap_or_default();
        let mut regions = Vec::new();
        for (annotation, rows) in results(task) {
            match annotation.get(CODER).and_then(text_or_number) {
                Some(coder) => drop(self.ours.insert(coder)),
                None => self.annotators.extend(annotator_of(&annotation)),
            }
            for row in rows.into_iter().filter_map(Row::of) {
                if row.is_region() {
                    if row.control == CLAIMS {
                        row.names().iter().for_each(|name| self.names.claim_label(name));
                    }
                    regions.extend(row.range().map(|range| ([range], row.surface(&text))));
                } else {
                    self.look_at(&row);
                }
            }
        }
        let spans: Vec<Counted<'_>> = regions.iter().map(|(ranges, surface)| Counted { ranges, surface: surface.as_deref() }).collect();
        tally.add(&Text::new(text), &spans);
    }

    fn look_at(&mut self, row: &Row<'_>) {
        let name = attribute_name(&row.control);
        let kind = match row.kind.as_str() {
            "choices" if row.names().len() > 1 => AttributeKind::Choices,
            "choices" => AttributeKind::Choice,
            "taxonomy" => AttributeKind::Choices,
            "rating" => AttributeKind::Integer,
            "number" => AttributeKind::Number,
            _ => AttributeKind::Text,
        };
        let Some(said) = row.said().filter(|_| ![NOTE, NORMALIZED].contains(&name)) else { return };
        said.split('|').for_each(|said| self.names.value_of_kind(name, said, kind));
    }

    /// A key for each annotator. One annotator alone is the coder whose annotations these are said to be.
    fn coders(&self, only: &CoderKey) -> BTreeMap<String, CoderKey> {
        let is_alone = self.annotators.len() == 1;
        let key = |name: &String| {
            let number = name.parse::<u64>().ok().map(|number| CoderKey::from_name(&format!("annotator-{number}")));
            let local = name.split('@').next().unwrap_or(name);
            number.unwrap_or_else(|| CoderKey::from_name(local))
        };
        let others = self.annotators.iter().map(|name| (name.clone(), if is_alone { only.clone() } else { key(name) }));
        let key = |name: &String| CoderKey::new(name).unwrap_or_else(|_| CoderKey::from_name(name));
        others.chain(self.ours.iter().map(|name| (name.clone(), key(name)))).collect()
    }
}

fn text_of(task: &Members<'_>, columns: &Columns) -> Option<String> {
    let data = Members::of(task.get("data")?.get())?;
    let names: Vec<String> = data.names().map(str::to_owned).collect();
    let fields = columns.find(&names).ok()?;
    value(data.get(names.get(*fields.get(&Field::Text)?)?)?)
}
