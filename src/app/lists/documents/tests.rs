//! The list follows the data row by row and is what it would be, made anew.

use proptest::prelude::*;

use super::rows::Rows;
use super::view::{Field, Progress, Sort, View};
use crate::app::session::Session;
use crate::edit::{Change, Edit, Transaction, ops};
use crate::model::{Document, DocumentId, IdSource, SheetKey, Span, SpanId, Status};
use crate::store::Places;
use crate::store::templates::template;
use crate::text::{Text, TextRange};
use crate::workspace::{NewDocument, NewProject, Workspace};

/// A project with four documents, all of them loaded.
fn session(folder: &std::path::Path) -> (Session, Vec<DocumentId>) {
    let schema = template("news").unwrap().schema().unwrap();
    let new = NewProject { name: "Study".into(), schema, guidelines: String::new(), coder: "ann".into() };
    let mut workspace = Workspace::create(&folder.join("study"), new, &Places::under(folder), IdSource::seeded(7)).unwrap();
    let documents = ["Alpha", "beta", "Gamma", "delta"].map(|title| {
        let text = Text::new(format!("{title} rises"));
        NewDocument { id: workspace.new_document_id(title), document: Document::new(title, text.hash().clone()), text, original: None }
    });
    let ids = workspace.add_documents("add", documents.into(), Vec::new()).unwrap();
    for id in &ids {
        workspace.load(&SheetKey::new(id, &workspace.coder().clone())).unwrap();
    }
    (Session::new(workspace, Vec::new()), ids)
}

/// Three documents come at once.
fn add_three(session: &mut Session) {
    let new = ["Epsilon", "alpine", "gamma ray"].map(|title| {
        let text = Text::new(format!("{title} falls"));
        let id = session.workspace.new_document_id(title);
        NewDocument { id, document: Document::new(title, text.hash().clone()), text, original: None }
    });
    for id in session.workspace.add_documents("add", new.into(), Vec::new()).unwrap() {
        session.workspace.load(&SheetKey::new(&id, &session.workspace.coder().clone())).unwrap();
    }
}

/// A document gets a title, a source, a status, goes to the trash or comes back.
fn change(session: &mut Session, id: &DocumentId, what: usize) {
    let workspace = &mut session.workspace;
    let key = SheetKey::new(id, &workspace.coder().clone());
    let state = workspace.state();
    let is_gone = state.documents[id].in_trash;
    let transaction = match what {
        0..3 => ops::edit_document(state, id, |row| row.title = ["Zeta", "alp", "Beta"][what].to_owned()),
        3 => ops::edit_document(state, id, |row| row.source = "Post".to_owned()),
        4 => ops::set_status(state, &key, Status::Done),
        5 => ops::set_status(state, &key, Status::InProgress),
        _ if is_gone => ops::restore_document(state, id),
        _ => ops::trash_document(state, id),
    };
    workspace.apply(transaction.unwrap()).unwrap();
}

fn view(sort: usize, is_reversed: bool, filter: usize) -> View {
    let mut view = View { sort: Sort::ALL[sort].0, is_reversed, ..View::default() };
    match filter {
        0 => {}
        1 => view.filter.words = "ET".to_owned(),
        2 => drop(view.filter.progress.insert(Progress::Done)),
        _ => drop(view.filter.fields.insert(Field::Source, "Post".to_owned())),
    }
    view
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_list_that_follows_changes_is_the_one_made_anew(
        steps in prop::collection::vec((0usize..4, 0usize..11), 1..15), sort in 0usize..5, is_reversed: bool, filter in 0usize..4
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (mut session, ids) = session(folder.path());
        let view = view(sort, is_reversed, filter);
        let mut rows = Rows::default();
        rows.refresh(&session, &view);
        for (id, what) in steps {
            match what {
                8 => add_three(&mut session),
                // Three documents may go at once, but not the first four.
                9 if session.workspace.history().undo_len() > 1 => drop(session.workspace.undo().unwrap()),
                9 | 10 => drop(session.workspace.redo().unwrap()),
                what => change(&mut session, &ids[id], what),
            }
            rows.refresh(&session, &view);
            let mut anew = Rows::default();
            anew.refresh(&session, &view);
            prop_assert_eq!(rows.shown(), anew.shown());
            for progress in Progress::ALL {
                prop_assert_eq!(rows.count(progress), anew.count(progress));
            }
            let known = |rows: &Rows| ids.iter().filter_map(|id| rows.facts(id)).map(|facts| facts.status).collect::<Vec<_>>();
            prop_assert_eq!(known(&rows), known(&anew));
        }
    }
}

/// A change of more rows than are remembered makes sheets, and takes them away again.
#[test]
fn a_sheet_that_becomes_blank_by_a_large_change_is_counted_as_blank() {
    let folder = tempfile::tempdir().unwrap();
    let (mut session, ids) = session(folder.path());
    let keys: Vec<SheetKey> = ids.iter().map(|id| SheetKey::new(id, &session.workspace.coder().clone())).collect();
    let mut rows = Rows::default();
    let mut seen = |session: &Session| {
        rows.refresh(session, &View::default());
        ids.iter().filter_map(|id| rows.facts(id)).map(|facts| (facts.status, facts.marks)).collect::<Vec<_>>()
    };
    assert_eq!(seen(&session), [(Status::New, 0); 4]);
    let range: TextRange = (0, 1).try_into().unwrap();
    let mut edits = Vec::new();
    for key in keys.iter().cycle().take(4000) {
        let (id, span) = (SpanId(session.workspace.next_id()), Span::new(range, "PER".parse().unwrap()));
        edits.push(Edit::Span(key.clone(), Change::insert(id, span)));
    }
    session.workspace.apply(Transaction::new("many", edits)).unwrap();
    assert_eq!(seen(&session), [(Status::InProgress, 1000); 4]);
    session.workspace.undo().unwrap();
    assert_eq!(seen(&session), [(Status::New, 0); 4]);
}
