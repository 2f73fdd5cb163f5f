//! The project folder and everything in it. Knows nothing of windows.

pub mod schema_file;
pub mod templates;
