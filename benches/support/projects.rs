//! A project of many articles of 3 kB with 30 spans each, of four coders, made from a seed.

use std::path::PathBuf;
use std::time::Instant;

use fastrand::Rng;
use manicule::edit::{Change, Edit, Transaction};
use manicule::model::{Document, DocumentId, IdSource, LabelKey, SheetKey, Span, SpanId};
use manicule::store::templates::template;
use manicule::store::{Places, Preferences};
use manicule::text::Text;
use manicule::workspace::{NewDocument, NewProject, OpenOptions, Opened, Who, Workspace};

use super::support;

pub const ARTICLE_BYTES: usize = 3000;
const SPANS: usize = 30;
const CODERS: [&str; 4] = [support::CODER, "Ada", "Noor", "Vera"];
/// So many documents are made and saved at once.
const BATCH: usize = 2000;

pub struct BigProject {
    pub folder: PathBuf,
    // Taken away at the end.
    _fresh: Option<tempfile::TempDir>,
}

impl BigProject {
    /// `MANICULE_DOCUMENTS` articles (1,000), in the folder `MANICULE_PROJECT`, where they are kept, or in one that goes.
    pub fn wanted() -> Self {
        let count: usize = std::env::var("MANICULE_DOCUMENTS").map_or(1000, |value| value.parse().expect("MANICULE_DOCUMENTS is a number"));
        let project = match std::env::var_os("MANICULE_PROJECT") {
            Some(folder) => Self { folder: folder.into(), _fresh: None },
            None => {
                let fresh = tempfile::tempdir().unwrap();
                Self { folder: fresh.path().to_owned(), _fresh: Some(fresh) }
            }
        };
        if !project.dir().exists() {
            project.make(count);
        }
        project
    }

    pub fn dir(&self) -> PathBuf {
        self.folder.join("study")
    }

    pub fn places(&self) -> Places {
        Places::under(&self.folder)
    }

    pub fn open(&self, coder: &str) -> Opened {
        Workspace::open(&self.dir(), OpenOptions::read_write(Who::Named(coder.to_owned())), &self.places()).unwrap()
    }

    /// A project without documents.
    pub fn empty(folder: PathBuf) -> Self {
        let project = Self { folder, _fresh: None };
        project.create().close().unwrap();
        project
    }

    pub fn count(&self) -> usize {
        let opened = Workspace::open(&self.dir(), OpenOptions::read_only(), &self.places()).unwrap();
        opened.workspace.state().documents.len()
    }

    fn create(&self) -> Workspace {
        Preferences { coder_name: Some(support::CODER.to_owned()), ..Preferences::default() }.save(&self.places()).unwrap();
        let schema = template("news").unwrap().schema().unwrap();
        let new = NewProject { name: "Study".to_owned(), schema, guidelines: String::new(), coder: support::CODER.to_owned() };
        Workspace::create(&self.dir(), new, &self.places(), IdSource::seeded(4)).unwrap()
    }

    fn make(&self, count: usize) {
        let start = Instant::now();
        let mut workspace = self.create();
        let text = support::article(ARTICLE_BYTES * 400);
        let mut rng = Rng::with_seed(8);
        let mut documents: Vec<DocumentId> = Vec::with_capacity(count);
        while documents.len() < count {
            let new = (0..BATCH.min(count - documents.len())).map(|i| new_document(&mut workspace, documents.len() + i, &text, &mut rng)).collect();
            documents.extend(workspace.add_documents("add articles", new, Vec::new()).unwrap());
        }
        workspace.close().unwrap();
        println!("{count} documents made in {:.1} s", start.elapsed().as_secs_f64());
        for (coder, seed) in CODERS.iter().zip(0..) {
            self.label(coder, &documents, &mut Rng::with_seed(seed));
        }
        println!("{count} documents labelled by {} coders after {:.1} s", CODERS.len(), start.elapsed().as_secs_f64());
    }

    fn label(&self, coder: &str, documents: &[DocumentId], rng: &mut Rng) {
        let mut workspace = self.open(coder).workspace;
        let labels = ["PER", "ORG", "GPE", "LOC"].map(|label| LabelKey::new(label).unwrap());
        for some in documents.chunks(BATCH) {
            for id in some {
                let key = SheetKey::new(id, workspace.coder());
                workspace.load(&key).unwrap();
                let words = support::words(workspace.state().texts[id].as_str());
                let span = |_| Span::new(words[rng.usize(..words.len())], labels[rng.usize(..labels.len())].clone());
                let spans: Vec<Span> = (0..SPANS).map(span).collect();
                let edits = spans.into_iter().map(|span| Edit::Span(key.clone(), Change::insert(SpanId(workspace.next_id()), span))).collect();
                workspace.apply(Transaction::new("label", edits)).unwrap();
            }
            workspace.checkpoint_now().unwrap();
            some.iter().for_each(|id| workspace.unload(id));
        }
        workspace.close().unwrap();
    }
}

fn new_document(workspace: &mut Workspace, number: usize, text: &str, rng: &mut Rng) -> NewDocument {
    let at = text.ceil_char_boundary(rng.usize(..text.len() - 2 * ARTICLE_BYTES));
    let end = text.ceil_char_boundary(at + ARTICLE_BYTES);
    let headline: Vec<&str> = text[at..end].split_ascii_whitespace().skip(1).take(9).collect();
    let title = format!("{number}: {}", headline.join(" "));
    let text = Text::new(format!("{title}\n\n{}", &text[at..end]));
    let id = workspace.new_document_id(&title);
    let document =
        Document { source: "Harbour Post".to_owned(), file_name: format!("post-{number}.txt"), ..Document::new(title, text.hash().clone()) };
    NewDocument { id, document, text, original: None }
}
