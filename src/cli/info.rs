//! `manicule info`: what is in a project.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use super::{Outcome, Output, Verb, project};
use crate::model::{CoderKey, DocumentId, SheetKey};
use crate::workspace::Workspace;

pub(super) const VERB: Verb = Verb { name: "info", about: "Say what is in a project", arguments, run };

/// What one coder has done.
#[derive(Default, Serialize)]
struct Work {
    documents: usize,
    done: usize,
    spans: usize,
    claims: usize,
    relations: usize,
}

fn arguments(command: Command) -> Command {
    command.arg(Arg::new("dir").value_name("DIR").required(true).value_parser(value_parser!(PathBuf)).help("The project's folder"))
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let (mut workspace, findings) = project::open_to_read(&project::path(matches, "dir"))?;
    let work = count_work(&mut workspace)?;
    let state = workspace.state();
    let present = state.present_documents().count();
    let in_trash = state.documents.len() - present;
    let entities = state.entities.values().filter(|entity| entity.is_living()).count();
    output.field("name", &state.project.name);
    output.field("id", state.project.id.to_string());
    output.field("documents", present);
    output.field("in_trash", in_trash);
    output.field("entities", entities);
    output.field("labels", state.schema.labels.len());
    output.field("coders", &work);
    output.line(format!("{} ({})", state.project.name, state.project.id));
    output.line(format!("{present} documents, {in_trash} in the trash, {entities} entities, {} labels", state.schema.labels.len()));
    for (coder, work) in &work {
        let Work { documents, done, spans, claims, relations } = work;
        output.line(format!("{coder}: {documents} documents begun, {done} done; {spans} spans, {claims} claims, {relations} relations"));
    }
    Ok(output.findings(&findings))
}

fn count_work(workspace: &mut Workspace) -> anyhow::Result<BTreeMap<CoderKey, Work>> {
    let mut work: BTreeMap<CoderKey, Work> = workspace.state().coders.keys().map(|coder| (coder.clone(), Work::default())).collect();
    let documents: Vec<DocumentId> = workspace.state().present_documents().map(|(id, _)| id.clone()).collect();
    for document in documents {
        for coder in workspace.coders_of(&document)? {
            let key = SheetKey::new(&document, &coder);
            // What there is to say about the sheet is the business of `check`.
            workspace.load(&key)?;
            let sheet = workspace.state().sheet(&key);
            let count = work.entry(coder).or_default();
            count.documents += 1;
            count.done += usize::from(matches!(sheet.info.status, crate::model::Status::Done | crate::model::Status::DoneAnyway));
            count.spans += sheet.spans.len();
            count.claims += sheet.claims.len();
            count.relations += sheet.relations.len();
        }
        workspace.unload(&document);
    }
    Ok(work)
}
