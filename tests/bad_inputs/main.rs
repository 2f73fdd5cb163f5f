//! Bad inputs, all in one table, each with the exact words that the user reads: which file, where in it, what is wrong,
//! what happened and what to do.
//!
//! A case is a name, how the input is made, and the line that the program gets. Beside the words it is checked that the
//! inputs are byte for byte what they were, that nothing was written elsewhere, that no line is too long or holds what
//! could confuse a terminal, and that the library says the same as the binary.
//!
//! Left out, because Manicule does not read such files yet: XML and HTML, archives, XLSX and CoNLL. Whoever adds one adds
//! its bad inputs here: entities that expand, references to files, unclosed and deep elements, forbidden characters, lying
//! encodings, scripts; bombs, entries that lead out of their folder, wrong sizes and sums, entries of one name; cells and
//! rows beyond the limits; wrong columns and `I-` after `O`.
//!
//! Elsewhere: quick and large inputs are in `benches/`, broken disks in `tests/torture/` and `tests/store_damage.rs`, what
//! others change in `tests/store_files/others.rs`, the window's own words in `tests/window/bad_input.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod bench;
mod brat;
mod disk;
mod document_files;
mod exchange;
mod files;
mod first_files;
mod known_projects;
mod names;
mod rows;
mod sheet_files;
mod tables;
mod texts;

use bench::check_all;

#[test]
fn bad_project_files_are_named_and_untouched() {
    [first_files::CASES, document_files::CASES, sheet_files::CASES].into_iter().for_each(check_all);
}

#[test]
fn good_copies_stand_for_broken_files() {
    check_all(known_projects::CASES);
}

#[test]
fn bad_rows_are_put_aside_and_named() {
    check_all(rows::CASES);
}

#[test]
fn texts_in_odd_encodings_are_never_guessed_in_silence() {
    check_all(texts::CASES);
}

#[test]
fn bad_tables_and_json_are_named_by_line() {
    check_all(tables::CASES);
}

#[test]
fn bad_exchange_files_are_named_by_line() {
    check_all(exchange::CASES);
}

#[test]
fn bad_brat_files_are_named_by_line() {
    check_all(brat::CASES);
}

#[test]
fn what_is_no_plain_file_is_refused() {
    check_all(files::CASES);
}

#[test]
fn odd_names_are_refused_or_shown_escaped() {
    check_all(names::CASES);
}
