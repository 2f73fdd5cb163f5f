//! The one binary: a verb goes to the command line, anything else to the window.

use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let first = arguments.get(1).map(|first| first.to_string_lossy().into_owned());
    if first.is_some_and(|first| manicule::cli::is_for_us(&first)) {
        return manicule::cli::run(arguments);
    }
    open_window(arguments.into_iter().skip(1).map(Into::into).collect())
}

/// There is no window yet, or it was left out of this build.
fn open_window(_paths: Vec<std::path::PathBuf>) -> ExitCode {
    eprintln!("manicule: this build has no window; `manicule --help` lists what it can do here");
    ExitCode::from(2)
}
