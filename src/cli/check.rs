//! `manicule check`: looks for what cannot be right.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};

use super::{Outcome, Output, Verb, project};
use crate::check::{RULES, check_sheet, check_tables};
use crate::model::{DocumentId, Finding, Severity, SheetKey};
use crate::workspace::Workspace;

pub(super) const VERB: Verb = Verb { name: "check", about: "Look for damage and for what cannot be right", arguments, run };

fn arguments(command: Command) -> Command {
    command.arg(Arg::new("dir").value_name("DIR").required(true).value_parser(value_parser!(PathBuf)).help("The project's folder"))
}

fn run(matches: &ArgMatches, output: &mut Output) -> anyhow::Result<Outcome> {
    let (mut workspace, mut findings) = project::open_to_read(&project::path(matches, "dir"))?;
    findings.extend(check_tables(workspace.state()));
    let documents: Vec<DocumentId> = workspace.state().documents.keys().cloned().collect();
    for document in &documents {
        check_document(&mut workspace, document, &mut findings);
    }
    output.field("documents", documents.len());
    let outcome = output.findings(&findings);
    for rule in RULES.iter().filter(|rule| findings.iter().any(|finding| finding.rule == rule.name)) {
        output.line(format!("{}: {}", rule.title, rule.explanation));
    }
    let count = findings.iter().filter(|finding| finding.severity > Severity::Note).count();
    output.line(format!("{} documents checked; {count} findings", documents.len()));
    Ok(outcome)
}

/// A document at a time, so that memory does not grow with the project.
fn check_document(workspace: &mut Workspace, document: &DocumentId, findings: &mut Vec<Finding>) {
    let failed = |error: crate::store::StoreError| error.to_finding("unreadable").about(document);
    let coders = match workspace.coders_of(document) {
        Ok(coders) => coders,
        Err(error) => return findings.push(failed(error)),
    };
    // A document without sheets has a text all the same.
    if let (true, Err(error)) = (coders.is_empty(), workspace.loader().text(document)) {
        findings.push(failed(error));
    }
    for coder in coders {
        let key = SheetKey::new(document, &coder);
        match workspace.load(&key) {
            Ok(found) => findings.extend(found),
            Err(error) => findings.push(failed(error)),
        }
        findings.extend(check_sheet(workspace.state(), &key));
    }
    workspace.unload(document);
}
