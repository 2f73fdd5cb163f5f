//! CPU time of changes that reach into all sheets: 1,000 documents with 100 spans each.
//!
//! `cargo bench --no-default-features --bench codebook`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, clippy::print_stdout)]

#[path = "../tests/support/project.rs"]
mod project;

use cpu_time::ProcessTime;
use manicule::edit::ops::{self, Direction};
use manicule::edit::{Edit, Transaction};
use manicule::model::{AttributeKind, AttributeValue, CodebookKey, Color, LabelKey, SheetKey, State};
use manicule::progress::{CancelToken, Progress};
use project::{TestProject, add_document, span_edit};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const DOCUMENTS: usize = 1000;
const SPANS: u32 = 100;

fn timed<R>(name: &str, run: impl FnOnce() -> R) -> R {
    let start = ProcessTime::now();
    let result = run();
    println!("{name}: {:.3} s CPU", start.elapsed().as_secs_f64());
    result
}

fn main() {
    let project = TestProject::new();
    let mut workspace = project.create();
    let text = "Kerry met Lavrov in Vienna, where both talked. ".repeat(SPANS as usize);
    let (attribute, transaction) = ops::add_attribute(workspace.state(), "note", AttributeKind::Text).unwrap();
    workspace.apply(transaction).unwrap();
    for n in 0..DOCUMENTS {
        let document = add_document(&mut workspace, &format!("Article {n}"), &text);
        let key = SheetKey::new(&document, workspace.coder());
        let edits: Vec<Edit> = (0..SPANS)
            .map(|i| match span_edit(&mut workspace, &key, i * 47, i * 47 + 5, "ORG") {
                Edit::Span(key, mut change) => {
                    let span = change.after.take().unwrap();
                    let mut extras = span.extras().clone();
                    extras.attributes.insert(attribute.clone(), AttributeValue::Text(i.to_string()));
                    change.after = Some(span.with_extras(extras));
                    Edit::Span(key, change)
                }
                other => other,
            })
            .collect();
        workspace.apply(Transaction::new("bench", edits)).unwrap();
    }
    workspace.checkpoint_now().unwrap();
    workspace.close().unwrap();

    let mut workspace = project.open().workspace;
    let (progress, cancel) = (Progress::new(), CancelToken::new());
    let (winner, loser): (LabelKey, LabelKey) = ("PER".parse().unwrap(), "ORG".parse().unwrap());
    let merge = ops::merge_labels(workspace.state(), &winner, &[loser]).unwrap();
    let change = timed("merge two labels, 100,000 uses: worked out (two threads)", || {
        let edits = |state: &State, key: &SheetKey| merge.edits_of(key, state.sheet(key));
        workspace.change_all().run((merge.name.clone(), merge.tables.clone()), &edits, (&progress, &cancel)).unwrap()
    });
    timed("merge two labels: applied and journalled", || workspace.apply_change(change).unwrap());
    timed("merge two labels: undone", || workspace.undo().unwrap());
    let kind = ops::change_attribute_kind(workspace.state(), &attribute, AttributeKind::Integer).unwrap();
    let change = timed("another type for 100,000 values: worked out (two threads)", || {
        let edits = |state: &State, key: &SheetKey| kind.edits_of(key, state.sheet(key));
        workspace.change_all().run((kind.name.clone(), kind.tables.clone()), &edits, (&progress, &cancel)).unwrap()
    });
    timed("another type: applied and journalled", || workspace.apply_change(change).unwrap());
    let renames = 1000;
    timed("1,000 renames, colours and moves of a label", || {
        for n in 0..renames {
            let rename = ops::edit_label(workspace.state(), &winner, |label| {
                label.name = format!("Person {n}");
                label.color = Color::from_palette(n);
            });
            workspace.apply(rename.unwrap()).unwrap();
        }
        workspace.apply(ops::move_row(workspace.state(), &CodebookKey::Label(winner.clone()), Direction::Down).unwrap()).unwrap();
    });
}
