//! The lines of `annotation.conf` and `visual.conf`, taken apart for `codebook`. Nothing is lost without a finding.

use std::collections::BTreeMap;

use crate::model::{Color, Finding, Severity};

/// So many lines of each section are read; no configuration has more.
const MAX_LINES: usize = 10_000;
/// So many arguments of a line are read, and so many types of an argument.
pub(super) const MAX_ARGUMENTS: usize = 1000;
/// So many lines that make no sense are named.
const MAX_NAMED: usize = 100;

/// One type with what stands behind it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct TypeLine {
    /// From 1.
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) parent: Option<String>,
    /// `!Name`: only what is below it can be given.
    pub(super) is_abstract: bool,
    pub(super) arguments: Vec<Argument>,
    pub(super) values: Vec<String>,
    pub(super) default: Option<String>,
    pub(super) is_symmetric: bool,
}

/// `Who{2-4}:Person|Animal`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Argument {
    pub(super) name: String,
    pub(super) types: Vec<String>,
    pub(super) is_required: bool,
    /// 0 for any number.
    pub(super) max: u32,
}

impl Argument {
    pub(super) fn any(name: &str) -> Self {
        Self { name: name.to_owned(), types: vec!["<ANY>".to_owned()], is_required: false, max: 0 }
    }

    fn read(name: &str, types: &str) -> Self {
        let bare = name.split(['?', '*', '+', '{']).next().unwrap_or_default();
        let (is_required, max) = numbers(name.get(bare.len()..).unwrap_or_default());
        let types = types.split('|').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
        Self { name: bare.to_owned(), types, is_required, max }
    }
}

/// At least one, and how many at most; 0 for any number.
fn numbers(suffix: &str) -> (bool, u32) {
    let braces = suffix.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    match (suffix, braces) {
        ("?", _) => (false, 1),
        ("*", _) => (false, 0),
        ("+", _) => (true, 0),
        (_, Some(range)) => {
            let (least, most) = range.split_once('-').unwrap_or((range, range));
            let number = |text: &str| text.trim().parse::<u32>().ok();
            (number(least).unwrap_or(1) > 0, number(most).unwrap_or(0))
        }
        _ => (true, 1),
    }
}

/// An `annotation.conf`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Lines {
    pub(super) entities: Vec<TypeLine>,
    pub(super) events: Vec<TypeLine>,
    pub(super) relations: Vec<TypeLine>,
    pub(super) attributes: Vec<TypeLine>,
    /// `<NAME>=A|B`.
    pub(super) macros: BTreeMap<String, Vec<String>>,
    pub(super) first_option: Option<usize>,
    pub(super) unknown_sections: Vec<(String, usize)>,
}

impl Lines {
    pub(super) fn read(content: &str) -> (Self, Vec<Finding>) {
        let (mut lines, mut findings) = (Self::default(), Vec::new());
        let mut section = String::new();
        let mut parents: Vec<String> = Vec::new();
        for (number, line) in (1..).zip(content.lines()) {
            let line = line.split('#').next().unwrap_or_default();
            if let Some(title) = line.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = title.to_lowercase();
                parents.clear();
                lines.note_section(&section, number);
            } else if line.trim().is_empty() || line.trim().starts_with("--") {
            } else if let Some((name, several)) = line.trim().split_once('=').filter(|(name, _)| name.starts_with('<') && name.ends_with('>')) {
                lines.macros.insert(name.to_owned(), several.split('|').map(|name| name.trim().to_owned()).collect());
            } else if section.is_empty() {
                if findings.len() < MAX_NAMED {
                    let message = "this line is in no section; it was left out. Sections begin with a line such as [entities]";
                    findings.push(Finding::new(Severity::Warning, "brat-outside-section", message).in_file("annotation.conf").at_line(number));
                }
            } else {
                lines.push(&section, number, line, &mut parents);
            }
        }
        (lines, findings)
    }

    fn note_section(&mut self, section: &str, number: usize) {
        match section {
            "entities" | "spans" | "relations" | "events" | "attributes" => {}
            "options" => self.first_option = self.first_option.or(Some(number)),
            _ if self.unknown_sections.len() < MAX_NAMED => self.unknown_sections.push((section.to_owned(), number)),
            _ => {}
        }
    }

    fn push(&mut self, section: &str, number: usize, line: &str, parents: &mut Vec<String>) {
        let list = match section {
            "entities" | "spans" => &mut self.entities,
            "events" => &mut self.events,
            "relations" => &mut self.relations,
            "attributes" => &mut self.attributes,
            _ => return,
        };
        let depth = line.chars().take_while(|c| *c == '\t').count();
        let line = line.trim();
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        // `<OVERLAP>` and the like say what may overlap in brat; they are no types.
        if name.starts_with('<') || list.len() >= MAX_LINES {
            return;
        }
        let bare = name.trim_start_matches('!').to_owned();
        parents.truncate(depth);
        let mut read =
            TypeLine { number, parent: parents.last().cloned(), is_abstract: name.starts_with('!'), name: bare.clone(), ..TypeLine::default() };
        rest.split(',')
            .filter_map(|part| part.trim().split_once(':'))
            .take(MAX_ARGUMENTS)
            .for_each(|(name, value)| read.take(name.trim(), value.trim()));
        list.push(read);
        parents.push(bare);
    }
}

