//! Where each file lies: in the project folder (as paths relative to it, with `/`) and in the state folder.

use std::path::{Path, PathBuf};

use crate::model::{CoderKey, DocumentId, EntityId, SheetKey};

/// Name, id, settings and coders.
pub const PROJECT: &str = "project.ron";
/// The codebook.
pub const SCHEMA: &str = "schema.ron";
/// The codebook in prose.
pub const GUIDELINES: &str = "guidelines.md";

/// Live, or in the trash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Shelf {
    /// In the project proper.
    Live,
    /// Under `trash/`.
    Trash,
}

impl Shelf {
    /// The shelf of a document.
    #[must_use]
    pub fn of(in_trash: bool) -> Self {
        if in_trash { Self::Trash } else { Self::Live }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Live => Self::Trash,
            Self::Trash => Self::Live,
        }
    }

    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::Live => "",
            Self::Trash => "trash/",
        }
    }
}

/// The three files of a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The text, verbatim.
    Text,
    /// Title, source and so on.
    Fields,
    /// The bytes as imported, only where the text is not the file as it was.
    Original,
}

impl Part {
    fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Fields => "ron",
            Self::Original => "orig",
        }
    }
}

/// A document's file.
#[must_use]
pub fn document_path(id: &DocumentId, part: Part, shelf: Shelf) -> String {
    format!("{}documents/{}/{id}.{}", shelf.prefix(), id.shard(), part.extension())
}

/// A sheet's file.
#[must_use]
pub fn sheet_path(key: &SheetKey, shelf: Shelf) -> String {
    format!("{}annotations/{}/{}/{}.ron", shelf.prefix(), key.coder, key.document.shard(), key.document)
}

/// The first characters of an entity's id, which name its file.
#[must_use]
pub fn entity_shard(id: EntityId) -> String {
    id.to_string().chars().take(2).collect()
}

/// The file of some entities.
#[must_use]
pub fn entities_path(shard: &str) -> String {
    format!("entities/{shard}.ron")
}

/// The folder of the dictionaries.
#[must_use]
pub fn dictionaries_dir(shelf: Shelf) -> String {
    format!("{}dictionaries", shelf.prefix())
}

/// A dictionary's file.
#[must_use]
pub fn dictionary_path(name: &str, shelf: Shelf) -> String {
    format!("{}/{name}.tsv", dictionaries_dir(shelf))
}

/// True for files that make up a project. Others may lie beside them, and are nobody's business.
#[must_use]
pub fn is_of_project(path: &str) -> bool {
    let folders = ["entities/", "documents/", "annotations/", "dictionaries/", "trash/"];
    [PROJECT, SCHEMA, GUIDELINES, ".gitattributes", ".gitignore"].contains(&path) || folders.iter().any(|folder| path.starts_with(folder))
}

/// What a file of a project is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FileKind {
    /// `project.ron`.
    Project,
    /// `schema.ron`.
    Schema,
    /// Entities whose ids begin so.
    Entities(String),
    /// A document's fields.
    Fields(DocumentId, Shelf),
    /// A sheet.
    Sheet(SheetKey, Shelf),
}

/// What a RON file of a project is, by its path; none for other files.
#[must_use]
pub fn kind_of(path: &str) -> Option<FileKind> {
    let (shelf, inner) = path.strip_prefix("trash/").map_or((Shelf::Live, path), |inner| (Shelf::Trash, inner));
    let parts: Vec<&str> = inner.strip_suffix(".ron")?.split('/').collect();
    match (parts.as_slice(), shelf) {
        (["project"], Shelf::Live) => Some(FileKind::Project),
        (["schema"], Shelf::Live) => Some(FileKind::Schema),
        (["entities", shard], Shelf::Live) => Some(FileKind::Entities((*shard).to_owned())),
        (["documents", _, id], _) => Some(FileKind::Fields(DocumentId::new(id).ok()?, shelf)),
        (["annotations", coder, _, id], _) => {
            let key = SheetKey { document: DocumentId::new(id).ok()?, coder: CoderKey::new(coder).ok()? };
            Some(FileKind::Sheet(key, shelf))
        }
        _ => None,
    }
}

/// One coder's part of a project's state folder.
#[derive(Clone, Debug)]
pub(crate) struct StateDir(PathBuf);

impl StateDir {
    pub(crate) fn new(project_state: &Path, coder: &CoderKey) -> Self {
        Self(project_state.join("coders").join(coder.as_str()))
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0
    }

    pub(crate) fn journals(&self) -> PathBuf {
        self.0.join("journal")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// There while a window has the project open; found at opening, it says that the last one did not close.
    pub(crate) fn running(&self) -> PathBuf {
        self.0.join("running")
    }

    pub(crate) fn staged(&self, checkpoint: u64) -> PathBuf {
        self.0.join("staged").join(format!("{checkpoint:016}.staged"))
    }

    /// Where rows of an import wait that has not been added yet, in files without names.
    pub(crate) fn waiting(&self) -> PathBuf {
        self.0.join("waiting")
    }

    pub(crate) fn checksums(&self) -> PathBuf {
        self.0.join("checksums")
    }

    /// Earlier states of the project.
    pub(crate) fn states(&self) -> PathBuf {
        self.0.join("states")
    }

    /// Their contents.
    pub(crate) fn objects(&self) -> PathBuf {
        self.states().join("objects")
    }

    /// What the files of this folder were when the project was closed.
    pub(crate) fn seal(&self) -> PathBuf {
        self.0.join("seal")
    }

    pub(crate) fn coder(&self) -> Option<CoderKey> {
        CoderKey::new(self.0.file_name()?.to_str()?).ok()
    }

    /// A content that was found or made and must not be lost, though the project has another one.
    pub(crate) fn aside(&self, name: &str, path: &str) -> PathBuf {
        self.0.join("aside").join(name).join(path)
    }

    /// What the coder did, and how long it took.
    pub(crate) fn activity(&self) -> PathBuf {
        self.0.join("activity.csv")
    }

    pub(crate) fn remembered(&self) -> PathBuf {
        self.0.join("remembered.ron")
    }
}
