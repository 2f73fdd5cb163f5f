//! Things that are made ready one after the other on a thread, and taken by the window between frames.

use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

use eframe::egui::Context;

use super::jobs::Runner;

/// So many wait for the window; the thread then waits for room.
const WAITING: usize = 4;

/// Where they come from.
pub(crate) enum Feed<T> {
    // None at the end.
    Thread(Receiver<Option<T>>),
    // For tests: each is made when it is asked for.
    Here(Box<dyn FnMut() -> Option<T> + Send>),
}

/// What there is now.
pub(crate) enum Fed<T> {
    Next(T),
    /// Not yet; the window is woken.
    NotYet,
    /// There are no more.
    End,
    /// The thread died; nobody knows what is missing.
    Dead,
}

impl<T: Send + 'static> Feed<T> {
    pub(super) fn start(runner: Runner, ctx: &Context, mut next: impl FnMut() -> Option<T> + Send + 'static) -> Self {
        if runner == Runner::Inline {
            return Self::Here(Box::new(next));
        }
        let (sender, receiver) = sync_channel(WAITING);
        let ctx = ctx.clone();
        std::thread::spawn(move || {
            loop {
                let made = next();
                let is_end = made.is_none();
                // Nobody receives where it was stopped.
                let is_stopped = sender.send(made).is_err();
                ctx.request_repaint();
                if is_end || is_stopped {
                    return;
                }
            }
        });
        Self::Thread(receiver)
    }

    /// Waits for the next one.
    pub(crate) fn wait(&mut self) -> Fed<T> {
        match self {
            Self::Here(next) => next().map_or(Fed::End, Fed::Next),
            Self::Thread(receiver) => receiver.recv().map_or(Fed::Dead, |made| made.map_or(Fed::End, Fed::Next)),
        }
    }

    pub(crate) fn take(&mut self) -> Fed<T> {
        match self {
            Self::Here(next) => next().map_or(Fed::End, Fed::Next),
            Self::Thread(receiver) => match receiver.try_recv() {
                Ok(made) => made.map_or(Fed::End, Fed::Next),
                Err(TryRecvError::Empty) => Fed::NotYet,
                Err(TryRecvError::Disconnected) => Fed::Dead,
            },
        }
    }
}
