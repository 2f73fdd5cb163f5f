//! Splits of a data set by document: train, dev and test. Seeded, stratified by a field, with groups kept together.
//!
//! The same documents give the same splits, in whatever order they come and whoever annotates them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::Item;
use crate::model::{AttributeKey, CoderKey, Document, DocumentId, Sheet};

/// A part of a data set.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Part {
    /// To learn from.
    Train,
    /// To choose settings with.
    Dev,
    /// To measure with.
    Test,
}

impl Part {
    /// All of them, in the order in which they are written.
    pub const ALL: [Self; 3] = [Self::Train, Self::Dev, Self::Test];

    /// In names of files: `train`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Dev => "dev",
            Self::Test => "test",
        }
    }
}

/// How large the parts are, as shares of all documents: `80/10/10`, or `80/20` without a dev part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fractions([u32; 3]);

impl Fractions {
    /// How many of so many documents are a part's own, rounded down.
    #[must_use]
    pub fn of(self, part: Part, total: usize) -> usize {
        let own = total as u128 * u128::from(self.weight(part)) / u128::from(self.sum().max(1));
        usize::try_from(own).unwrap_or(total)
    }

    fn sum(self) -> u32 {
        self.0.iter().sum()
    }

    /// The parts that get documents.
    pub fn parts(self) -> impl Iterator<Item = Part> {
        Part::ALL.into_iter().filter(move |part| self.weight(*part) > 0)
    }

    fn weight(self, part: Part) -> u32 {
        let [train, dev, test] = self.0;
        match part {
            Part::Train => train,
            Part::Dev => dev,
            Part::Test => test,
        }
    }
}

impl FromStr for Fractions {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let error = || format!("`{text}` are not shares; write train/dev/test such as 80/10/10, or train/test such as 80/20");
        let numbers: Option<Vec<u32>> = text.split('/').map(|part| part.trim().parse().ok().filter(|share| *share <= 1_000_000)).collect();
        let shares = match numbers.ok_or_else(error)?.as_slice() {
            [train, test] => [*train, 0, *test],
            [train, dev, test] => [*train, *dev, *test],
            _ => return Err(error()),
        };
        if shares.iter().all(|share| *share == 0) { Err(error()) } else { Ok(Self(shares)) }
    }
}

impl fmt::Display for Fractions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [train, dev, test] = self.0;
        write!(f, "{train}/{dev}/{test}")
    }
}

/// What documents are told apart by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DocumentField {
    /// The newspaper, agency or site.
    Source,
    /// Who wrote it.
    Author,
    /// The language.
    Language,
    /// The year in which it appeared.
    Year,
    /// The day, month or year in which it appeared.
    Date,
    /// Where it is on the web.
    Url,
    /// The headline.
    Title,
    /// The name of its file.
    FileName,
    /// An attribute of documents: what the adjudicated sheet says, else the first coder who says something.
    Attribute(AttributeKey),
}

/// The fields by name.
const FIELDS: [(&str, DocumentField); 8] = [
    ("source", DocumentField::Source),
    ("author", DocumentField::Author),
    ("language", DocumentField::Language),
    ("year", DocumentField::Year),
    ("date", DocumentField::Date),
    ("url", DocumentField::Url),
    ("title", DocumentField::Title),
    ("file_name", DocumentField::FileName),
];
/// In front of the key of an attribute.
const ATTRIBUTE: &str = "attribute.";

impl DocumentField {
    /// True when it can only be told from the sheets.
    #[must_use]
    pub fn needs_sheets(&self) -> bool {
        matches!(self, Self::Attribute(_))
    }

    /// What it is for a document; empty for unknown.
    #[must_use]
    pub fn value<'s>(&self, document: &Document, sheets: impl Iterator<Item = (&'s CoderKey, &'s Sheet)>) -> String {
        let date = document.date.as_ref().map_or("", |date| date.as_str());
        let field: &str = match self {
            Self::Source => &document.source,
            Self::Author => &document.author,
            Self::Language => &document.language,
            Self::Year => date.split('-').next().unwrap_or_default(),
            Self::Date => date,
            Self::Url => &document.url,
            Self::Title => &document.title,
            Self::FileName => &document.file_name,
            Self::Attribute(key) => return attribute(key, sheets),
        };
        field.to_owned()
    }
}

