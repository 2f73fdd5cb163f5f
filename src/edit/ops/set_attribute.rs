//! Set or unset an attribute.

use super::{OpError, rows};
use crate::edit::{Change, Edit, Transaction};
use crate::model::{AttributeKey, AttributeValue, EntityId, MarkId, RelationId, SheetKey, State};

/// Whose attribute.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum AttributeOwner {
    /// A span or a claim.
    Mark(MarkId),
    /// A relation.
    Relation(RelationId),
    /// The document, for this coder.
    Document,
    /// An entity.
    Entity(EntityId),
}

/// Sets a value, or unsets it with `None`.
///
/// # Errors
/// When the row is not there or the codebook knows the attribute with another type.
pub fn set_attribute(
    state: &State,
    key: &SheetKey,
    owner: AttributeOwner,
    attribute: &AttributeKey,
    value: Option<AttributeValue>,
) -> Result<Transaction, OpError> {
    let def = state.schema.attributes.get(attribute);
    if let (Some(def), Some(value)) = (def, &value)
        && !def.kind.takes(value)
    {
        return Err(OpError::WrongValue(def.name.clone()));
    }
    let name = def.map_or_else(|| attribute.to_string(), |def| def.name.clone());
    let edit = match owner {
        AttributeOwner::Mark(MarkId::Span(id)) => rows::change_span(state, key, id, |span| {
            let mut extras = span.extras().clone();
            rows::put(&mut extras.attributes, attribute, value);
            span.with_extras(extras)
        })?,
        AttributeOwner::Mark(MarkId::Claim(id)) => rows::change_claim(state, key, id, |claim| rows::put(&mut claim.attributes, attribute, value))?,
        AttributeOwner::Relation(id) => {
            let before = state.sheet(key).relations.get(&id).ok_or(OpError::Gone)?.clone();
            let mut after = before.clone();
            rows::put(&mut after.attributes, attribute, value);
            Edit::Relation(key.clone(), Change::replace(id, before, after))
        }
        AttributeOwner::Document => {
            let before = state.sheet(key).info.clone();
            let mut after = before.clone();
            rows::put(&mut after.attributes, attribute, value);
            Edit::Sheet(key.clone(), Change::replace((), before, after))
        }
        AttributeOwner::Entity(id) => {
            let before = state.entities.get(&id).ok_or(OpError::EntityGone)?.clone();
            let mut after = before.clone();
            rows::put(&mut after.attributes, attribute, value);
            Edit::Entity(Change::replace(id, before, after))
        }
    };
    Ok(Transaction::new(format!("set {name}"), vec![edit]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::testing::{Case, check};
    use crate::model::ChoiceKey;

    fn set(case: &Case, key: &str, value: Option<AttributeValue>) -> Result<Transaction, OpError> {
        set_attribute(&case.state, &case.key, AttributeOwner::Mark(case.mark("k")), &AttributeKey::new(key).unwrap(), value)
    }

    fn choice(key: &str) -> Option<AttributeValue> {
        Some(AttributeValue::Choice(ChoiceKey::new(key).unwrap()))
    }

    #[test]
    fn values_are_set_and_unset() {
        check("[CLAIM#k so]", |case| set(case, "stance", choice("support")).unwrap(), "[CLAIM#k so]\n.. k: stance=support");
        check("[CLAIM#k so]\n.. k: stance=support", |case| set(case, "stance", None).unwrap(), "[CLAIM#k so]");
        check("[PER#k He]", |case| set(case, "level", choice("pronoun")).unwrap(), "[PER#k;level=pronoun He]");
    }

    #[test]
    fn a_value_of_another_type_is_refused() {
        let case = Case::new("[CLAIM#k so]");
        assert!(matches!(set(&case, "stance", Some(AttributeValue::Int(3))), Err(OpError::WrongValue(_))));
    }
}
