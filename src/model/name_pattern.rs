//! Fields from the names of files, by a pattern such as `{date}_{source}_{title}`.
//!
//! What stands between the braces is a field, everything else must be in the name as it is. The ending of the name
//! (`.txt`) does not count. A field takes as little as it can, the last one the rest; a date takes what is a date.

use std::collections::BTreeSet;
use std::fmt;

use thiserror::Error;

use super::{Date, Document};

/// A pattern that was understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamePattern(Vec<Part>);

#[derive(Clone, PartialEq, Eq, Debug)]
enum Part {
    Words(String),
    Field(NameField),
}

/// What can stand in the name of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum NameField {
    /// The title.
    Title,
    /// The newspaper, agency or site.
    Source,
    /// Who wrote it.
    Author,
    /// When it appeared.
    Date,
    /// The language.
    Language,
    /// Anything, which is not wanted. The only one that may stand in a pattern several times.
    Skip,
}

impl NameField {
    /// All of them, with their names in a pattern.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Title, "title"),
        (Self::Source, "source"),
        (Self::Author, "author"),
        (Self::Date, "date"),
        (Self::Language, "language"),
        (Self::Skip, "skip"),
    ];
}

impl fmt::Display for NameField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(field, _)| field == self).map_or("", |(_, name)| name);
        write!(f, "{{{name}}}")
    }
}

/// Why a pattern cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum PatternError {
    /// It has no field, or none that is wanted.
    #[error("the pattern has no field; write for example {{date}}_{{source}}_{{title}}")]
    NoField,
    /// A brace without its other one.
    #[error("a brace is not closed; write fields as {{title}}")]
    Brace,
    /// A field that there is not.
    #[error("there is no field `{0}`; there are {{title}}, {{source}}, {{author}}, {{date}}, {{language}} and {{skip}}")]
    Unknown(String),
    /// A field stands twice.
    #[error("{0} stands twice in the pattern")]
    Twice(NameField),
    /// Nobody could tell where one field ends and the next begins.
    #[error("put something between {0} and {1}, as in the names of the files")]
    Nothing(NameField, NameField),
}

/// What a name says. Fields that the pattern does not have are none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NameFields {
    /// The title.
    pub title: Option<String>,
    /// The newspaper, agency or site.
    pub source: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it appeared.
    pub date: Option<Date>,
    /// The language.
    pub language: Option<String>,
}

/// What underscores in names stand for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Underscores {
    /// For themselves.
    Stay,
    /// For blanks, which many programs do not like in names. Those of the pattern itself part the fields all the same.
    AreBlanks,
}

impl NamePattern {
    /// Understands a pattern.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(pattern: &str) -> Result<Self, PatternError> {
        let (mut parts, mut seen, mut rest) = (Vec::new(), BTreeSet::new(), pattern.trim());
        while !rest.is_empty() {
            let Some(open) = rest.find(['{', '}']) else {
                parts.push(Part::Words(rest.to_owned()));
                break;
            };
            let (words, field) = rest.split_at(open);
            if !words.is_empty() {
                parts.push(Part::Words(words.to_owned()));
            }
            let (name, after) = field.strip_prefix('{').and_then(|field| field.split_once('}')).ok_or(PatternError::Brace)?;
            let field = named(name)?;
            if let Some(Part::Field(before)) = parts.last() {
                return Err(PatternError::Nothing(*before, field));
            }
            if !seen.insert(field) && field != NameField::Skip {
                return Err(PatternError::Twice(field));
            }
            parts.push(Part::Field(field));
            rest = after;
        }
        if seen.iter().all(|field| *field == NameField::Skip) { Err(PatternError::NoField) } else { Ok(Self(parts)) }
    }

    /// What the name of a file says; none when it does not fit.
    #[must_use]
    pub fn read(&self, file_name: &str, underscores: Underscores) -> Option<NameFields> {
        let mut found = Match { name: stem(file_name), fields: NameFields::default(), hopeless: BTreeSet::new(), underscores };
        found.fits(&self.0, 0).then_some(found.fields)
    }
}

