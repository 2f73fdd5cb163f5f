//! Change the fields of many documents as one step: by hand, or from the names of their files.

use super::OpError;
use crate::edit::{Change, Edit, Transaction};
use crate::model::{Date, Document, DocumentId, NamePattern, State, Underscores};

/// New values for the fields that were touched; none for those that stay as they are.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FieldChanges {
    /// The title.
    pub title: Option<String>,
    /// The newspaper, agency or site.
    pub source: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it appeared; none inside for unknown.
    pub date: Option<Option<Date>>,
    /// Where it is on the web.
    pub url: Option<String>,
    /// BCP 47 tag.
    pub language: Option<String>,
}

impl FieldChanges {
    fn put_into(&self, document: &mut Document) {
        let texts = [
            (&self.title, &mut document.title),
            (&self.source, &mut document.source),
            (&self.author, &mut document.author),
            (&self.url, &mut document.url),
            (&self.language, &mut document.language),
        ];
        for (new, field) in texts {
            if let Some(new) = new {
                field.clone_from(new);
            }
        }
        if let Some(date) = &self.date {
            document.date.clone_from(date);
        }
    }
}

/// Gives documents the same values in the fields that were touched. Empty when nothing changes.
///
/// # Errors
/// When a document is not there.
pub fn edit_documents<'d>(state: &State, ids: impl IntoIterator<Item = &'d DocumentId>, changes: &FieldChanges) -> Result<Transaction, OpError> {
    change_all(state, "edit fields", ids, |document| changes.put_into(document))
}

/// Takes fields from the names of the files that documents came from. Those that do not fit stay as they are.
///
/// # Errors
/// When a document is not there.
pub fn fields_from_names<'d>(
    state: &State,
    ids: impl IntoIterator<Item = &'d DocumentId>,
    pattern: &NamePattern,
    underscores: Underscores,
) -> Result<Transaction, OpError> {
    change_all(state, "fields from file names", ids, |document| {
        if let Some(found) = pattern.read(&document.file_name, underscores) {
            found.put_into(document);
        }
    })
}

fn change_all<'d>(
    state: &State,
    name: &str,
    ids: impl IntoIterator<Item = &'d DocumentId>,
    change: impl Fn(&mut Document),
) -> Result<Transaction, OpError> {
    let mut edits = Vec::new();
    for id in ids {
        let before = state.document(id).ok_or(OpError::Gone)?;
        let mut after = before.clone();
        change(&mut after);
        if after != *before {
            edits.push(Edit::Document(Change::replace(id.clone(), before.clone(), after)));
        }
    }
    Ok(Transaction::new(name, edits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply;
    use crate::edit::testing::Case;
    use crate::model::Id;

    /// Three documents that came from these files.
    fn state() -> (State, Vec<DocumentId>) {
        let mut case = Case::new("x");
        case.state.documents.clear();
        for (number, name) in ["2016_Post_Mayor.txt", "2017-02_Mail_Bridge.txt", "other.txt"].into_iter().enumerate() {
            let hash = case.text().hash().clone();
            let document = Document { file_name: name.into(), source: "?".into(), ..Document::new(name, hash) };
            case.state.documents.insert(DocumentId::from_title(name, Id::from_bits(number as u64)), document.into());
        }
        let ids = case.state.documents.keys().cloned().collect();
        (case.state, ids)
    }

    #[track_caller]
    fn check(transaction: impl Fn(&State, &[DocumentId]) -> Transaction, expected: &[&str]) {
        let (mut state, ids) = state();
        let original = state.clone();
        let transaction = transaction(&state, &ids);
        apply(&mut state, &transaction).unwrap();
        let mut shown: Vec<String> = state
            .documents
            .values()
            .map(|row| format!("{}|{}|{}", row.title, row.source, row.date.as_ref().map(ToString::to_string).unwrap_or_default()))
            .collect();
        shown.sort_unstable();
        assert_eq!(shown, expected);
        apply(&mut state, &transaction.inverse()).unwrap();
        assert!(state == original);
    }

    #[test]
    fn only_what_was_touched_changes() {
        let changes = FieldChanges { source: Some("Daily Post".into()), date: Some(Some("2020".parse().unwrap())), ..FieldChanges::default() };
        check(
            |state, ids| edit_documents(state, &ids[..2], &changes).unwrap(),
            &["2016_Post_Mayor.txt|Daily Post|2020", "2017-02_Mail_Bridge.txt|Daily Post|2020", "other.txt|?|"],
        );
    }

    #[test]
    fn names_that_do_not_fit_leave_their_documents_alone() {
        let pattern = NamePattern::parse("{date}_{source}_{title}").unwrap();
        check(
            |state, ids| fields_from_names(state, ids, &pattern, Underscores::Stay).unwrap(),
            &["Bridge|Mail|2017-02", "Mayor|Post|2016", "other.txt|?|"],
        );
    }

    #[test]
    fn nothing_to_change_is_no_step() {
        let (state, ids) = state();
        assert!(edit_documents(&state, &ids, &FieldChanges::default()).unwrap().is_empty());
        let gone = DocumentId::from_title("gone", Id::from_bits(9));
        assert_eq!(edit_documents(&state, [&gone], &FieldChanges::default()), Err(OpError::Gone));
    }
}
