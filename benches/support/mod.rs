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

/// How big an article is, and what it is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    pub bytes: usize,
    pub marks: usize,
    pub script: Script,
}

/// What a text is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Script {
    English,
    Arabic,
    Hindi,
    Chinese,
    /// English without a line break.
    OneParagraph,
}

impl Size {
    pub const USUAL: Self = Self { bytes: TEXT_BYTES, marks: MARKS, script: Script::English };

    /// `MANICULE_MB` (1, with 10,000 marks each; 0 for 3 kB with 30) and `MANICULE_SCRIPT` (`english`, `arabic`, `hindi`,
    /// `chinese`, `one-paragraph`).
    pub fn wanted() -> Self {
        let megabytes = std::env::var("MANICULE_MB").map_or(1, |value| value.parse().expect("MANICULE_MB is a number"));
        let (bytes, marks) = if megabytes == 0 { (3_000, 30) } else { (megabytes * TEXT_BYTES, megabytes * MARKS) };
        let script = match std::env::var("MANICULE_SCRIPT").as_deref() {
            Err(_) | Ok("english") => Script::English,
            Ok("arabic") => Script::Arabic,
            Ok("hindi") => Script::Hindi,
            Ok("chinese") => Script::Chinese,
            Ok("one-paragraph") => Script::OneParagraph,
            other => unreachable!("MANICULE_SCRIPT is no script: {other:?}"),
        };
        Self { bytes, marks, script }
    }

    /// `10 MB arabic`.
    pub fn name(self) -> String {
        let size = if self.bytes < TEXT_BYTES { format!("{} kB", self.bytes / 1000) } else { format!("{} MB", self.bytes / TEXT_BYTES) };
        format!("{size}, {} marks, {:?}", self.marks, self.script)
    }
}
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

const ARABIC: &str =
    "قال الوزير إن الجسر آمن بعد إصلاح الشقوق في المدينة القديمة وأعلن المجلس خطة جديدة للميناء والسكك الحديدية 2019 Kestrel لكن الخبراء نفوا ذلك";
const HINDI: &str = "मंत्री ने कहा कि पुल मरम्मत के बाद सुरक्षित है और परिषद ने बंदरगाह तथा रेलवे के लिए नई योजना घोषित की लेकिन विशेषज्ञों ने 2019 में इससे इनकार किया";
const CHINESE: &str =
    "部长说 桥梁 修复后 是安全的 市议会 宣布了 港口和铁路的 新计划 但是 专家 在2019年 否认了 这一说法 记者 报道 城市 河流 抗议 预算";

/// A text of paragraphs and sentences, mostly ASCII as English news is, with what is not ASCII strewn in.
pub fn article(bytes: usize) -> String {
    article_in(Script::English, bytes)
}

/// A text of paragraphs and sentences.
pub fn article_in(script: Script, bytes: usize) -> String {
    let foreign = |text: &'static str| text.split(' ').collect::<Vec<_>>();
    let (words, stop, blank, line_end) = match script {
        Script::English => (WORDS.to_vec(), ". ", " ", "\n\n"),
        Script::OneParagraph => (WORDS.to_vec(), ". ", " ", " "),
        Script::Arabic => (foreign(ARABIC), ". ", " ", "\n\n"),
        Script::Hindi => (foreign(HINDI), "। ", " ", "\n\n"),
        Script::Chinese => (foreign(CHINESE), "。", "", "\n\n"),
    };
    let mut rng = Rng::with_seed(20);
    let mut text = String::with_capacity(bytes + 1000);
    while text.len() < bytes {
        for _ in 0..rng.usize(2..7) {
            for word in 0..rng.usize(6..24) {
                if word > 0 {
                    text.push_str(blank);
                }
                text.push_str(words[rng.usize(..words.len())]);
            }
            text.push_str(stop);
        }
        if text.ends_with(' ') {
            text.pop();
        }
        text.push_str(line_end);
    }
    text
}

/// Places to mark: the words, or what stands for them where there are no blanks.
fn places_of(text: &str, script: Script) -> Vec<TextRange> {
    if script != Script::Chinese {
        return words(text);
    }
    let letters = text.char_indices().filter(|(_, letter)| letter.is_alphanumeric()).step_by(3);
    let range = |(at, letter): (usize, char)| (u32::try_from(at).unwrap(), u32::try_from(at + letter.len_utf8()).unwrap());
    letters.map(|place| TextRange::try_from(range(place)).unwrap()).collect()
}

/// The words of a text.
pub fn words(text: &str) -> Vec<TextRange> {
    let start_of = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    let range = |word: &str| (u32::try_from(start_of(word)).unwrap(), u32::try_from(start_of(word) + word.len()).unwrap());
    text.split_ascii_whitespace().map(|word| TextRange::try_from(range(word)).unwrap()).collect()
}

/// Marks strewn over a text: single, nested, crossing, of two ranges, and claims.
pub fn marks(key: &SheetKey, text: &str, count: usize, ids: &mut IdSource) -> Vec<Edit> {
    marks_at(key, &words(text), count, ids)
}

fn marks_at(key: &SheetKey, words: &[TextRange], count: usize, ids: &mut IdSource) -> Vec<Edit> {
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
        Self::of(Size { bytes, marks: count, script: Script::English })
    }

    pub fn of(size: Size) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("study");
        let mut ids = IdSource::seeded(3);
        let places = places(folder.path());
        Preferences { coder_name: Some(CODER.to_owned()), ..Preferences::default() }.save(&places).unwrap();
        let schema = template("news").unwrap().schema().unwrap();
        let new = NewProject { name: "Study".to_owned(), schema, guidelines: String::new(), coder: CODER.to_owned() };
        let mut workspace = Workspace::create(&dir, new, &places, IdSource::seeded(4)).unwrap();
        let text = Text::new(article_in(size.script, size.bytes));
        let title = Document::title_of(text.as_str());
        let new = NewDocument {
            id: workspace.new_document_id(&title),
            document: Document::new(title, text.hash().clone()),
            text: text.clone(),
            original: None,
        };
        let id = workspace.add_documents("add articles", vec![new], Vec::new()).unwrap().remove(0);
        let key = SheetKey::new(&id, workspace.coder());
        let edits = marks_at(&key, &places_of(text.as_str(), size.script), size.marks, &mut ids);
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
