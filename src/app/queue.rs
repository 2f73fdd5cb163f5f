//! What views ask for: commands (no payload) and actions (with one). Drained after the frame is drawn.

use std::path::PathBuf;

use eframe::egui::Pos2;

use super::codebook::CodebookAction;
use super::command::Command;
use super::concordance::{Order, Scope};
use super::jobs::ImportRead;
use super::offer::Purpose;
use crate::edit::ops::{Adoption, AttributeOwner, Edge, Emptied, FieldChanges, TextCorrection, Words};
use crate::model::{
    AttributeKey, AttributeValue, ClaimId, Document, DocumentId, EntityId, EntityUse, Filler, Finding, LabelKey, MarkId, NamePattern, Node, Region,
    RegionKind, RelationId, RelationKey, RoleKey, SheetKey, SpanId, Status, Underscores,
};
use crate::text::TextRange;
use crate::text::search::Case;
use crate::workspace::Who;
use crate::workspace::states::{KnownProject, StateId};

/// Something to do with a payload.
pub(crate) enum Action {
    /// A row of the command table.
    Run(&'static Command),
    /// Show a mark in the inspector, or none.
    SelectMark(Option<MarkId>),
    /// Select a mark and bring it into view.
    GoToMark(MarkId),
    /// Several marks lie under the pointer: offer them there.
    OfferMarks {
        marks: Vec<MarkId>,
        at: Pos2,
    },
    /// The mouse finished selecting: snap, and label at once when a label is locked.
    FinishSelection,
    /// Add the selected text to the selected mark.
    AddSelectionToMark,
    /// Move an edge of a mark to a byte offset.
    MoveEdge {
        mark: MarkId,
        edge: Edge,
        to: usize,
    },
    /// Give a label: to the selected text, to the selected mark, or to the word or sentence at the caret.
    GiveLabel(LabelKey),
    /// Lock a label, so that selecting is enough; again: unlock.
    ToggleLock(LabelKey),
    /// The key of a role: fill it from what is in hand, else offer who could.
    UseRole(RoleKey),
    /// The key of an attribute: turn it on, or offer its choices.
    UseAttribute(AttributeKey),
    /// Offer what could fill, name or merge something.
    OpenOffer(Purpose),
    /// Show the slots again.
    CloseOffer,
    /// Take one of the offered choices.
    TakeChoice(usize),
    /// Look for other choices.
    SearchOffer(String),
    /// Ask where a relation leads to, from what is selected: one of this type, or any.
    OpenRelate(Option<RelationKey>),
    /// Join two nodes by a relation of this type, or ask which.
    Relate {
        from: Node,
        to: Node,
        label: Option<RelationKey>,
    },
    /// Show a relation in the inspector, or none.
    SelectRelation(Option<RelationId>),
    /// Select a relation and bring it into view.
    GoToRelation(RelationId),
    /// Select what is at an end of a relation.
    GoToNode(Node),
    /// Give a relation another type.
    SetRelationType(RelationId, RelationKey),
    /// Let a relation lead the other way.
    ReverseRelation(RelationId),
    /// Take a relation away.
    DeleteRelation(RelationId),
    /// Go to what a finding of the checks is about.
    GoToProblem(Box<Finding>),
    /// Mend what a finding is about.
    FixProblem(Box<Finding>),
    /// Mend all that is safe to mend in the shown article.
    FixAllProblems,
    /// Do not show a finding again, or show it again.
    IgnoreProblem(Box<Finding>, bool),
    /// Show the problems of the article, those that are ignored, or those of the project.
    ShowProblems(super::problems::ShownProblems),
    /// Fill the offered role with a mark that was clicked.
    FillFrom(MarkId),
    /// Fill the offered role with the selected text.
    FillFromSelection,
    /// Take a filler out of a role.
    EmptyRole {
        claim: ClaimId,
        role: RoleKey,
        filler: Filler,
    },
    /// Show an entity in the inspector, or none.
    SelectEntity(Option<EntityId>),
    /// Copy a claim.
    DuplicateClaim(ClaimId),
    /// A claim is not said at its n-th further place.
    RemoveOccurrence {
        claim: ClaimId,
        index: usize,
    },
    /// Cut a claim at the caret, or in its first gap.
    SplitClaim(ClaimId),
    /// The span's place becomes content of the claim under work.
    SpanIntoContent(SpanId),
    /// The claim's content becomes a span.
    ContentIntoSpan {
        claim: ClaimId,
        label: LabelKey,
    },
    /// Look at the codebook, or change it.
    Codebook(CodebookAction),
    /// Give a command other keys; none for those of the table.
    SetKeys {
        command: &'static str,
        keys: Option<Vec<String>>,
    },
    /// Replace a field of an entity.
    SetEntityField {
        entity: EntityId,
        field: EntityField,
        text: String,
    },
    /// Give an entity another type, or none.
    RetypeEntity(EntityId, Option<LabelKey>),
    /// Make one entity of several.
    MergeEntities {
        winner: EntityId,
        losers: Vec<EntityId>,
    },
    /// Look for entities that could be one.
    FindDuplicates,
    /// Take out again what was merged.
    UnmergeEntity(EntityId),
    /// Give some uses to a new entity.
    SplitEntity {
        entity: EntityId,
        uses: Vec<(SheetKey, EntityUse)>,
        name: String,
    },
    /// Delete an entity; in these sheets nothing means it any more.
    DeleteEntity {
        entity: EntityId,
        sheets: Vec<SheetKey>,
    },
    /// Look for words in the project.
    LookFor(String),
    /// Look in the article, or in the project.
    SetScope(Scope),
    SetSearchCase(Case),
    /// Sort the places that were found.
    SortLines(Order),
    /// Say how far the coder is with the shown document.
    SetStatus(Status),
    /// Set an attribute, or unset it.
    SetAttribute {
        owner: AttributeOwner,
        key: AttributeKey,
        value: Option<AttributeValue>,
    },
    /// Replace a note or a normalised text.
    SetWords {
        words: Words,
        text: String,
    },
    /// Replace a document's fields.
    SetFields {
        id: DocumentId,
        fields: Box<Document>,
    },
    /// Replace words of a text as was shown.
    CorrectText(Box<TextCorrection>, Emptied),
    /// Give documents the same values in some fields.
    SetFieldsOfMany {
        ids: Vec<DocumentId>,
        changes: FieldChanges,
    },
    /// Take fields from the names of files.
    FieldsFromNames {
        ids: Vec<DocumentId>,
        pattern: NamePattern,
        underscores: Underscores,
    },
    /// Show a document at one of its marks.
    OpenAt(DocumentId, MarkId),
    /// Show a document.
    OpenDocument(DocumentId),
    /// Move a document to the trash.
    Trash(DocumentId),
    /// Take a document back from the trash.
    Restore(DocumentId),
    /// Open projects and articles by path.
    OpenPaths(Vec<PathBuf>),
    /// Open a project as one of its coders, or as a new one.
    OpenAs {
        dir: PathBuf,
        who: Who,
    },
    /// A text typed or pasted becomes an article.
    AddText {
        title: String,
        text: String,
    },
    /// Add what was read for an import, however many labels it brings.
    AddImport(Box<ImportRead>),
    /// Look at files, with a chosen encoding or none.
    LookAtFiles {
        paths: Vec<PathBuf>,
        encoding: Option<String>,
    },
    /// Work out what an import would bring.
    PreviewImport {
        paths: Vec<PathBuf>,
        choice: super::dialogs::ImportChoice,
    },
    /// Add what files hold.
    Import {
        paths: Vec<PathBuf>,
        choice: super::dialogs::ImportChoice,
    },
    /// Say who annotates.
    SetCoder(String),
    /// Make a project.
    CreateProject {
        dir: PathBuf,
        template: &'static str,
        first: FirstArticle,
    },
    /// Copy the project.
    SaveAs(PathBuf),
    /// Work out what an export would carry.
    PlanExport(super::dialogs::ExportChoice),
    /// Write an export.
    Export(super::dialogs::ExportChoice),
    /// Search the article.
    Find(String),
    /// Keep what this window has for a file that was changed outside.
    KeepMine,
    /// What differs between a state and now.
    CompareState(Box<KnownProject>, StateId),
    /// An earlier state becomes a project of its own.
    CopyState {
        project: Box<KnownProject>,
        state: StateId,
        target: PathBuf,
    },
    /// The open project becomes what it was.
    RestoreState(StateId),
    /// What the right side shows.
    ShowSide(super::side_panel::SideTab),
    /// Read the guidelines.
    ReadGuidelines,
    /// Save what was written into them.
    SaveGuidelines,
    /// The selected words play this part, or no longer.
    ToggleRegion(RegionKind),
    /// These places play their parts.
    SetRegions(Vec<Region>),
    /// This place plays none.
    ClearRegion(TextRange),
    /// Do not propose it again.
    RejectRegion(Region),
    /// Bring a place of the shown article into view.
    GoToPlace(super::session::Place),
    /// Read another codebook and see what it would do.
    LookAtCodebook(PathBuf),
    /// Work out again what it would do.
    PlanCodebook,
    /// The codebook becomes what was planned.
    AdoptCodebook(Box<Adoption>),
    /// The codebook goes into a file.
    ExportCodebook(PathBuf),
    /// The logs of all coders of this machine go into a file.
    ExportActivity(PathBuf),
    /// Take what another program wrote.
    TakeTheirs,
}

/// What a new project begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FirstArticle {
    None,
    /// The marked example of its template.
    Example,
}

/// A field of an entity that is typed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum EntityField {
    Name,
    /// One a line.
    Aliases,
    /// One a line.
    KnowledgeBaseIds,
    Note,
}

/// Filled by views, drained by the window.
#[derive(Default)]
pub(crate) struct Queue(Vec<Action>);

impl Queue {
    pub(crate) fn push(&mut self, action: Action) {
        self.0.push(action);
    }

    pub(crate) fn extend(&mut self, actions: impl IntoIterator<Item = Action>) {
        self.0.extend(actions);
    }

    /// Asks for a command of the table by its name.
    pub(crate) fn run(&mut self, id: &str) {
        let command = super::command::find(id);
        debug_assert!(command.is_some(), "`{id}` is in the table");
        self.0.extend(command.map(Action::Run));
    }

    pub(crate) fn take(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.0)
    }
}
