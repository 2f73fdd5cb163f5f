//! Objects of a standoff format in JSON: a file is one, a list of them, or has one a line.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::json_members::Members;
use super::json_size::is_too_large;
use super::pieces::LINES;
use super::standoff_in::Input;
use super::{FormatError, MAX_BAD_LINES, Receiver};
use crate::model::json_place_and_reason;

/// Takes an object of a file as its text, and the line where that is known.
pub(super) type EachText<'e> = dyn FnMut(Option<usize>, &str, &mut dyn Receiver) -> Result<(), FormatError> + 'e;
/// Takes an object of a file, and the line where that is known.
pub(super) type Each<'e> = dyn FnMut(Option<usize>, Map<String, Value>, &mut dyn Receiver) -> Result<(), FormatError> + 'e;

/// Calls `each` for every object of a file that is one object, a list of them, or one a line, as a tree.
pub(super) fn each_object(input: &Input<'_>, to: &mut dyn Receiver, each: &mut Each<'_>) -> Result<(), FormatError> {
    each_text(input, to, &mut |line, text, to| match read(input, line, text, to) {
        Some(object) => each(line, object, to),
        None => Ok(()),
    })
}

/// Reads the text of an object; what is no JSON after all is said.
pub(super) fn read<'j, T: serde::Deserialize<'j>>(input: &Input<'_>, line: Option<usize>, text: &'j str, to: &mut dyn Receiver) -> Option<T> {
    let read = serde_json::from_str(text);
    read.map_err(|error| input.bad(line.or(Some(error.line())), json_place_and_reason(&error), to)).ok()
}

/// Calls `each` for the text of every object of a file that is one object, a list of them, or one a line. Strings and numbers are
/// only known to be right where they end.
pub(super) fn each_text(input: &Input<'_>, to: &mut dyn Receiver, each: &mut EachText<'_>) -> Result<(), FormatError> {
    if is_too_large(input.content) {
        input.bad(None, "it has far too many values for its length", to);
        return Ok(());
    }
    if let Some(head) = input.head {
        return each((head == LINES).then_some(input.first_line), input.content, to);
    }
    let whole: Result<&RawValue, _> = serde_json::from_str(input.content);
    match whole {
        Ok(object) if object.get().starts_with('{') => each(None, object.get(), to),
        Ok(list) if list.get().starts_with('[') => {
            let objects: Vec<&RawValue> = serde_json::from_str(list.get()).unwrap_or_default();
            objects.into_iter().try_for_each(|object| match object.get().starts_with('{') {
                true => each(None, object.get(), to),
                false => {
                    input.bad(None, "a member of the list is no object", to);
                    Ok(())
                }
            })
        }
        Ok(_) => {
            input.bad(None, "it is neither an object nor a list", to);
            Ok(())
        }
        Err(error) => {
            let first = input.content.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            if serde_json::from_str::<Map<String, Value>>(first).is_err() || first.len() == input.content.trim().len() {
                input.bad(Some(error.line()), json_place_and_reason(&error), to);
                return Ok(());
            }
            each_line(input, to, each)
        }
    }
}

fn each_line(input: &Input<'_>, to: &mut dyn Receiver, each: &mut EachText<'_>) -> Result<(), FormatError> {
    let mut bad = 0;
    for (line, number) in input.content.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        match serde_json::from_str::<Members<'_>>(line) {
            Ok(_) => each(Some(number), line, to)?,
            Err(error) => {
                input.bad(Some(number), json_place_and_reason(&error), to);
                bad += 1;
            }
        }
        if bad >= MAX_BAD_LINES {
            break;
        }
    }
    Ok(())
}
