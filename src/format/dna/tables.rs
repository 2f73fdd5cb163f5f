//! What the tables of a database hold, apart from documents: coders, types, variables, entities, statements and their values.

use std::collections::BTreeMap;

use serde_json::Value;

use super::database::{Cell, Database};

/// What DNA 2 says of an entity in columns and DNA 3 in rows of their own.
const OLD_ATTRIBUTES: [&str; 3] = ["Type", "Alias", "Notes"];

/// A statement.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Statement {
    pub(super) id: i64,
    pub(super) kind: i64,
    pub(super) coder: i64,
    pub(super) range: Option<(usize, usize)>,
}

/// What a variable of a statement says.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Said {
    /// The entity of this id.
    Entity(i64),
    /// Its name, in old databases.
    Name(String),
    Bool(bool),
    Integer(i64),
    Text(String),
}

/// An entity.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct EntityRow {
    pub(super) variable: i64,
    pub(super) name: String,
    pub(super) color: [i64; 3],
    /// The id of what it is a part of, or its name in old databases.
    pub(super) child_of: Option<Value>,
    /// Names and values.
    pub(super) attributes: Vec<(String, String)>,
}

/// Everything but the documents.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Tables {
    pub(super) coders: BTreeMap<i64, String>,
    pub(super) types: BTreeMap<i64, String>,
    /// Names of variables, and whether entities fill them.
    pub(super) variables: BTreeMap<i64, (String, bool)>,
    pub(super) entities: BTreeMap<i64, EntityRow>,
    /// By document.
    pub(super) statements: BTreeMap<i64, Vec<Statement>>,
    /// By statement: variables and what they say.
    pub(super) values: BTreeMap<i64, Vec<(i64, Said)>>,
    /// Tables that could not be read to their end.
    pub(super) damaged: Vec<String>,
}

impl Tables {
    pub(super) fn of(database: &Database) -> Self {
        let mut tables = Self::default();
        let mut damaged = Vec::new();
        let names = |table, name, into: &mut BTreeMap<i64, String>| {
            database.for_each(table, ["ID", name], |[id, name]| into.extend(id.integer().map(|id| (id, name.into_text()))))
        };
        damaged.extend(names("CODERS", "Name", &mut tables.coders).err());
        damaged.extend(names("STATEMENTTYPES", "Label", &mut tables.types).err());
        let variables = database.for_each("VARIABLES", ["ID", "Variable", "DataType"], |[id, name, kind]| {
            let is_short = kind.into_text().eq_ignore_ascii_case("short text");
            tables.variables.extend(id.integer().map(|id| (id, (name.into_text(), is_short))));
        });
        damaged.extend(variables.err());
        damaged.extend(tables.read_entities(database).err());
        damaged.extend(tables.read_statements(database).err());
        damaged.extend(tables.read_values(database).err());
        tables.damaged = damaged;
        tables
    }

    /// The table of entities: another one in DNA 2.
    pub(super) fn entity_table(database: &Database) -> &'static str {
        if database.has("ENTITIES", "Value") { "ENTITIES" } else { "ATTRIBUTES" }
    }

    fn read_entities(&mut self, database: &Database) -> Result<(), String> {
        let [kind, alias, notes] = OLD_ATTRIBUTES;
        let wanted = ["ID", "VariableId", "Value", "Red", "Green", "Blue", "ChildOf", kind, alias, notes];
        database.for_each(Self::entity_table(database), wanted, |[id, variable, name, red, green, blue, child_of, kind, alias, notes]| {
            let (Some(id), Some(variable)) = (id.integer(), variable.integer()) else { return };
            let color = [red, green, blue].map(|part| part.integer().unwrap_or_default());
            let attributes = OLD_ATTRIBUTES.into_iter().zip([kind, alias, notes]).map(|(name, cell)| (name.to_owned(), cell.into_text()));
            let attributes = attributes.filter(|(_, value)| !value.is_empty()).collect();
            let child_of = match child_of {
                Cell::Text(name) if name.trim().is_empty() => None,
                Cell::Text(name) => Some(name.into()),
                cell => cell.integer().map(Value::from),
            };
            self.entities.insert(id, EntityRow { variable, name: name.into_text(), color, child_of, attributes });
        })?;
        let mut names = BTreeMap::new();
        database.for_each("ATTRIBUTEVARIABLES", ["ID", "AttributeVariable"], |[id, name]| {
            names.extend(id.integer().map(|id| (id, name.into_text())));
        })?;
        database.for_each("ATTRIBUTEVALUES", ["EntityId", "AttributeVariableId", "AttributeValue"], |[entity, name, value]| {
            let name = name.integer().and_then(|id| names.get(&id)).cloned();
            let value = Some(value.into_text()).filter(|value| !value.is_empty());
            if let Some(entity) = entity.integer().and_then(|id| self.entities.get_mut(&id)) {
                entity.attributes.extend(name.zip(value));
            }
        })
    }

    fn read_statements(&mut self, database: &Database) -> Result<(), String> {
        let wanted = ["ID", "StatementTypeId", "DocumentId", "Coder", "Start", "Stop"];
        database.for_each("STATEMENTS", wanted, |[id, kind, document, coder, start, stop]| {
            let (Some(id), Some(document)) = (id.integer(), document.integer()) else { return };
            let offset = |cell: &Cell| cell.integer().and_then(|offset| usize::try_from(offset).ok());
            let number = |cell: &Cell| cell.integer().unwrap_or_default();
            let statement = Statement { id, kind: number(&kind), coder: number(&coder), range: offset(&start).zip(offset(&stop)) };
            self.statements.entry(document).or_default().push(statement);
        })
    }

    fn read_values(&mut self, database: &Database) -> Result<(), String> {
        let mut add = |statement: Option<i64>, variable: Option<i64>, said: Option<Said>| {
            if let (Some(statement), Some(variable), Some(said)) = (statement, variable, said) {
                self.values.entry(statement).or_default().push((variable, said));
            }
        };
        let filled = |text: String| Some(text).filter(|text| !text.trim().is_empty());
        if database.has("DATASHORTTEXT", "Entity") {
            database.for_each("DATASHORTTEXT", ["StatementId", "VariableId", "Entity"], |[statement, variable, value]| {
                add(statement.integer(), variable.integer(), value.integer().map(Said::Entity));
            })?;
        } else {
            database.for_each("DATASHORTTEXT", ["StatementId", "VariableId", "Value"], |[statement, variable, value]| {
                add(statement.integer(), variable.integer(), filled(value.into_text()).map(Said::Name));
            })?;
        }
        database.for_each("DATALONGTEXT", ["StatementId", "VariableId", "Value"], |[statement, variable, value]| {
            add(statement.integer(), variable.integer(), filled(value.into_text()).map(Said::Text));
        })?;
        database.for_each("DATAINTEGER", ["StatementId", "VariableId", "Value"], |[statement, variable, value]| {
            add(statement.integer(), variable.integer(), value.integer().map(Said::Integer));
        })?;
        database.for_each("DATABOOLEAN", ["StatementId", "VariableId", "Value"], |[statement, variable, value]| {
            add(statement.integer(), variable.integer(), value.integer().map(|value| Said::Bool(value != 0)));
        })
    }

    /// The name of a variable.
    pub(super) fn variable(&self, id: i64) -> &str {
        self.variables.get(&id).map_or("", |(name, _)| name)
    }

    /// The name of a type of statements.
    pub(super) fn kind(&self, id: i64) -> &str {
        self.types.get(&id).filter(|name| !name.is_empty()).map_or("DNA Statement", String::as_str)
    }
}
