//! How much memory a tree of JSON would take, before it is made: two bytes of text can become seven hundred in memory.

/// What an element of a list takes, with the list's room to grow.
const ELEMENT: usize = 100;
/// What the first entries of an object take.
const OBJECT: usize = 700;
/// What a value takes that stays text.
const VALUE: usize = 60;
/// What a row of the model takes.
const ROW: usize = 900;
/// Trees up to this size are made from anything.
const FREE: usize = 64 << 20;
/// Larger ones for so much of it for each byte of text.
const A_BYTE: usize = 5;

/// True when the values of a text are too many to be made into a tree. What is no JSON at all is never too large.
pub(super) fn is_too_large(json: &str) -> bool {
    // Nothing so short can be.
    json.len() * OBJECT / 3 > FREE && heaviest(json, 0) > FREE + A_BYTE * json.len()
}

/// The same for the members of a list of the highest level, each for itself.
pub(super) fn has_too_large_member(json: &str) -> bool {
    json.len() * OBJECT / 3 > FREE && heaviest(json, 1) > FREE + A_BYTE * json.len()
}

/// True when a text has more values than its length lets expect, though each of them stays text.
pub(super) fn has_too_many_values(json: &str) -> bool {
    json.len() * VALUE > 2 * FREE && count(json, b',') * VALUE > 2 * FREE + A_BYTE * json.len()
}

/// True when a text has more rows than its length lets expect, each of which becomes one of the model.
pub(super) fn has_too_many_rows(json: &str) -> bool {
    json.len() * ROW > 3 * FREE && count(json, b'{') * ROW > 3 * FREE + A_BYTE * json.len()
}

fn count(json: &str, byte: u8) -> usize {
    memchr::memchr_iter(byte, json.as_bytes()).count()
}

/// The bytes of the largest tree at a depth.
fn heaviest(json: &str, wanted: usize) -> usize {
    let (mut heaviest, mut weight, mut depth) = (0, 0, 0usize);
    let mut rest = json.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        match byte {
            b'"' => {
                rest = behind_string(behind);
                weight += behind.len() - rest.len();
            }
            b'[' | b'{' => {
                weight += if *byte == b'{' { OBJECT } else { ELEMENT };
                depth += 1;
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == wanted => (heaviest, weight) = (heaviest.max(weight), 0),
            b',' => weight += ELEMENT,
            _ => {}
        }
    }
    heaviest.max(weight)
}

fn behind_string(mut rest: &[u8]) -> &[u8] {
    while let Some(at) = memchr::memchr2(b'"', b'\\', rest) {
        let skipped = if rest.get(at) == Some(&b'"') { 1 } else { 2 };
        rest = rest.get(at + skipped..).unwrap_or_default();
        if skipped == 1 {
            return rest;
        }
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_are_weighed_and_strings_are_not_trees() {
        let check = |json: &str, depth, weight| assert_eq!(heaviest(json, depth), weight, "{json}");
        check("{\"a\": [0, 1]}", 0, OBJECT + 2 * ELEMENT + 2);
        check("\"[[[[,,,,{{{\\\",\"", 0, 15);
        check("[[0], [0, 0, 0], 0]", 1, 3 * ELEMENT);
        check("[", 0, ELEMENT);
        assert!(is_too_large(&format!("[{}", "{\"a\":0},".repeat(200_000))));
        assert!(!is_too_large(&"{\"start\":1234,\"end\":1240,\"quote\":\"said no\"}".repeat(50_000)));
        assert!(!has_too_large_member(&format!("[{}0]", "{\"a\":0},".repeat(200_000))));
    }
}
