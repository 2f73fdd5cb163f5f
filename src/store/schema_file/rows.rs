//! The rows of `schema.ron`: a row of the model with its key in front and its place in the list left out.
//!
//! Every field is named once, in [`rows!`]; a field added to the model and forgotten here does not compile.

use serde::{Deserialize, Serialize};

use crate::model::{
    AttributeDef, AttributeKey, AttributeKind, AttributeValue, Choice, ChoiceKey, Color, FillerKind, Label, LabelKey, LabelKind, NodeKind,
    RelationKey, RelationType, Residue, RoleDef, RoleKey, Target,
};

/// A row of a file that stands for a row of the model.
pub(super) trait Row: Sized {
    type Key: Ord + Clone + std::fmt::Display;
    type Def;

    /// The row of the file for the model's row that stands at `place` of its list.
    fn from_model(key: &Self::Key, def: &Self::Def, place: u32) -> Self;

    /// The model's row for the file's row at `place` of its list.
    fn into_model(self, place: u32) -> (Self::Key, Self::Def);

    /// Where the model wants the row.
    fn position(def: &Self::Def) -> u32;
}

macro_rules! rows {
    ($($word:literal $row:ident: $key:ty => $def:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* })*) => {$(
        #[derive(Serialize, Deserialize)]
        #[serde(rename(deserialize = $word), deny_unknown_fields)]
        pub(super) struct $row {
            pub(super) key: $key,
            $($(#[$attribute])* pub(super) $field: $kind,)*
            // Written only where it is not simply the place in the list.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            position: Option<u32>,
        }

        impl Row for $row {
            type Key = $key;
            type Def = $def;

            fn from_model(key: &$key, def: &$def, place: u32) -> Self {
                let $def { position, $($field,)* } = def.clone();
                Self { key: key.clone(), $($field,)* position: (position != place).then_some(position) }
            }

            fn into_model(self, place: u32) -> ($key, $def) {
                let Self { key, $($field,)* position } = self;
                (key, $def { position: position.unwrap_or(place), $($field,)* })
            }

            fn position(def: &$def) -> u32 {
                def.position
            }
        }
    )*};
}

rows! {
    "label" LabelRow: LabelKey => Label {
        name: String,
        kind: LabelKind,
        #[serde(default, skip_serializing_if = "Option::is_none")] parent: Option<LabelKey>,
        #[serde(default, skip_serializing_if = "String::is_empty")] short: String,
        color: Color,
        #[serde(default, skip_serializing_if = "Option::is_none")] shortcut: Option<char>,
        #[serde(default, skip_serializing_if = "String::is_empty")] description: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] examples: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] aliases: Vec<String>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")] no_crossing: bool,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")] no_nesting: bool,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")] retired: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")] replaced_by: Option<LabelKey>,
        #[serde(default, skip_serializing_if = "Residue::is_empty")] residue: Residue,
    }
    "attribute" AttributeRow: AttributeKey => AttributeDef {
        name: String,
        kind: AttributeKind,
        applies_to: Vec<Target>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] labels: Vec<LabelKey>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")] required: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")] default: Option<AttributeValue>,
        #[serde(default, skip_serializing_if = "Option::is_none")] shortcut: Option<char>,
        #[serde(default, skip_serializing_if = "String::is_empty")] description: String,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")] retired: bool,
        #[serde(default, skip_serializing_if = "Vec::is_empty", with = "choices")] choices: Vec<Choice>,
    }
    "role" RoleRow: RoleKey => RoleDef {
        name: String,
        accepts: Vec<FillerKind>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] values: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] labels: Vec<LabelKey>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")] required: bool,
        #[serde(default, skip_serializing_if = "is_zero")] max: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")] shortcut: Option<char>,
        #[serde(default, skip_serializing_if = "String::is_empty")] description: String,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")] retired: bool,
    }
    "relation type" RelationTypeRow: RelationKey => RelationType {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")] parent: Option<RelationKey>,
        #[serde(default, skip_serializing_if = "String::is_empty")] short: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] from: Vec<NodeKind>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] to: Vec<NodeKind>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")] symmetric: bool,
        color: Color,
        #[serde(default, skip_serializing_if = "Option::is_none")] shortcut: Option<char>,
        #[serde(default, skip_serializing_if = "String::is_empty")] description: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] examples: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] aliases: Vec<String>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")] retired: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")] replaced_by: Option<RelationKey>,
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// Choices refuse unknown fields here, though the model's own type lets them pass.
mod choices {
    use serde::{Deserializer, Serializer};

    use super::{Choice, ChoiceKey, Deserialize, Serialize};
    use crate::store::files::bounded;

    #[derive(Deserialize)]
    #[serde(rename = "choice", deny_unknown_fields)]
    struct ChoiceRow {
        key: ChoiceKey,
        name: String,
        #[serde(default)]
        shortcut: Option<char>,
        #[serde(default)]
        description: String,
    }

    pub(super) fn serialize<S: Serializer>(choices: &[Choice], serializer: S) -> Result<S::Ok, S::Error> {
        choices.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Choice>, D::Error> {
        let rows = bounded::<ChoiceRow, D>(deserializer)?;
        let choice = |ChoiceRow { key, name, shortcut, description }| Choice { key, name, shortcut, description };
        Ok(rows.into_iter().map(choice).collect())
    }
}
