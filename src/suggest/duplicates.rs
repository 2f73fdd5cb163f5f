//! Entities that may be the same one, for the coder to look at. Nothing is merged here.
//!
//! Every rule sorts the entities into buckets by what they share, so that the work grows with their number and not with
//! its square. A bucket that is too full says nothing: when fifty people are called Smith, “Smith” is nobody in particular.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::fold;
use crate::model::{Entity, EntityId, Schema, State, is_wikidata_id};

/// More pairs help nobody; the likeliest are returned.
pub const MAX_DUPLICATES: usize = 1000;
/// Pairs that one bucket may give.
const MAX_PAIRS_OF_BUCKET: usize = 200;
/// With more of one last name or alias, that alone says nothing.
const MAX_NAMESAKES: usize = 20;
/// Shorter names differ by one letter too easily.
const MIN_CHARS_OF_TYPO: usize = 6;
/// Longer names are hardly typed by hand.
const MAX_CHARS_OF_TYPO: usize = 80;
/// An acronym has so many letters.
const ACRONYM_CHARS: std::ops::RangeInclusive<usize> = 2..=8;
/// Words that acronyms may leave out.
const SMALL_WORDS: [&str; 16] = ["of", "the", "and", "for", "in", "on", "de", "la", "le", "du", "des", "der", "die", "und", "für", "y"];

/// Two entities that may be one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LikelyDuplicate {
    /// The smaller id.
    pub one: EntityId,
    /// The larger id.
    pub other: EntityId,
    /// What speaks for it most.
    pub why: Why,
}

/// What speaks for two entities being one, the strongest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Why {
    /// Both have an entry of a knowledge base.
    SharedId,
    /// The names differ in case, diacritics, punctuation or the order of words at most.
    SameName,
    /// A name of one is a name of the other, and for one of them at least it is not the canonical one.
    SharedAlias,
    /// One name consists of the first letters of the other.
    Initials,
    /// One name is the last word of the other.
    LastName,
    /// The names differ by one letter, or by two that changed places.
    OneLetterApart,
}

impl Why {
    /// For people.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::SharedId => "same knowledge-base id",
            Self::SameName => "same name",
            Self::SharedAlias => "shared alias",
            Self::Initials => "initials of the other",
            Self::LastName => "last word of the other",
            Self::OneLetterApart => "one letter apart",
        }
    }
}

/// Pairs of living entities that may be the same, the likeliest first, each pair once, at most [`MAX_DUPLICATES`].
/// Two that have different entries in Wikidata are not the same.
#[must_use]
pub fn likely_duplicates(state: &State) -> Vec<LikelyDuplicate> {
    let entities = state.entities.iter().filter(|(_, entity)| entity.is_living());
    let rows: Vec<Row<'_>> = entities.map(|(id, entity)| Row::new(*id, entity)).collect();
    let mut pairs = Pairs { rows: &rows, schema: &state.schema, found: BTreeMap::new() };
    shared_ids(&mut pairs);
    same_names(&mut pairs);
    shared_aliases(&mut pairs);
    initials(&mut pairs);
    last_names(&mut pairs);
    typos(&mut pairs);
    pairs.into_sorted()
}

/// An entity with its name as it is compared.
struct Row<'s> {
    id: EntityId,
    entity: &'s Entity,
    words: Vec<String>,
    // The words in order, with blanks.
    folded: String,
}

impl<'s> Row<'s> {
    fn new(id: EntityId, entity: &'s Entity) -> Self {
        let words = fold::words(&entity.name);
        let folded = words.join(" ");
        Self { id, entity, words, folded }
    }
}

/// The pairs found so far, by places in `rows`.
struct Pairs<'r, 's> {
    rows: &'r [Row<'s>],
    schema: &'s Schema,
    found: BTreeMap<(usize, usize), Why>,
}

impl<'r, 's> Pairs<'r, 's> {
    fn rows(&self) -> impl Iterator<Item = (usize, &'r Row<'s>)> + use<'r, 's> {
        self.rows.iter().enumerate()
    }

