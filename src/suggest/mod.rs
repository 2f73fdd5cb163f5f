//! What a program can propose. Nothing here is data until a person accepts it. Knows nothing of files and windows.

pub mod occurrences;
