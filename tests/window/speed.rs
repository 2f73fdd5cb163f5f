//! A coarse guard: what an edit costs does not grow with the article. CPU time of the thread, with wide margins; the figures are
//! in `docs/performance.md` and come from the benches.

use cpu_time::ThreadTime;
use eframe::egui::Key;

use crate::desk::Desk;

/// Paragraphs of one sentence, each with a word to label.
fn article(bytes: usize) -> String {
    let paragraph = "The council of Harbour Town said on Monday that the bridge over the river would stay open for another year.\n\n";
    paragraph.repeat(bytes / paragraph.len())
}

/// Milliseconds of CPU time of the frame in which a key labels a word: the median of many, in an article with so many spans.
fn label_cost(bytes: usize, spans: usize) -> f64 {
    let text = article(bytes);
    let mut desk = Desk::open_text(&text);
    let words: Vec<usize> = text.match_indices("council").map(|(at, _)| at).collect();
    let every = (words.len() / spans).max(1);
    for at in words.iter().step_by(every).take(spans) {
        desk.harness.state_mut().put_caret(*at);
        desk.keys(&[Key::O]);
    }
    let mut costs: Vec<f64> = (0..21)
        .map(|round| {
            desk.harness.state_mut().put_caret(words[round * (words.len() / 21)] + 12);
            desk.rest();
            desk.harness.key_press(Key::P);
            let start = ThreadTime::now();
            desk.harness.step();
            let cost = start.elapsed().as_secs_f64() * 1e3;
            desk.rest();
            cost
        })
        .collect();
    costs.sort_by(f64::total_cmp);
    costs[costs.len() / 2]
}

#[test]
fn a_label_costs_about_the_same_in_a_large_article() {
    let (small, large) = (label_cost(5_000, 20), label_cost(1_000_000, 200));
    println!("a label takes {small:.2} ms CPU in 5 kB and {large:.2} ms in 1 MB");
    assert!(large < 8.0 * small + 20.0, "{large:.1} ms in 1 MB, {small:.1} ms in 5 kB");
}