    /// Notes a pair unless something stronger was found or something speaks against it.
    fn add(&mut self, one: usize, other: usize, why: Why) {
        let (one, other) = (one.min(other), one.max(other));
        let (Some(a), Some(b)) = (self.rows.get(one), self.rows.get(other)) else { return };
        if one != other && !have_different_entries(a.entity, b.entity) {
            self.found.entry((one, other)).and_modify(|known| *known = why.min(*known)).or_insert(why);
        }
    }

    /// Every two of a bucket; each with the first where that would be too many.
    fn add_all(&mut self, bucket: &[usize], why: Why) {
        let is_small = bucket.len() * bucket.len() / 2 <= MAX_PAIRS_OF_BUCKET;
        for (at, one) in bucket.iter().enumerate().take(if is_small { bucket.len() } else { 1 }) {
            bucket.iter().skip(at + 1).take(MAX_DUPLICATES).for_each(|other| self.add(*one, *other, why));
        }
    }

    /// Each of one side with each of the other, unless that would be too many.
    fn add_across(&mut self, ones: &[usize], others: &[usize], why: Why) {
        if ones.len().saturating_mul(others.len()) <= MAX_PAIRS_OF_BUCKET {
            ones.iter().for_each(|one| others.iter().for_each(|other| self.add(*one, *other, why)));
        }
    }

    /// Same type, or one type is below the other.
    fn have_related_types(&self, one: usize, other: usize) -> bool {
        let label = |at: usize| self.rows.get(at).and_then(|row| row.entity.label.as_ref());
        match (label(one), label(other)) {
            (Some(a), Some(b)) => a == b || self.schema.with_parents(a).contains(b) || self.schema.with_parents(b).contains(a),
            (a, b) => a == b,
        }
    }

    fn into_sorted(self) -> Vec<LikelyDuplicate> {
        let mut found: Vec<(Why, &str, usize, usize)> =
            self.found.iter().filter_map(|((one, other), why)| Some((*why, self.rows.get(*one)?.folded.as_str(), *one, *other))).collect();
        found.sort_unstable();
        let id = |at: usize| self.rows.get(at).map(|row| row.id);
        let pairs = found.into_iter().filter_map(|(why, _, one, other)| Some(LikelyDuplicate { one: id(one)?, other: id(other)?, why }));
        pairs.take(MAX_DUPLICATES).collect()
    }
}

fn have_different_entries(a: &Entity, b: &Entity) -> bool {
    let entries = |entity: &'_ Entity| entity.knowledge_base_ids.iter().filter(|id| is_wikidata_id(id)).cloned().collect::<BTreeSet<String>>();
    if a.knowledge_base_ids.is_empty() || b.knowledge_base_ids.is_empty() {
        return false;
    }
    let (a, b) = (entries(a), entries(b));
    !a.is_empty() && !b.is_empty() && a.is_disjoint(&b)
}

/// What several entities share, and who they are. A hash map inside: its buckets come out sorted by their keys.
fn buckets<K: Hash + Ord>(keys: impl Iterator<Item = (K, usize)>) -> Vec<(K, Vec<usize>)> {
    let mut by_key: HashMap<K, Vec<usize>> = HashMap::new();
    for (key, at) in keys {
        let bucket = by_key.entry(key).or_default();
        if bucket.last() != Some(&at) {
            bucket.push(at);
        }
    }
    let mut buckets: Vec<(K, Vec<usize>)> = by_key.into_iter().filter(|(_, bucket)| bucket.len() > 1).collect();
    buckets.sort_unstable();
    buckets
}

fn shared_ids(pairs: &mut Pairs<'_, '_>) {
    let ids = pairs.rows().flat_map(|(at, row)| row.entity.knowledge_base_ids.iter().map(move |id| (id.as_str(), at)));
    for (_, bucket) in buckets(ids) {
        pairs.add_all(&bucket, Why::SharedId);
    }
}