impl TypeLine {
    fn take(&mut self, name: &str, value: &str) {
        match name {
            "Value" => {
                self.values = value.split('|').map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).take(MAX_LINES).collect()
            }
            "<DEFAULT>" => self.default = Some(value.to_owned()),
            "<REL-TYPE>" => self.is_symmetric = value.contains("symmetric") && !value.contains("asymmetric"),
            // How brat draws and checks.
            _ if name.starts_with('<') => {}
            _ => self.arguments.push(Argument::read(name, value)),
        }
    }
}

/// A `visual.conf`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Visual {
    /// What is shown for a type, the longest first.
    shown: BTreeMap<String, Vec<String>>,
    /// `bgColor`, `color` and the like of a type.
    drawing: BTreeMap<String, BTreeMap<String, String>>,
}

impl Visual {
    pub(super) fn read(content: &str) -> Self {
        let mut visual = Self::default();
        let mut section = "";
        for line in content.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).take(8 * MAX_LINES) {
            match (line.starts_with('['), section) {
                (true, _) => section = line,
                (false, "[labels]") => visual.read_names(line),
                (false, "[drawing]") => visual.read_drawing(line),
                _ => {}
            }
        }
        visual
    }

    fn read_names(&mut self, line: &str) {
        let mut parts = line.split('|').map(|part| part.trim().to_owned());
        if let Some(name) = parts.next() {
            self.shown.insert(name, parts.filter(|part| !part.is_empty()).collect());
        }
    }

    fn read_drawing(&mut self, line: &str) {
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let settings = rest.split(',').filter_map(|part| part.trim().split_once(':'));
        self.drawing.insert(name.to_owned(), settings.map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned())).collect());
    }

    /// The name of a type and a shorter one; empty where there is none that is short enough.
    pub(super) fn names(&self, kind: &str, max_short_chars: usize) -> (String, String) {
        let shown = self.shown.get(kind).map(Vec::as_slice).unwrap_or_default();
        let long = shown.first().cloned().unwrap_or_else(|| kind.to_owned());
        let short = shown.iter().skip(1).find(|name| name.chars().count() <= max_short_chars).cloned().unwrap_or_default();
        (long, short)
    }

    /// A colour of a type, where one is set that we know.
    pub(super) fn color(&self, kind: &str, setting: &str) -> Option<Color> {
        let value = self.drawing.get(kind)?.get(setting)?.to_lowercase();
        let named = || CSS_COLORS.iter().find(|(name, _)| *name == value).and_then(|(_, color)| color.parse().ok());
        value.parse().ok().or_else(named)
    }
}

/// The names that brat's own configurations and its users like; CSS Color 4 has them all.
const CSS_COLORS: [(&str, &str); 24] = [
    ("black", "#000000"),
    ("white", "#ffffff"),
    ("gray", "#808080"),
    ("grey", "#808080"),
    ("silver", "#c0c0c0"),
    ("red", "#ff0000"),
    ("darkred", "#8b0000"),
    ("pink", "#ffc0cb"),
    ("salmon", "#fa8072"),
    ("orange", "#ffa500"),
    ("gold", "#ffd700"),
    ("yellow", "#ffff00"),
    ("lightyellow", "#ffffe0"),
    ("green", "#008000"),
    ("lightgreen", "#90ee90"),
    ("darkgreen", "#006400"),
    ("teal", "#008080"),
    ("cyan", "#00ffff"),
    ("blue", "#0000ff"),
    ("lightblue", "#add8e6"),
    ("darkblue", "#00008b"),
    ("purple", "#800080"),
    ("violet", "#ee82ee"),
    ("brown", "#a52a2a"),
];