fn attribute<'s>(key: &AttributeKey, sheets: impl Iterator<Item = (&'s CoderKey, &'s Sheet)>) -> String {
    let gold = CoderKey::gold();
    let said = sheets.filter_map(|(coder, sheet)| Some((*coder != gold, coder, sheet.info.attributes.get(key)?)));
    said.min_by_key(|(is_other, coder, _)| (*is_other, *coder)).map(|(.., value)| value.to_string()).unwrap_or_default()
}

impl fmt::Display for DocumentField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attribute(key) => write!(f, "{ATTRIBUTE}{key}"),
            field => f.write_str(FIELDS.iter().find(|(_, known)| known == field).map_or("", |(name, _)| name)),
        }
    }
}

impl FromStr for DocumentField {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, field)) = FIELDS.into_iter().find(|(name, _)| *name == text) {
            return Ok(field);
        }
        if let Some(key) = text.strip_prefix(ATTRIBUTE) {
            return AttributeKey::new(key).map(Self::Attribute).map_err(|error| error.to_string());
        }
        let known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
        Err(format!("`{text}` is not a field; known: {}, and {ATTRIBUTE}KEY for an attribute of documents", known.join(", ")))
    }
}

/// How documents are split.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SplitOptions {
    /// How large the parts are.
    pub fractions: Fractions,
    /// Another seed gives other parts.
    pub seed: u64,
    /// Each part gets its share of each value of this.
    pub stratify: Option<DocumentField>,
    /// Documents with the same value of this come into the same part. Without a value a document stands alone.
    pub group: Option<DocumentField>,
}

impl SplitOptions {
    /// Only these shares.
    #[must_use]
    pub fn new(fractions: Fractions) -> Self {
        Self { fractions, seed: 0, stratify: None, group: None }
    }

    /// What there is to know about a document.
    #[must_use]
    pub fn row<'s>(&self, id: &DocumentId, document: &Document, sheets: &(impl Iterator<Item = (&'s CoderKey, &'s Sheet)> + Clone)) -> SplitRow {
        let value = |field: &Option<DocumentField>| field.as_ref().map(|field| field.value(document, sheets.clone())).unwrap_or_default();
        SplitRow { id: id.clone(), stratum: value(&self.stratify), group: value(&self.group) }
    }

    /// As [`Self::row`], for a document with its sheets.
    #[must_use]
    pub fn row_of(&self, item: &Item) -> SplitRow {
        self.row(&item.id, &item.document, &item.sheets.iter().map(|(coder, sheet)| (coder, &**sheet)))
    }

    /// Which document comes into which part.
    ///
    /// Within a stratum each part first gets what is surely its own: its share, rounded down. What is left, and
    /// what is too large for that, goes where most is missing over all.
    #[must_use]
    pub fn split(&self, rows: Vec<SplitRow>) -> Splits {
        let mut parts = BTreeMap::new();
        let mut all = Counts::default();
        for units in self.strata(rows).into_values() {
            let size = units.iter().map(Unit::len).sum::<usize>();
            all.total += size;
            let mut own = Counts { total: size, ..Counts::default() };
            for unit in units {
                let part = self.part_for(unit.len(), &own, &all);
                own.add(part, unit.len());
                all.add(part, unit.len());
                parts.extend(unit.documents.into_iter().map(|id| (id, part)));
            }
        }
        Splits { fractions: self.fractions, parts }
    }

    fn part_for(&self, size: usize, own: &Counts, all: &Counts) -> Part {
        let fits = |part: &Part| self.fractions.of(*part, own.total) >= own.of(*part) + size;
        let sure = self.fractions.parts().filter(fits).map(|part| (self.missing(part, own), part));
        let any = self.fractions.parts().map(|part| (self.missing(part, all), part));
        most(sure).or_else(|| most(any)).unwrap_or(Part::Train)
    }

    /// By how much a part is smaller than its share, in parts of a document.
    fn missing(&self, part: Part, counts: &Counts) -> i128 {
        let weighted = |count: usize, weight: u32| i128::try_from(count).unwrap_or(i128::MAX).saturating_mul(weight.into());
        weighted(counts.total, self.fractions.weight(part)).saturating_sub(weighted(counts.of(part), self.fractions.sum()))
    }

    /// What is split, by stratum: the largest groups first, the rest as the seed has it.
    fn strata(&self, rows: Vec<SplitRow>) -> BTreeMap<String, Vec<Unit>> {
        let mut groups: BTreeMap<(bool, String), Vec<SplitRow>> = BTreeMap::new();
        for row in rows {
            let name = if row.group.is_empty() { (false, row.id.to_string()) } else { (true, row.group.clone()) };
            groups.entry(name).or_default().push(row);
        }
        let mut strata: BTreeMap<String, Vec<Unit>> = BTreeMap::new();
        for ((is_group, name), rows) in groups {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&self.seed.to_le_bytes()).update(&[u8::from(is_group)]).update(name.as_bytes());
            let stratum = most_frequent(rows.iter().map(|row| row.stratum.as_str()));
            let unit = Unit { order: *hasher.finalize().as_bytes(), documents: rows.into_iter().map(|row| row.id).collect() };
            strata.entry(stratum).or_default().push(unit);
        }
        for units in strata.values_mut() {
            units.sort_by(|a, b| b.len().cmp(&a.len()).then(a.order.cmp(&b.order)));
        }
        strata
    }
}

