//! How the text is set: distance of the rows, width of the column; kept for the next time.

use eframe::egui::Shape;

use crate::desk::Desk;

#[test]
fn rows_and_column_are_set_as_the_reader_likes_and_stay_so() {
    let words = "word ".repeat(300);
    let mut desk = Desk::open_text(&format!("First {words}last"));
    let top = |desk: &Desk, needle: &str| {
        let range = desk.find(needle);
        desk.app().place_on_screen(range.start, range.end).unwrap().top()
    };
    let height = |desk: &Desk| top(desk, "last") - top(desk, "First");
    let usual = height(&desk);
    desk.menu("View", "Rows further apart");
    let looser = height(&desk);
    assert!((looser / usual - 1.1).abs() < 0.02, "{usual} became {looser}");
    desk.menu("View", "Narrower column of text");
    let narrower = height(&desk);
    assert!(narrower > looser, "{looser} became {narrower}");
    let desk = desk.reopen();
    assert!((height(&desk) - narrower).abs() < 0.5);
}

#[test]
fn articles_are_set_in_serif_letters_where_the_system_has_some() {
    let mut desk = Desk::open_text("Mayor opens new bridge, engineers disagree about it\n");
    let width = |desk: &Desk| {
        let range = desk.find("Mayor opens new bridge, engineers disagree");
        desk.app().place_on_screen(range.start, range.end).unwrap().width()
    };
    let sans = width(&desk);
    desk.menu("View", "Serif letters, or not");
    if desk.shows("This computer has no serif font") {
        println!("NOT TESTED: serif letters. This system has no serif font.");
        return;
    }
    let serif = width(&desk);
    assert!((serif - sans).abs() > 1.0, "{sans} became {serif}");
    let mut desk = desk.reopen();
    assert!((width(&desk) - serif).abs() < 0.5, "kept for the next time");
    desk.menu("View", "Serif letters, or not");
    assert!((width(&desk) - sans).abs() < 0.5);
}

#[test]
fn what_no_font_has_shows_its_code() {
    // Private use: no font of a system has them.
    let desk = Desk::open_text("Signs \u{e8f7} and \u{f1234} of a private kind, and Zoë 🎉 of the usual one\n");
    let drawn: Vec<String> = desk.harness.output().shapes.iter().flat_map(|clipped| texts_of(&clipped.shape)).collect();
    for part in ["E8", "F7", "0F", "12", "34"] {
        assert!(drawn.iter().any(|text| text == part), "{part} is drawn");
    }
    let is_code = |text: &&String| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte));
    assert_eq!(drawn.iter().filter(is_code).count(), 5, "only they are: {drawn:?}");
}

fn texts_of(shape: &Shape) -> Vec<String> {
    match shape {
        Shape::Text(text) => vec![text.galley.text().to_owned()],
        Shape::Vec(shapes) => shapes.iter().flat_map(texts_of).collect(),
        _ => Vec::new(),
    }
}
