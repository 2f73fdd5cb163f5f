//! Without a display: one clear sentence, and the verbs work.

use crate::home::Home;

#[test]
fn without_a_display_it_says_so_and_the_verbs_work() {
    let home = Home::new();
    std::fs::write(home.path("article.txt"), "A title\n\nA text.").unwrap();
    let output = home.run(&["article.txt"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("manicule: there is no display to open a window on"), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "one sentence: {said}");
    assert!(output.stdout.is_empty());

    let formats = home.run(&["formats"]);
    assert!(formats.status.success());
    assert!(String::from_utf8(formats.stdout).unwrap().contains("jsonl"));
}

#[test]
fn a_display_that_is_not_there_is_said_too() {
    let home = Home::new();
    let output = home.manicule().env("DISPLAY", ":4095").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("there is no display to open a window on"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}