fn named(name: &str) -> Result<NameField, PatternError> {
    let wanted = name.trim().to_lowercase();
    let field = NameField::ALL.iter().find(|(_, name)| *name == wanted);
    field.map(|(field, _)| *field).ok_or_else(|| PatternError::Unknown(name.chars().take(40).collect()))
}

/// The name without its ending and without folders.
fn stem(file_name: &str) -> &str {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let is_ending = |ending: &str| (1..=5).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match name.rsplit_once('.') {
        // A name such as `2016.05.17` has no ending.
        Some((stem, ending)) if !stem.is_empty() && is_ending(ending) && !ending.bytes().all(|byte| byte.is_ascii_digit()) => stem,
        _ => name,
    }
}

/// A name while it is compared with a pattern.
struct Match<'n> {
    name: &'n str,
    fields: NameFields,
    // How many parts were left, and where, when it did not fit: so that no name takes long.
    hopeless: BTreeSet<(usize, usize)>,
    underscores: Underscores,
}

impl Match<'_> {
    fn fits(&mut self, parts: &[Part], at: usize) -> bool {
        let Some((part, further)) = parts.split_first() else { return at == self.name.len() };
        if self.hopeless.contains(&(parts.len(), at)) {
            return false;
        }
        let rest = self.name.get(at..).unwrap_or_default();
        let fits = match part {
            Part::Words(words) => rest.starts_with(words.as_str()) && self.fits(further, at + words.len()),
            Part::Field(field) => ends(rest, *field).into_iter().any(|end| {
                let value = rest.get(..end).unwrap_or_default();
                self.fits(further, at + end) && self.take(*field, value)
            }),
        };
        if !fits {
            self.hopeless.insert((parts.len(), at));
        }
        fits
    }

    /// Keeps what a field takes. False for what it cannot be.
    fn take(&mut self, field: NameField, value: &str) -> bool {
        let words = match self.underscores {
            Underscores::Stay => value.trim().to_owned(),
            Underscores::AreBlanks => value.split('_').map(str::trim).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "),
        };
        if words.is_empty() {
            return false;
        }
        match field {
            NameField::Title => self.fields.title = Some(words),
            NameField::Source => self.fields.source = Some(words),
            NameField::Author => self.fields.author = Some(words),
            NameField::Language => self.fields.language = Some(words),
            NameField::Date => self.fields.date = date(value),
            NameField::Skip => {}
        }
        true
    }
}

/// Where a field may end, in the order in which it is tried.
fn ends(rest: &str, field: NameField) -> Vec<usize> {
    let all = || rest.char_indices().skip(1).map(|(at, _)| at).chain([rest.len()]).filter(|end| *end > 0);
    match field {
        // The longest date first: `2016-05-17` is not `2016` and something else.
        NameField::Date => [10, 8, 7, 4].into_iter().filter(|end| rest.get(..*end).is_some_and(|text| date(text).is_some())).collect(),
        _ => all().collect(),
    }
}

/// `2016-05-17`, `2016-05`, `2016`, and with `_`, `.` or nothing between year, month and day.
fn date(text: &str) -> Option<Date> {
    if let (8, true) = (text.len(), text.bytes().all(|byte| byte.is_ascii_digit())) {
        return format!("{}-{}-{}", text.get(..4)?, text.get(4..6)?, text.get(6..)?).parse().ok();
    }
    text.replace(['_', '.'], "-").parse().ok()
}