/// The words in alphabetical order; none for a name without letters.
fn bag(words: &[String]) -> Option<String> {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.sort_unstable();
    (!words.is_empty()).then(|| words.join(" "))
}

fn same_names(pairs: &mut Pairs<'_, '_>) {
    for (_, bucket) in buckets(pairs.rows().filter_map(|(at, row)| Some((bag(&row.words)?, at)))) {
        pairs.add_all(&bucket, Why::SameName);
    }
}

fn shared_aliases(pairs: &mut Pairs<'_, '_>) {
    let names = pairs.rows().flat_map(|(at, row)| {
        let aliases = row.entity.aliases.iter().filter_map(|alias| bag(&fold::words(alias)));
        bag(&row.words).into_iter().chain(aliases).map(move |name| (name, at))
    });
    // “The President” has been many people.
    for (_, bucket) in buckets(names).into_iter().filter(|(_, bucket)| bucket.len() <= MAX_NAMESAKES) {
        pairs.add_all(&bucket, Why::SharedAlias);
    }
}

fn initials(pairs: &mut Pairs<'_, '_>) {
    let acronyms: HashMap<&str, Vec<usize>> = by_name(pairs, |row| is_acronym(&row.entity.name) && row.words.len() == 1);
    let mut long: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, row) in pairs.rows() {
        for initials in initials_of(&row.words) {
            if let Some((acronym, _)) = acronyms.get_key_value(initials.as_str()) {
                long.entry(acronym).or_default().push(at);
            }
        }
    }
    for (acronym, others) in long {
        pairs.add_across(acronyms.get(acronym).map(Vec::as_slice).unwrap_or_default(), &others, Why::Initials);
    }
}

/// `UN`, `U.N.`: capitals only.
fn is_acronym(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    ACRONYM_CHARS.contains(&letters.clone().count()) && letters.clone().all(|c| !c.is_lowercase()) && letters.clone().any(char::is_uppercase)
}

/// The first letters of all words, and of all but the small ones.
fn initials_of(words: &[String]) -> BTreeSet<String> {
    let first = |words: &mut dyn Iterator<Item = &String>| words.filter_map(|word| word.chars().next()).collect::<String>();
    let all = first(&mut words.iter());
    let great = first(&mut words.iter().filter(|word| !SMALL_WORDS.contains(&word.as_str())));
    [all, great].into_iter().filter(|initials| ACRONYM_CHARS.contains(&initials.chars().count())).collect()
}

fn last_names(pairs: &mut Pairs<'_, '_>) {
    let single = by_name(pairs, |row| row.words.len() == 1 && row.folded.chars().count() > 1);
    let mut long: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, row) in pairs.rows().filter(|(_, row)| row.words.len() > 1) {
        if let Some((name, _)) = row.words.last().and_then(|last| single.get_key_value(last.as_str())) {
            long.entry(name).or_default().push(at);
        }
    }
    // Somebody's family or a common word: none of so many is the likely one.
    for (name, others) in long.into_iter().filter(|(_, others)| others.len() <= MAX_PAIRS_OF_BUCKET) {
        for one in single.get(name).into_iter().flatten().take(MAX_PAIRS_OF_BUCKET) {
            let related: Vec<usize> = others.iter().copied().filter(|other| pairs.have_related_types(*one, *other)).collect();
            if related.len() <= MAX_NAMESAKES {
                pairs.add_across(&[*one], &related, Why::LastName);
            }
        }
    }
}

