//! How long the last frames took and what they spent it on, for those who work on the program: Help › Frame times.
//!
//! Time is that of the clock, so a busy machine shows more; `cargo xtask frames` counts the processor's. Drawing triangles is
//! not in it.

use std::collections::VecDeque;
use std::time::Instant;

use eframe::egui::{Align2, Area, Context, Frame, Grid, Id, Order, RichText, vec2};

use super::words::tr;

/// So many frames are looked back on.
const FRAMES: usize = 240;

/// What a frame does, in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// Jobs that came back, keys, what they ask for.
    Work,
    /// Lists, offers and checks follow the data.
    Follow,
    /// Bars, lists, inspector.
    Panels,
    /// The article, or what is in its place.
    Article,
    /// Dialogs, and what the views asked for.
    Rest,
}

impl Part {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Work, "keys and jobs"),
        (Self::Follow, "following the data"),
        (Self::Panels, "bars and lists"),
        (Self::Article, "article"),
        (Self::Rest, "dialogs and actions"),
    ];
}

/// Milliseconds of each part.
type Spent = [f64; Part::ALL.len()];

/// The last frames, while somebody wants to know.
#[derive(Default)]
pub(crate) struct FrameTimes {
    frames: VecDeque<Spent>,
    spent: Spent,
    since: Option<Instant>,
    is_shown: bool,
}

impl FrameTimes {
    pub(crate) fn toggle(&mut self) {
        *self = Self { is_shown: !self.is_shown, ..Self::default() };
    }

    /// A frame begins.
    pub(crate) fn begin(&mut self) {
        if self.is_shown {
            (self.spent, self.since) = (Spent::default(), Some(Instant::now()));
        }
    }

    /// What was done since the last word was this.
    pub(crate) fn was(&mut self, part: Part) {
        if let Some(since) = &mut self.since {
            let now = Instant::now();
            if let Some(spent) = self.spent.get_mut(part as usize) {
                *spent += (now - *since).as_secs_f64() * 1e3;
            }
            *since = now;
        }
    }

    /// The frame is over.
    pub(crate) fn end(&mut self) {
        if self.since.take().is_some() {
            self.frames.truncate(FRAMES - 1);
            self.frames.push_front(self.spent);
        }
    }

    /// In the corner, over everything, in the way of nothing.
    pub(crate) fn ui(&self, ctx: &Context) {
        if !self.is_shown || self.frames.is_empty() {
            return;
        }
        let area = Area::new(Id::unique("frame times")).order(Order::Foreground).anchor(Align2::RIGHT_TOP, vec2(-18.0, 34.0)).interactable(false);
        area.show(ctx, |ui| {
            Frame::popup(ui.style()).show(ui, |ui| {
                Grid::new("frame times").spacing(vec2(14.0, 2.0)).show(ui, |ui| {
                    for title in ["ms", "p50", "p99", "max"] {
                        ui.weak(tr(title));
                    }
                    ui.end_row();
                    let rows =
                        Part::ALL.iter().map(|(part, name)| (*name, self.sorted(|spent| spent.get(*part as usize).copied().unwrap_or_default())));
                    for (name, times) in rows.chain([("frame", self.sorted(|spent| spent.iter().sum()))]) {
                        ui.label(tr(name));
                        for part in [0.5, 0.99, 1.0] {
                            ui.label(RichText::new(format!("{:.2}", at(&times, part))).monospace());
                        }
                        ui.end_row();
                    }
                });
            });
        });
    }

    fn sorted(&self, time_of: impl Fn(&Spent) -> f64) -> Vec<f64> {
        let mut times: Vec<f64> = self.frames.iter().map(time_of).collect();
        times.sort_by(f64::total_cmp);
        times
    }
}

/// The value below which this part of the sorted ones lies.
fn at(sorted: &[f64], part: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place among a few frames")]
    let place = (sorted.len().saturating_sub(1) as f64 * part).round() as usize;
    sorted.get(place).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_counted_only_while_they_are_shown_and_the_oldest_go() {
        let mut times = FrameTimes::default();
        let frame = |times: &mut FrameTimes| {
            times.begin();
            times.was(Part::Work);
            times.was(Part::Article);
            times.end();
        };
        frame(&mut times);
        assert!(times.frames.is_empty());
        times.toggle();
        (0..FRAMES + 5).for_each(|_| frame(&mut times));
        assert_eq!(times.frames.len(), FRAMES);
        assert!(times.frames.iter().all(|spent| spent[Part::Panels as usize] == 0.0 && spent[Part::Work as usize] >= 0.0));
    }

    #[test]
    fn percentiles_are_those_of_the_sorted_frames() {
        let times: Vec<f64> = (0..101).map(f64::from).collect();
        assert_eq!([0.0, 0.5, 0.99, 1.0].map(|part| at(&times, part)), [0.0, 50.0, 99.0, 100.0]);
        assert_eq!(at(&[], 0.5), 0.0);
    }
}
