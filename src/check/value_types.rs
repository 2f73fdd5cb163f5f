//! Values that are not of the type that the codebook says.

use super::{SheetCheck, TableCheck};
use crate::model::{Attributes, Schema};

pub(super) fn check_sheet(check: &mut SheetCheck<'_>) {
    let (sheet, schema) = (check.sheet, check.state.schema.as_ref());
    for (node, attributes) in check.attributes() {
        wrong_values(schema, attributes).iter().for_each(|problem| check.report(node, problem));
    }
    wrong_values(schema, &sheet.info.attributes).iter().for_each(|problem| check.report_sheet(problem));
}

pub(super) fn check_tables(check: &mut TableCheck<'_>) {
    let (state, schema) = (check.state, check.state.schema.as_ref());
    for (id, entity) in &state.entities {
        wrong_values(schema, &entity.attributes).iter().for_each(|problem| check.report(*id, problem));
    }
}

fn wrong_values(schema: &Schema, attributes: &Attributes) -> Vec<String> {
    let known = attributes.iter().filter_map(|(key, value)| Some((key, value, schema.attributes.get(key)?)));
    let wrong = known.filter(|(_, value, def)| !def.kind.takes(value));
    wrong.map(|(key, value, _)| format!("has `{key}` = `{value}`, which is not of the type that the codebook says")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn values_have_their_type() {
        check(
            "[PER;level=Int(3) x] [CLAIM#c y]\n.. =sheet: topics=Choice(war)\n.. @e: \"E\" times=Bool(no)\n.. c: stance=support times=4 check_worthy=Choice(yes)",
            "
            value-type-of-entity: the entity “E” has `times` = `no`, which is not of the type that the codebook says
            value-type: the span PER “x” has `level` = `3`, which is not of the type that the codebook says
            value-type: the claim “y” has `check_worthy` = `yes`, which is not of the type that the codebook says
            value-type: the document has `topics` = `war`, which is not of the type that the codebook says
            ",
        );
    }
}
