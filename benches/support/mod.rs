//! A large article with many marks, made from a seed, and a project around it.

use std::path::{Path, PathBuf};

use fastrand::Rng;
use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{AttributeValue, Claim, ClaimId, Document, Entity, EntityId, Filler, IdSource, LabelKey, SheetKey, Span, SpanId};
use manicule::store::templates::template;
use manicule::store::{Places, Preferences};
use manicule::text::{Ranges, Text, TextRange};
use manicule::workspace::{NewDocument, NewProject, OpenOptions, Who, Workspace};

/// Bytes of the article.
pub const TEXT_BYTES: usize = 1_000_000;
/// Marks in it: spans and some claims.
pub const MARKS: usize = 10_000;
/// Every so many marks, one is a claim.
const CLAIM_EVERY: usize = 40;

/// Spans, claims and entities of the rich project.
pub const RICH_SPANS: usize = 10_000;
pub const RICH_CLAIMS: usize = 2_000;
pub const ENTITIES: usize = 5_000;

pub const CODER: &str = "Bench Coder";

const WORDS: [&str; 48] = [
    "the",
    "a",
    "of",
    "and",
    "to",
    "in",
    "on",
    "council",
    "bridge",
    "minister",
    "harbour",
    "said",
    "report",
    "river",
    "safety",
    "engineers",
    "steel",
    "voters",
    "Monday",
    "budget",
    "city",
    "plan",
    "protest",
    "railway",
    "across",
    "nearly",
    "hundred",
    "officials",
    "denied",
    "confirmed",
    "Stone",
    "Ada",
    "Lindqvist",
    "Noor",
    "Ali",
    "Kestrel",
    "Zoë",
    "Müller",
    "café",
    "naïve",
    "“not",
    "safe”",
    "it’s",
    "—",
    "2019",
    "4.2",
    "percent",
    "court",
];

/// A text of paragraphs and sentences, mostly ASCII as English news is, with what is not ASCII strewn in.
pub fn article(bytes: usize) -> String {
    let mut rng = Rng::with_seed(20);
    let mut text = String::with_capacity(bytes + 1000);
    while text.len() < bytes {
        for _ in 0..rng.usize(2..7) {
            for word in 0..rng.usize(6..24) {
                if word > 0 {
                    text.push(' ');
                }
                text.push_str(WORDS[rng.usize(..WORDS.len())]);
            }
            text.push_str(". ");
        }
        text.pop();
        text.push_str("\n\n");
    }
    text
}

/// The words of a text.
pub fn words(text: &str) -> Vec<TextRange> {
    let start_of = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    let range = |word: &str| (u32::try_from(start_of(word)).unwrap(), u32::try_from(start_of(word) + word.len()).unwrap());
    text.split_ascii_whitespace().map(|word| TextRange::try_from(range(word)).unwrap()).collect()
}

/// Marks strewn over a text: single, nested, crossing, of two ranges, and claims.
pub fn marks(key: &SheetKey, text: &str, count: usize, ids: &mut IdSource) -> Vec<Edit> {
    let words = words(text);
    let labels = ["PER", "ORG", "GPE", "LOC", "FAC", "EVENT", "CUE"].map(|label| LabelKey::new(label).unwrap());
    let claim = LabelKey::new("CLAIM").unwrap();
    let mut rng = Rng::with_seed(7);
    let mut at = 0;
    let mut edits = Vec::with_capacity(count);
    let join = |first: usize, last: usize| words[first.min(words.len() - 1)].hull(words[last.min(words.len() - 1)]);
    for i in 0..count {
        // Half of the marks begin inside the one before: nested or crossing.
        at = if rng.bool() { rng.usize(..words.len() - 40) } else { at + rng.usize(0..2) };
        let len = rng.usize(0..4);
        let one = join(at, at + len);
        let ranges = match i % 25 {
            0 => Ranges::new(vec![one, join(at + len + 3, at + len + 5)]).unwrap(),
            _ => one.into(),
        };
        edits.push(match i % CLAIM_EVERY {
            0 => Edit::Claim(key.clone(), Change::insert(ClaimId(ids.next_id()), Claim::new(claim.clone(), Some(join(at, at + 14).into())))),
            _ => Edit::Span(key.clone(), Change::insert(SpanId(ids.next_id()), Span::new(ranges, labels[rng.usize(..labels.len())].clone()))),
        });
    }
    edits
}

