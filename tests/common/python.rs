//! Programs that are not ours, in the virtual environment of `tests/readers/setup.sh`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use manicule::format::MemoryFiles;

/// Runs a script and returns the numbers that it prints.
#[track_caller]
pub(crate) fn python(script: &str, arguments: &[PathBuf]) -> Vec<usize> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join(".venv/bin/python");
    assert!(python.exists(), "\n\n{} IS MISSING: run tests/readers/setup.sh (./test does it) and try again\n", python.display());
    let output = Command::new(python).arg(root.join("tests/readers").join(script)).args(arguments).env("PYTHONUTF8", "1").output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script} failed:\n{err}");
    out.split_whitespace().map(|word| word.parse().unwrap()).collect()
}

/// Puts files into a folder.
pub(crate) fn write(files: &MemoryFiles, dir: &Path) {
    for (name, content) in &files.0 {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}
