//! How the text is set: distance of the rows, width of the column; kept for the next time.

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