/// A project with one article of this size and so many marks, in a folder of its own.
pub struct Project {
    pub folder: tempfile::TempDir,
    pub dir: PathBuf,
    pub key: SheetKey,
}

impl Project {
    pub fn new(bytes: usize, count: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("study");
        let mut ids = IdSource::seeded(3);
        let places = places(folder.path());
        Preferences { coder_name: Some(CODER.to_owned()), ..Preferences::default() }.save(&places).unwrap();
        let schema = template("news").unwrap().schema().unwrap();
        let new = NewProject { name: "Study".to_owned(), schema, guidelines: String::new(), coder: CODER.to_owned() };
        let mut workspace = Workspace::create(&dir, new, &places, IdSource::seeded(4)).unwrap();
        let text = Text::new(article(bytes));
        let title = Document::title_of(text.as_str());
        let new = NewDocument {
            id: workspace.new_document_id(&title),
            document: Document::new(title, text.hash().clone()),
            text: text.clone(),
            original: None,
        };
        let id = workspace.add_documents("add articles", vec![new], Vec::new()).unwrap().remove(0);
        let key = SheetKey::new(&id, workspace.coder());
        let edits = marks(&key, text.as_str(), count, &mut ids);
        workspace.apply(Transaction::new("many marks", edits)).unwrap();
        workspace.close().unwrap();
        Self { folder, dir, key }
    }

    /// The same article with 10,000 spans, 2,000 claims with claimer and stance, and 5,000 entities, which most mentions mean.
    pub fn rich() -> Self {
        let project = Self::new(TEXT_BYTES, 0);
        let who = OpenOptions::read_write(Who::Named(CODER.to_owned()));
        let mut workspace = Workspace::open(&project.dir, who, &project.places()).unwrap().workspace;
        let mut rng = Rng::with_seed(11);
        let mut ids = IdSource::seeded(5);
        let person = LabelKey::new("PER").unwrap();
        let entities: Vec<EntityId> = (0..ENTITIES).map(|_| EntityId(ids.next_id())).collect();
        let mut edits: Vec<Edit> = entities.iter().zip(0..).map(|(id, n)| Edit::Entity(Change::insert(*id, entity(n, &person)))).collect();
        let text = article(TEXT_BYTES);
        let mut spans = Vec::new();
        for edit in marks(&project.key, &text, RICH_SPANS + RICH_SPANS / (CLAIM_EVERY - 1) + 1, &mut ids) {
            if let Edit::Span(key, Change { key: id, after: Some(mut span), .. }) = edit {
                span.entity = rng.bool().then(|| entities[rng.usize(..entities.len())]);
                spans.push(id);
                edits.push(Edit::Span(key, Change::insert(id, span)));
            }
        }
        let words = words(&text);
        for n in 0..RICH_CLAIMS {
            let at = n * (words.len() - 20) / RICH_CLAIMS;
            let mut claim = Claim::new(LabelKey::new("CLAIM").unwrap(), Some(words[at].hull(words[at + 12]).into()));
            claim.roles.insert("claimer".parse().unwrap(), vec![Filler::Span(spans[rng.usize(..spans.len())])]);
            claim.attributes.insert("stance".parse().unwrap(), AttributeValue::Choice("support".parse().unwrap()));
            edits.push(Edit::Claim(project.key.clone(), Change::insert(ClaimId(ids.next_id()), claim)));
        }
        workspace.apply(Transaction::new("many marks", edits)).unwrap();
        workspace.close().unwrap();
        project
    }

    pub fn places(&self) -> Places {
        places(self.folder.path())
    }
}

fn entity(n: usize, label: &LabelKey) -> Entity {
    let first = ["Ada", "Noor", "Zoë", "Ivo", "Vera", "Mark"][n % 6];
    let name = format!("{first} {}{n}", WORDS[30 + n % 8]);
    Entity { aliases: [format!("Minister {n}"), format!("{first} {n}")].into(), ..Entity::new(name, Some(label.clone())) }
}

fn places(folder: &Path) -> Places {
    Places::under(folder)
}