/// Entities of which something is true, by their folded names.
fn by_name<'r, 's>(pairs: &Pairs<'r, 's>, is_meant: impl Fn(&Row<'s>) -> bool) -> HashMap<&'r str, Vec<usize>> {
    let mut found: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, row) in pairs.rows().filter(|(_, row)| is_meant(row)) {
        found.entry(row.folded.as_str()).or_default().push(at);
    }
    found
}

/// Two names that are one letter apart become the same when one letter is left out of one or of both: the deletion
/// neighbourhood of Mor and Fraenkel (1982), “A hash code method for detecting and correcting spelling errors”.
fn typos(pairs: &mut Pairs<'_, '_>) {
    let names: Vec<Vec<char>> = pairs.rows().map(|(_, row)| row.folded.chars().collect()).collect();
    let sizes = MIN_CHARS_OF_TYPO..=MAX_CHARS_OF_TYPO;
    let mut neighbours: Vec<(u64, usize)> = Vec::new();
    for (at, name) in names.iter().enumerate().filter(|(_, name)| sizes.contains(&name.len())) {
        neighbours.extend((0..=name.len()).map(|left_out| (hash_without(name, left_out), at)));
    }
    neighbours.sort_unstable();
    neighbours.dedup();
    for bucket in neighbours.chunk_by(|a, b| a.0 == b.0).filter(|bucket| bucket.len() > 1) {
        // Of a full bucket each is compared with the few behind it.
        let reach = if bucket.len() * bucket.len() / 2 <= MAX_PAIRS_OF_BUCKET { bucket.len() } else { 4 };
        for (at, (_, one)) in bucket.iter().enumerate() {
            for (_, other) in bucket.iter().skip(at + 1).take(reach) {
                let (Some(a), Some(b)) = (names.get(*one), names.get(*other)) else { continue };
                if is_typo(a, b) && pairs.have_related_types(*one, *other) {
                    pairs.add(*one, *other, Why::OneLetterApart);
                }
            }
        }
    }
}

/// A hash of the name without one letter; of the whole name when the place is behind its end.
fn hash_without(name: &[char], left_out: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    for c in name.get(..left_out).into_iter().chain(name.get(left_out + 1..)).flatten() {
        c.hash(&mut hasher);
    }
    hasher.finish()
}

/// One letter more, one less, another one, or two that changed places. Digits are no typos: `Boeing 737`, `Boeing 747`.
fn is_typo(a: &[char], b: &[char]) -> bool {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let most = a.len().min(b.len()) - start;
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count().min(most);
    let middle = |name: &'_ [char]| name.get(start..name.len() - end).map(<[char]>::to_vec).unwrap_or_default();
    let (a, b) = (middle(a), middle(b));
    if a.iter().chain(&b).any(|c| c.is_numeric()) {
        return false;
    }
    match (a.as_slice(), b.as_slice()) {
        ([_], [] | [_]) | ([], [_]) => true,
        ([w, x], [y, z]) => w == z && x == y,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::Case;
    use crate::model::IdSource;

    /// The entities of a notation, one a line, and the pairs as `a b: phrase`.
    fn check(entities: &[&str], expected: &[&str]) {
        let lines: String = entities.iter().map(|entity| format!("\n.. {entity}")).collect();
        let case = Case::new(&format!("text{lines}"));
        let name = |id: EntityId| case.names.of(crate::model::Node::Entity(id)).unwrap_or("?").to_owned();
        let shown = |pair: &LikelyDuplicate| {
            let mut names = [name(pair.one), name(pair.other)];
            names.sort();
            format!("{}: {}", names.join(" "), pair.why.phrase())
        };
        let mut found: Vec<String> = likely_duplicates(&case.state).iter().map(shown).collect();
        found.sort();
        assert_eq!(found, expected, "{entities:?}");
    }

    /// Entities with these names and nothing else.
    fn state_of(names: impl Iterator<Item = String>) -> State {
        let mut state = Case::new("text").state;
        let mut ids = IdSource::seeded(1);
        state.entities = names.map(|name| (EntityId(ids.next_id()), Entity::new(name, None))).collect();
        state
    }

    #[test]
    fn case_diacritics_punctuation_and_order_make_no_other_name() {
        check(&["@a: \"Zoë Müller\"", "@b: \"MULLER, Zoe\"", "@c: \"Zoe Mill\""], &["a b: same name"]);
    }

    #[test]
    fn acronyms_are_their_words() {
        check(
            &["@a: \"U.N.\"", "@b: \"United Nations\"", "@c: \"USA\"", "@d: \"United States of America\"", "@e: \"Un\""],
            &["a b: initials of the other", "a e: same name", "c d: initials of the other"],
        );
    }

    #[test]
    fn one_letter_apart_counts_in_long_names_only() {
        check(
            &["@a: \"Lavrov\"", "@b: \"Lawrov\"", "@c: \"Lavrovs\"", "@d: \"Kery\"", "@e: \"Kerr\""],
            &["a b: one letter apart", "a c: one letter apart"],
        );
        check(&["@a: \"Boeing 737\"", "@b: \"Boeing 747\""], &[]);
        check(&["@a: \"Lindqvist\"", "@b: \"Lindqivst\""], &["a b: one letter apart"]);
    }

    #[test]
    fn tombstones_and_losers_of_merges_are_no_duplicates() {
        let mut state = state_of(["Kerry", "Kerry", "Kerry"].map(str::to_owned).into_iter());
        let ids: Vec<EntityId> = state.entities.keys().copied().collect();
        state.entities.get_mut(&ids[0]).unwrap().deleted = true;
        state.entities.get_mut(&ids[1]).unwrap().merged_into = Some(ids[2]);
        assert_eq!(likely_duplicates(&state), []);
    }

    #[test]
    fn last_names_need_the_same_type() {
        let mut state = state_of(["John Kerry", "Kerry"].map(str::to_owned).into_iter());
        let id = *state.entities.keys().next().unwrap();
        assert_eq!(likely_duplicates(&state).iter().map(|pair| pair.why).collect::<Vec<_>>(), [Why::LastName]);
        state.entities.get_mut(&id).unwrap().label = Some("PER".parse().unwrap());
        assert_eq!(likely_duplicates(&state), []);
    }

    #[test]
    fn ids_and_aliases_speak_for_a_pair_and_other_entries_of_wikidata_against_it() {
        let mut state = state_of(["John Kerry", "The Secretary"].map(str::to_owned).into_iter());
        let ids: Vec<EntityId> = state.entities.keys().copied().collect();
        let whys = |state: &State| likely_duplicates(state).iter().map(|pair| pair.why).collect::<Vec<_>>();
        for id in &ids {
            state.entities.get_mut(id).unwrap().aliases.insert("J.F.K.".into());
        }
        assert_eq!(whys(&state), [Why::SharedAlias]);
        for id in &ids {
            state.entities.get_mut(id).unwrap().knowledge_base_ids.insert("https://example.org/1".into());
        }
        assert_eq!(whys(&state), [Why::SharedId]);
        for (id, entry) in ids.iter().zip(["Q1", "Q2"]) {
            state.entities.get_mut(id).unwrap().knowledge_base_ids.insert(entry.into());
        }
        assert_eq!(whys(&state), []);
    }

    #[test]
    fn an_alias_of_very_many_speaks_for_no_pair() {
        for (count, pairs) in [(4, 6), (MAX_NAMESAKES + 1, 0)] {
            let mut state = state_of((0..count).map(|i| format!("Zoë{}", "x".repeat(3 * i))));
            for id in state.entities.keys().copied().collect::<Vec<_>>() {
                state.entities.get_mut(&id).unwrap().aliases.insert("The President".into());
            }
            assert_eq!(likely_duplicates(&state).len(), pairs, "{count}");
        }
    }

    #[test]
    fn many_of_one_name_are_capped_and_come_out_the_same_each_time() {
        let smiths = |_| state_of((0..3000).map(|i| if i % 2 == 0 { "Smith".to_owned() } else { format!("Given{i} Smith") }));
        let found = likely_duplicates(&smiths(()));
        assert_eq!(found.len(), MAX_DUPLICATES);
        assert!(found.iter().all(|pair| pair.one < pair.other));
        assert_eq!(found, likely_duplicates(&smiths(())));
    }
}
