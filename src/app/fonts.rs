//! The letters of articles: those that the program brings, or a serif face of the system.

use std::sync::Arc;

use eframe::egui::{FontData, FontDefinitions, FontFamily, FontId};
use fontique::{Collection, CollectionOptions, GenericFamily, QueryFamily, QueryStatus, SourceCache, SourceCacheOptions};

use super::App;
use super::jobs::Done;
use super::words::tr;

/// The family of the serif face, and the name of its font.
const SERIF: &str = "serif";

/// What is known of the system's serif face.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Serif {
    #[default]
    NotLookedFor,
    Looking,
    /// It can be used in passes after this one.
    Since(u64),
    /// The system has none.
    Missing,
}

impl Serif {
    /// Where the system had none, it may have one by now.
    pub(crate) fn look_again(&mut self) {
        if *self == Self::Missing {
            *self = Self::NotLookedFor;
        }
    }
}

impl App {
    /// Looks for the serif face where it is wanted and not there yet.
    pub(crate) fn look_for_serif(&mut self) {
        if !self.preferences.serif || self.serif != Serif::NotLookedFor {
            return;
        }
        self.serif = Serif::Looking;
        self.jobs.start(&self.ctx, tr("Looking for fonts"), |_, _| Done::SerifFound(system_serif().map(Box::new)));
    }

    pub(crate) fn serif_found(&mut self, face: Option<FontData>) {
        let Some(face) = face else {
            self.serif = Serif::Missing;
            self.preferences.serif = false;
            self.save_preferences();
            return self.say(tr("This computer has no serif font that can be used"));
        };
        self.ctx.set_fonts(definitions(face));
        self.serif = Serif::Since(self.ctx.cumulative_pass_nr());
        self.ctx.request_repaint();
    }

    /// What articles are set in.
    pub(crate) fn letters(&self) -> Letters {
        match self.serif {
            Serif::Since(pass) if self.preferences.serif && self.ctx.cumulative_pass_nr() > pass => Letters::Serif,
            _ => Letters::Sans,
        }
    }
}

/// Kinds of letters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Letters {
    Sans,
    Serif,
}

impl Letters {
    pub(crate) fn font(self, size: f32) -> FontId {
        let family = if self == Self::Serif { FontFamily::Name(SERIF.into()) } else { FontFamily::Proportional };
        FontId::new(size, family)
    }
}

/// What the program brings, and the face in front of it in a family of its own.
fn definitions(face: FontData) -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let rest = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    fonts.font_data.insert(SERIF.to_owned(), Arc::new(face));
    fonts.families.insert(FontFamily::Name(SERIF.into()), [SERIF.to_owned()].into_iter().chain(rest).collect());
    fonts
}

/// The system's serif face. Listing the fonts of a system takes up to some hundred milliseconds.
fn system_serif() -> Option<FontData> {
    let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: true });
    let mut cache = SourceCache::new(SourceCacheOptions::default());
    let mut query = collection.query(&mut cache);
    query.set_families([QueryFamily::Generic(GenericFamily::Serif)]);
    let mut found = None;
    query.matches_with(|font| {
        found = Some(font.clone());
        QueryStatus::Stop
    });
    let font = found?;
    let (bytes, _) = font.blob.into_raw_parts();
    Some(FontData::from_blob(bytes, font.index))
}
