//! What a cell of a workbook can hold.

use crate::format::Ledger;

/// Excel's limit, in units of UTF-16.
const MAX_CELL_UNITS: usize = 32_767;

/// The row as it can be written. What is changed is counted.
pub(super) fn fit(row: Vec<String>, ledger: &mut Ledger) -> Vec<String> {
    row.into_iter().map(|cell| fit_cell(cell, ledger)).collect()
}

fn fit_cell(mut cell: String, ledger: &mut Ledger) -> String {
    if cell.contains('\r') {
        ledger.change("values", "XML has no carriage returns: they became line feeds", &cell);
        cell = cell.replace("\r\n", "\n").replace('\r', "\n");
    }
    if cell.contains(is_forbidden) {
        ledger.change("values", "they have characters that XML forbids, which became �", &cell);
        cell = cell.replace(is_forbidden, "\u{fffd}");
    }
    if let Some(end) = end_of_cell(&cell) {
        ledger.change("values", "a cell holds at most 32,767 characters: the rest was cut off", &cell);
        cell.truncate(end);
    }
    cell
}

/// Not a `Char` of XML 1.0 (<https://www.w3.org/TR/xml/#charsets>).
fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Where a cell that is too long has to end.
fn end_of_cell(cell: &str) -> Option<usize> {
    if cell.len() <= MAX_CELL_UNITS {
        return None;
    }
    let mut units = 0;
    cell.char_indices()
        .find(|(_, c)| {
            units += c.len_utf16();
            units > MAX_CELL_UNITS
        })
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Fate;

    #[test]
    fn cells_hold_what_xml_and_excel_allow() {
        let mut ledger = Ledger::default();
        let mut check = |cell: &str, expected: &str| assert_eq!(fit(vec![cell.to_owned()], &mut ledger), [expected]);
        check("=1+1\t\n", "=1+1\t\n");
        check("a\r\nb\rc", "a\nb\nc");
        check("a\0b\u{b}c\u{ffff}", "a\u{fffd}b\u{fffd}c\u{fffd}");
        check(&"x".repeat(32_767), &"x".repeat(32_767));
        check(&"🎉".repeat(16_384), &"🎉".repeat(16_383));
        check(&"é".repeat(32_767), &"é".repeat(32_767));
        let report = ledger.into_report("xlsx", None);
        assert_eq!(report.lines.iter().map(|line| (line.fate, line.count)).collect::<Vec<_>>(), [(Fate::Changed, 1); 3]);
    }
}
