//! Running programs that are not ours on files that are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use manicule::format::MemoryFiles;

/// Runs a script of `tests/readers/` and returns the numbers that it prints.
#[track_caller]
pub(crate) fn python(script: &str, arguments: &[PathBuf]) -> Vec<usize> {
    run(".venv", "tests/readers/setup.sh (./test does it)", script, arguments)
}

/// The same for those that need older versions of what the others use.
#[track_caller]
pub(crate) fn python_with_older(script: &str, arguments: &[PathBuf]) -> Vec<usize> {
    run(".venv-older", "tests/readers/setup.sh (./test does it)", script, arguments)
}

/// Lets doccano itself import a file.
#[track_caller]
pub(crate) fn doccano(arguments: &[PathBuf]) -> Vec<usize> {
    run(".venv-doccano", "tests/readers/setup_all.sh", "import_doccano.py", arguments)
}

/// Lets arguebuf itself read files.
#[track_caller]
pub(crate) fn arguebuf(arguments: &[PathBuf]) -> Vec<usize> {
    run(".venv-arguebuf", "tests/readers/setup_all.sh", "import_arguebuf.py", arguments)
}

#[track_caller]
fn run(environment: &str, setup: &str, script: &str, arguments: &[PathBuf]) -> Vec<usize> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join(environment).join("bin/python");
    assert!(python.exists(), "\n\n{} IS MISSING: run {setup} and try again\n", python.display());
    let output = Command::new(python).arg(root.join("tests/readers").join(script)).args(arguments).env("PYTHONUTF8", "1").output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{script} failed:\n{out}\n{err}");
    out.split_whitespace().map(|word| word.parse().unwrap()).collect()
}

/// Writes files into a folder.
pub(crate) fn write(files: &MemoryFiles, dir: &Path) {
    for (name, content) in &files.0 {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// The files of a folder.
pub(crate) fn read(dir: &Path) -> MemoryFiles {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    MemoryFiles::new(entries.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap())))
}
