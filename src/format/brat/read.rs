//! Pairs the files of a brat folder, looks through all of them once for types, then reads document by document.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::build::{DocumentParts, build_sheet};
use super::conf::{AllNames, Conf, shortcuts_of};
use super::line::{Line, parse};
use crate::format::article::{annotations_or_ask, article, decode_annotations, decode_or_ask};
use crate::format::vocabulary::{Survey, Vocabulary};
use crate::format::{FormatError, ReadOptions, Receiver, Source, base_name, extension, read_all, stem};
use crate::model::{Finding, Severity};

/// The files of one document.
#[derive(Debug, Default)]
struct Pair {
    text: Option<String>,
    annotations: Vec<String>,
}

/// Reads every pair of files.
pub(super) fn read(source: &dyn Source, options: &mut ReadOptions, to: &mut dyn Receiver) -> Result<(), FormatError> {
    let (pairs, confs) = pair_files(&source.names());
    let conf = read_confs(source, &confs)?;
    let survey = survey(source, &pairs, options)?;
    let known = options.known.clone();
    let names = AllNames::new(&known.schema).into_exported();
    let mut vocabulary = Vocabulary::new(&known, conf.into_declared(), names, survey);
    options.progress.set_total(pairs.len() as u64);
    for (name, pair) in &pairs {
        read_pair(source, name, pair, &mut vocabulary, options, to)?;
        options.step()?;
    }
    vocabulary.hand_over([&options.coder], to);
    Ok(())
}

/// By their names without extension, and the configuration files.
fn pair_files(names: &[String]) -> (BTreeMap<String, Pair>, Vec<String>) {
    let mut pairs: BTreeMap<String, Pair> = BTreeMap::new();
    let mut confs = Vec::new();
    for name in names {
        match extension(name).as_str() {
            "conf" => confs.push(name.clone()),
            "ann" | "a1" | "a2" => pairs.entry(stem(name).to_owned()).or_default().annotations.push(name.clone()),
            _ => pairs.entry(stem(name).to_owned()).or_default().text = Some(name.clone()),
        }
    }
    (pairs, confs)
}

fn read_confs(source: &dyn Source, names: &[String]) -> Result<Conf, FormatError> {
    let mut conf = Conf::default();
    for name in names {
        let bytes = read_all(source, name)?;
        let content = String::from_utf8_lossy(&bytes);
        match base_name(name) {
            "annotation.conf" => conf.read_annotation(&content),
            "visual.conf" => conf.read_visual(&content),
            "kb_shortcuts.conf" => conf.shortcuts = shortcuts_of(&content),
            _ => {}
        }
    }
    Ok(conf)
}

fn survey(source: &dyn Source, pairs: &BTreeMap<String, Pair>, options: &ReadOptions) -> Result<Survey, FormatError> {
    let mut survey = Survey::default();
    for name in pairs.values().flat_map(|pair| &pair.annotations) {
        // What cannot be read is said when its document is read.
        let read = read_all(source, name).ok().and_then(|bytes| decode_annotations(bytes, options).ok());
        if let Some(file) = read {
            file.decoded.text.lines().filter_map(|line| parse(line).ok()).for_each(|line| look_at(&line, &mut survey));
        }
        if options.cancel.is_cancelled() {
            return Err(FormatError::Cancelled);
        }
    }
    Ok(survey)
}

fn look_at(line: &Line<'_>, survey: &mut Survey) {
    match line {
        Line::Event { kind, .. } => survey.claim_label(kind),
        Line::Attribute { kind, value, .. } => survey.value(kind, value),
        _ => {}
    }
}

fn read_pair(
    source: &dyn Source,
    name: &str,
    pair: &Pair,
    vocabulary: &mut Vocabulary<'_>,
    options: &mut ReadOptions,
    to: &mut dyn Receiver,
) -> Result<(), FormatError> {
    let Some(text_name) = &pair.text else {
        let message = format!("there is no text `{}.txt` beside it. It was left out; import the two together", base_name(name));
        pair.annotations.iter().for_each(|file| to.finding(Finding::new(Severity::Error, "brat-no-text", &message).in_file(file)));
        return Ok(());
    };
    let Some(decoded) = decode_or_ask(source, text_name, options, to)? else {
        return Ok(());
    };
    let mut item = article(text_name, decoded, options);
    let mut annotations = Vec::new();
    for file in &pair.annotations {
        if let Some(read) = annotations_or_ask(source, file, options, to) {
            annotations.push((file.as_str(), read.decoded.text));
        }
    }
    let parts = DocumentParts { id: &item.id, text: &item.text, files: &annotations };
    let sheet = build_sheet(&parts, vocabulary, options, to);
    if !sheet.is_blank() {
        item.sheets.insert(options.coder.clone(), Arc::new(sheet));
    }
    to.item(item);
    Ok(())
}
