//! The real program: its window on a display of its own, driven from outside, and its start without a display.
//!
//! Needs Xvfb, openbox, xdotool and a software OpenGL (Debian: xvfb openbox xdotool libgl1 libgl1-mesa-dri libxkbcommon-x11-0 libxcursor1
//! libxi6); says so by name where one is missing.

#![allow(unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod display;
mod home;
mod journey;
mod kills;
mod no_display;
mod window;
