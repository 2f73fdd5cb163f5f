//! The article: only what is visible is laid out, and kept while it is seen.
//!
//! Marks are drawn behind and under the text, never as parts of it, so that labelling lays out nothing. All
//! offsets are bytes of the document. The view changes no data: it reads a [`Reading`] and puts actions into the
//! queue. `view` holds what the reader has done (scroll place, caret), `layout` and `words` set a block, `layouts` keeps them,
//! `marks` says which marks a block shows, `paint` draws them, `minimap` shows them in the scrollbar; `arcs` and `paint_arcs` do the same for relations; `pointer`
//! and `caret` read the hands.

mod access;
mod arcs;
mod blocks;
mod caret;
mod display;
mod heights;
mod layout;
mod layouts;
mod marks;
mod minimap;
mod missing;
mod paint;
mod paint_arcs;
mod picture;
mod pointer;
mod ready;
mod scroll;
mod view;
mod words;

pub(crate) use caret::{Caret, Motion};
pub(crate) use picture::Picture;
pub(crate) use ready::ReadyMarks;
pub(crate) use view::{Answer, ArticleView, Grips, Look, Reading, Reveal};
