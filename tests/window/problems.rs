//! The problems tab: found while somebody works, gone to, mended, ignored, and looked for in the whole project.

use eframe::egui::Key;

use crate::desk::Desk;

impl Desk {
    /// A date with a full stop that does not belong to it.
    fn with_a_problem() -> Self {
        let mut desk = Self::open();
        desk.click("Trim");
        desk.drag_over("on Monday.");
        desk.keys(&[Key::D, Key::Escape, Key::Escape]);
        desk.harness.run_steps(2);
        std::thread::sleep(std::time::Duration::from_millis(200));
        desk.rest();
        desk.click_contains("Problems 1");
        desk
    }

    fn wait_for(&mut self, name: &str) {
        for _ in 0..40 {
            if self.has(name) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
            self.rest();
        }
        panic!("{name} does not come");
    }
}

const FOUND: &str =
    "Blank or punctuation at an edge: the span DATE “on Monday.” begins or ends with a blank or with punctuation that does not belong to it";

#[test]
fn a_problem_is_found_gone_to_and_mended_in_one_step() {
    let mut desk = Desk::with_a_problem();
    assert!(desk.has(FOUND));
    desk.click_row(FOUND);
    assert!(desk.app().selected_mark().is_some());
    desk.click_button("Mend");
    desk.wait_for("Problems 0");
    assert_eq!(desk.marks(), ["DATE on Monday"]);
    desk.ctrl(Key::Z);
    desk.wait_for("Problems 1");
    desk.click_button("Mend all 1 that are safe to mend");
    desk.wait_for("1 problem is mended; Undo takes it back");
    desk.wait_for("Problems 0");
}

#[test]
fn a_problem_is_ignored_for_good_and_looked_at_again() {
    let mut desk = Desk::with_a_problem();
    desk.click_button("Ignore");
    desk.wait_for("Problems 0");
    let mut desk = desk.reopen();
    desk.wait_for("Problems 0");
    desk.click_contains("Problems 0");
    desk.click("Ignored 1");
    desk.click_button("Look again");
    desk.wait_for("Problems 1");
}

#[test]
fn the_whole_project_is_checked() {
    let mut desk = Desk::with_a_problem();
    desk.click("Project");
    assert!(desk.has("The articles were not checked yet."));
    desk.click_button("Check all articles");
    desk.wait_for("1 problem when it was checked");
    desk.click_contains("Blank or punctuation at an edge: the span DATE");
    assert!(desk.app().selected_mark().is_some());
}