/// The part where most is missing; of equals the first.
fn most(parts: impl Iterator<Item = (i128, Part)>) -> Option<Part> {
    parts.reduce(|best, other| if other.0 > best.0 { other } else { best }).map(|(_, part)| part)
}

/// The value that is there most often; of equals the first in the alphabet.
fn most_frequent<'v>(values: impl Iterator<Item = &'v str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    let best = counts.into_iter().reduce(|best, other| if other.1 > best.1 { other } else { best });
    best.map(|(value, _)| value.to_owned()).unwrap_or_default()
}

/// What there is to know about a document before it is split.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SplitRow {
    /// Which document.
    pub id: DocumentId,
    /// Its value of the field to stratify by.
    pub stratum: String,
    /// Its value of the field that keeps documents together; empty for none.
    pub group: String,
}

/// Documents that stay together.
struct Unit {
    order: [u8; 32],
    documents: Vec<DocumentId>,
}

impl Unit {
    fn len(&self) -> usize {
        self.documents.len()
    }
}

/// Documents so far.
#[derive(Clone, Copy, Default)]
struct Counts {
    total: usize,
    parts: [usize; 3],
}

impl Counts {
    fn of(&self, part: Part) -> usize {
        let [train, dev, test] = self.parts;
        match part {
            Part::Train => train,
            Part::Dev => dev,
            Part::Test => test,
        }
    }

    fn add(&mut self, part: Part, count: usize) {
        let [train, dev, test] = &mut self.parts;
        match part {
            Part::Train => *train += count,
            Part::Dev => *dev += count,
            Part::Test => *test += count,
        }
    }
}

/// Which document is in which part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Splits {
    fractions: Fractions,
    parts: BTreeMap<DocumentId, Part>,
}

impl Splits {
    /// The part of a document; train for one that was not there.
    #[must_use]
    pub fn part(&self, id: &DocumentId) -> Part {
        self.parts.get(id).copied().unwrap_or(Part::Train)
    }

    /// The parts that get documents, in the order in which they are written.
    pub fn parts(&self) -> impl Iterator<Item = Part> {
        self.fractions.parts()
    }