impl NameFields {
    /// Puts what was found into a document.
    pub fn put_into(self, document: &mut Document) {
        let Self { title, source, author, date, language } = self;
        let texts =
            [(title, &mut document.title), (source, &mut document.source), (author, &mut document.author), (language, &mut document.language)];
        for (found, field) in texts {
            if let Some(found) = found {
                *field = found;
            }
        }
        document.date = date.or_else(|| document.date.take());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(pattern: &str, name: &str, expected: Option<&str>) {
        let fields = NamePattern::parse(pattern).unwrap().read(name, Underscores::Stay);
        assert_eq!(fields.map(show).as_deref(), expected, "{pattern} {name}");
    }

    fn show(fields: NameFields) -> String {
        let NameFields { title, source, author, date, language } = fields;
        let date = date.map(|date| date.to_string());
        let all = [("title", title), ("source", source), ("author", author), ("date", date), ("language", language)];
        let known = all.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?)));
        known.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn fields_are_what_stands_between_the_words_of_the_pattern() {
        let pattern = "{date}_{source}_{title}";
        check(pattern, "2016-05-17_Daily Post_Mayor opens_bridge.txt", Some("title=Mayor opens_bridge source=Daily Post date=2016-05-17"));
        check(pattern, "20160517_Post_A.B.txt", Some("title=A.B source=Post date=2016-05-17"));
        check(pattern, "2016_05_17_Post_Title", Some("title=Title source=Post date=2016-05-17"));
        check(pattern, "2016_Post_Title", Some("title=Title source=Post date=2016"));
        check(pattern, "some/folder/2016-05_Post_Title.html", Some("title=Title source=Post date=2016-05"));
        check(pattern, "Post_2016_Title.txt", None);
        check(pattern, "2016-13-01_Post_Title.txt", None);
        check(pattern, "2016_Post.txt", None);
        check(pattern, "2016__Title.txt", None);
        check("{title} ({date})", "Mayor (old) (2016.05.17)", Some("title=Mayor (old) date=2016-05-17"));
        check("{skip}-{author}-{skip}", "17-Ali-x-y.txt", Some("author=Ali"));
        check("art {language} {title}", "art de Straße 🎉.txt", Some("title=Straße 🎉 language=de"));
        check("{title}", "", None);
    }

    #[test]
    fn underscores_can_stand_for_blanks() {
        let pattern = NamePattern::parse("{date}_{source}_{title}").unwrap();
        let fields = pattern.read("2016_Post_Mayor_opens__bridge.txt", Underscores::AreBlanks).unwrap();
        assert_eq!(show(fields), "title=Mayor opens bridge source=Post date=2016");
    }

    #[test]
    fn a_pattern_says_what_is_wrong_with_it() {
        let error = |pattern: &str| NamePattern::parse(pattern).unwrap_err();
        assert_eq!(error(""), PatternError::NoField);
        assert_eq!(error("article {skip}"), PatternError::NoField);
        assert_eq!(error("{title"), PatternError::Brace);
        assert_eq!(error("title}"), PatternError::Brace);
        assert_eq!(error("{name}"), PatternError::Unknown("name".into()));
        assert_eq!(error("{title}-{title}"), PatternError::Twice(NameField::Title));
        assert_eq!(error("{date}{title}").to_string(), "put something between {date} and {title}, as in the names of the files");
    }

    #[test]
    fn a_name_that_is_made_to_take_long_does_not() {
        let pattern = NamePattern::parse("{title}a{source}a{author}a{skip}a{skip}a{language}!").unwrap();
        assert_eq!(pattern.read(&"a".repeat(250), Underscores::Stay), None);
    }

    proptest! {
        #[test]
        fn what_was_put_into_a_name_is_found_in_it(title in "[a-z é🎉.]{0,9}[a-z]", source in "[A-Z]{1,5}", day in 1u32..29, stay in any::<bool>()) {
            let pattern = NamePattern::parse("{source} - {date} - {title}").unwrap();
            let name = format!("{source} - 2016-05-{day:02} - {title}.txt");
            let fields = pattern.read(&name, if stay { Underscores::Stay } else { Underscores::AreBlanks }).unwrap();
            prop_assert_eq!(fields.title.as_deref(), Some(title.trim()));
            prop_assert_eq!(fields.source, Some(source));
            prop_assert_eq!(fields.date.map(|date| date.to_string()), Some(format!("2016-05-{day:02}")));
        }

        #[test]
        fn no_pattern_and_no_name_panics(pattern in ".{0,30}", name in ".{0,40}") {
            if let Ok(pattern) = NamePattern::parse(&pattern) {
                let _ = pattern.read(&name, Underscores::AreBlanks);
            }
        }
    }
}
