//! The one binary: a verb goes to the command line, anything else to the window.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

#[cfg(feature = "gui")]
use manicule::store::Places;

/// Rows and texts are many small pieces of memory: with this, readers and writers are up to twice as fast.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let first = arguments.get(1).map(|first| first.to_string_lossy().into_owned());
    if first.is_some_and(|first| manicule::cli::is_for_us(&first)) {
        return manicule::cli::run(arguments);
    }
    open_window(arguments.into_iter().skip(1).map(Into::into).collect())
}

/// Opens the window, or says in one sentence why there is none.
#[cfg(feature = "gui")]
fn open_window(paths: Vec<PathBuf>) -> ExitCode {
    let opened = Places::from_environment()
        .map_err(|error| error.to_string())
        .and_then(|places| manicule::app::run(paths, places).map_err(|error| error.to_string()));
    match opened {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("manicule: {why}");
            ExitCode::from(2)
        }
    }
}

/// The window was left out of this build.
#[cfg(not(feature = "gui"))]
fn open_window(_paths: Vec<PathBuf>) -> ExitCode {
    eprintln!("manicule: this build has no window; `manicule --help` lists what it can do here");
    ExitCode::from(2)
}