    /// How many documents a part has.
    #[must_use]
    pub fn count(&self, part: Part) -> usize {
        self.parts.values().filter(|other| **other == part).count()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::IdSource;

    fn rows(count: usize, seed: u64, strata: usize, groups: usize) -> Vec<SplitRow> {
        let (mut ids, mut rng) = (IdSource::seeded(seed), fastrand::Rng::with_seed(seed));
        let mut name = |kinds: usize, what: &str| if kinds == 0 { String::new() } else { format!("{what}{}", rng.usize(0..kinds)) };
        let mut row = || SplitRow { id: DocumentId::from_title("t", ids.next_id()), stratum: name(strata, "s"), group: name(groups, "g") };
        (0..count).map(|_| row()).collect()
    }

    fn options(fractions: &str, seed: u64) -> SplitOptions {
        SplitOptions { seed, ..SplitOptions::new(fractions.parse().unwrap()) }
    }

    fn largest_group(rows: &[SplitRow]) -> usize {
        let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
        rows.iter().filter(|row| !row.group.is_empty()).for_each(|row| *sizes.entry(&row.group).or_default() += 1);
        sizes.into_values().max().unwrap_or(1)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn groups_are_never_torn_and_the_order_of_documents_does_not_matter(
            count in 0_usize..200, seed in any::<u64>(), strata in 0_usize..5, groups in 0_usize..40, split in any::<u64>(),
        ) {
            let mut rows = rows(count, seed, strata, groups);
            let splits = options("80/10/10", split).split(rows.clone());
            let mut parts: BTreeMap<&str, Part> = BTreeMap::new();
            for row in rows.iter().filter(|row| !row.group.is_empty()) {
                prop_assert_eq!(*parts.entry(&row.group).or_insert(splits.part(&row.id)), splits.part(&row.id));
            }
            prop_assert_eq!(Part::ALL.map(|part| splits.count(part)).iter().sum::<usize>(), count);
            fastrand::Rng::with_seed(split).shuffle(&mut rows);
            prop_assert_eq!(options("80/10/10", split).split(rows), splits);
        }

        #[test]
        fn fractions_are_kept_as_well_as_groups_allow(
            count in 0_usize..300, seed in any::<u64>(), strata in 0_usize..8, groups in 0_usize..60, fractions in 0_usize..4,
        ) {
            let rows = rows(count, seed, strata, groups);
            let options = options(["80/10/10", "1/1/1", "70/30", "0/1/3"][fractions], seed);
            let splits = options.split(rows.clone());
            let slack = largest_group(&rows) + 2;
            for part in Part::ALL {
                let (wanted, got) = (options.fractions.of(part, count), splits.count(part));
                prop_assert!(wanted.abs_diff(got) <= slack, "{part:?}: {got} instead of {wanted}, groups up to {slack}");
            }
        }

        #[test]
        fn every_part_has_its_share_of_every_stratum(count in 0_usize..300, seed in any::<u64>(), strata in 1_usize..8) {
            let rows = rows(count, seed, strata, 0);
            let options = options("80/10/10", seed);
            let splits = options.split(rows.clone());
            for stratum in 0..strata {
                let own: Vec<_> = rows.iter().filter(|row| row.stratum == format!("s{stratum}")).collect();
                for part in Part::ALL {
                    let wanted = options.fractions.of(part, own.len());
                    let got = own.iter().filter(|row| splits.part(&row.id) == part).count();
                    prop_assert!((wanted..=wanted + 2).contains(&got), "{part:?} of {stratum}: {got} instead of {wanted}");
                }
            }
        }
    }

    #[test]
    fn another_seed_gives_other_parts() {
        let rows = rows(200, 1, 0, 0);
        let test = |seed| -> Vec<DocumentId> {
            let splits = options("80/10/10", seed).split(rows.clone());
            rows.iter().map(|row| row.id.clone()).filter(|id| splits.part(id) == Part::Test).collect()
        };
        assert_eq!((test(1).len(), test(2).len()), (20, 20));
        assert_ne!(test(1), test(2));
    }

    #[test]
    fn one_document_more_moves_few() {
        let all = rows(400, 1, 3, 0);
        let fewer: Vec<SplitRow> = all.iter().skip(1).cloned().collect();
        let (before, after) = (options("80/10/10", 5).split(fewer.clone()), options("80/10/10", 5).split(all));
        let moved = fewer.iter().filter(|row| before.part(&row.id) != after.part(&row.id)).count();
        assert!(moved < 40, "{moved}");
    }

    #[test]
    fn shares_and_fields_are_read() {
        assert_eq!("80/20".parse::<Fractions>().unwrap().to_string(), "80/0/20");
        for wrong in ["", "80", "0/0/0", "a/b/c", "1/2/3/4", "-1/2/3"] {
            assert!(wrong.parse::<Fractions>().is_err(), "{wrong}");
        }
        assert_eq!("attribute.topic".parse::<DocumentField>(), Ok(DocumentField::Attribute(AttributeKey::new("topic").unwrap())));
        assert_eq!("year".parse::<DocumentField>(), Ok(DocumentField::Year));
        assert!("nope".parse::<DocumentField>().unwrap_err().contains("source"));
    }
}
