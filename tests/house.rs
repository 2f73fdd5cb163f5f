//! The rules of the house that no compiler checks: layers, lengths, headers, no traces of anybody's machine.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;

/// The layers from left to right; each may use those before it. `progress` may be used by all.
const LAYERS: [&[&str]; 8] = [
    &["text"],
    &["model"],
    &["edit"],
    &["check", "format", "agreement", "suggest", "stats"],
    &["store"],
    &["workspace"],
    &["cli", "app", "fuzzing"],
    &["main"],
];
const MOST_LINES: usize = 600;

struct SourceFile {
    /// Below `src/`, with `/`.
    path: String,
    content: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn sources() -> Vec<SourceFile> {
    let src = root().join("src");
    let (mut found, mut folders) = (Vec::new(), vec![src.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
                found.push(SourceFile { path: name, content: std::fs::read_to_string(&path).unwrap() });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 50, "the sources are where this test looks");
    found
}

impl SourceFile {
    /// The module path: `["edit", "ops"]` for `edit/ops/mod.rs` and `edit/ops.rs`.
    fn modules(&self) -> Vec<&str> {
        let path = self.path.trim_end_matches(".rs");
        path.split('/').filter(|part| *part != "mod").collect()
    }

    fn layer(&self) -> &str {
        self.modules()[0]
    }

    /// Lines that are code, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.content.lines().zip(1..).map(|(line, number)| (number, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Modules of the crate that the file names, with line numbers: `crate::x`, `crate::{x, y}`, `super::…` that leads there.
    fn uses(&self) -> Vec<(usize, String)> {
        let up = "super::".repeat(self.modules().len());
        let code: String =
            self.content.lines().map(|line| if line.trim_start().starts_with("//") { "\n".into() } else { format!("{line}\n") }).collect();
        let way_in = Regex::new(&format!(r"(?:\bcrate::|\bmanicule::|(?:^|[^:\w]){up})")).unwrap();
        let mut found = Vec::new();
        for place in way_in.find_iter(&code) {
            let line = code[..place.start()].matches('\n').count() + 1;
            found.extend(first_names(&code[place.end()..]).into_iter().map(|name| (line, name)));
        }
        found
    }
}

/// `model` of `model::Span`; `model` and `edit` of `{model::{Span, Claim}, edit}`.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    if !path.starts_with('{') {
        return vec![name(path)];
    }
    let (mut names, mut depth) = (Vec::new(), 0);
    for (at, c) in path.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && (c == '{' || c == ',') {
            names.push(name(path[at + 1..].trim_start()));
        }
    }
    names
}

fn rank(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

#[track_caller]
fn assert_none(mut problems: Vec<String>, rule: &str) {
    problems.sort();
    assert!(problems.is_empty(), "{rule}:\n{}", problems.join("\n"));
}

#[test]
fn every_module_uses_only_those_to_its_left() {
    let mut problems = Vec::new();
    for file in sources().iter().filter(|file| !["lib", "progress"].contains(&file.layer())) {
        let own = rank(file.layer()).unwrap_or_else(|| panic!("src/{} is in no layer; see LAYERS", file.path));
        for (line, used) in file.uses() {
            let is_fine = used == file.layer() || used == "progress" || rank(&used).is_none_or(|rank| rank < own);
            if !is_fine {
                problems.push(format!("src/{}:{line}: `{}` must not use `{used}`", file.path, file.layer()));
            }
        }
    }
    assert_none(problems, "text ← model ← edit ← { check, format, … } ← store ← workspace ← { cli, app } ← main");
}

#[test]
fn the_layer_test_sees_every_way_to_name_a_module() {
    let used = |path: &str, content: &str| {
        let file = SourceFile { path: path.into(), content: content.into() };
        file.uses().into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(used("text/a.rs", "use crate::model::{Span, Claim};"), "model");
    assert_eq!(used("text/a.rs", "use crate::{model::{Span, Claim},\n    edit};").trim(), "model edit");
    assert_eq!(used("text/a.rs", "fn f(x: crate::edit::Edit) {}"), "edit");
    assert_eq!(used("text/a.rs", "use super::super::model::Span;\nuse super::b;"), "model");
    assert_eq!(used("text/mod.rs", "use super::model;"), "model");
    assert_eq!(used("text/a.rs", "//! [`crate::model`]\n/// crate::edit"), "");
}

#[test]
fn only_the_window_knows_the_window() {
    let toolkit = Regex::new(r"\b(egui|eframe|rfd|egui_\w+)::").unwrap();
    let outside = sources().into_iter().filter(|file| !["app", "main"].contains(&file.layer()));
    let problems = outside.flat_map(|file| {
        let lines: Vec<String> = file.code().filter(|(_, line)| toolkit.is_match(line)).map(|(n, _)| format!("src/{}:{n}", file.path)).collect();
        lines
    });
    assert_none(problems.collect(), "egui, eframe and rfd only under src/app and in src/main.rs");
}

#[test]
fn only_the_workspace_applies_transactions() {
    let door = Regex::new(r"\bedit::(\{[^}]*\b)?apply\b").unwrap();
    let outside = sources().into_iter().filter(|file| !["edit", "workspace"].contains(&file.layer()));
    let problems = outside.filter(|file| file.code().any(|(_, line)| door.is_match(line))).map(|file| format!("src/{}", file.path));
    assert_none(problems.collect(), "data changes through Workspace::apply alone");
}

#[test]
fn the_tests_that_the_architecture_names_exist() {
    let architecture = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let rules = Regex::new(r"(?m)^\| \d+ \|.*\| ([^|]*) \|$").unwrap();
    let tests = tracked_files().into_iter().filter(|path| path.ends_with(".rs"));
    let code: String = tests.filter_map(|path| std::fs::read_to_string(root().join(path)).ok()).collect();
    let name = Regex::new("`([a-z0-9_]+)`").unwrap();
    let guards = rules.captures_iter(&architecture).map(|rule| rule[1].to_owned()).collect::<Vec<_>>();
    assert!(guards.len() >= 10 && guards.iter().all(|guard| name.is_match(guard)), "every rule has a test: {guards:?}");
    let named = guards.iter().flat_map(|guard| name.captures_iter(guard)).map(|name| name[1].to_owned());
    let missing = named.filter(|name| !code.is_empty() && !code.contains(&format!("fn {name}(")));
    assert_none(missing.collect(), "ARCHITECTURE.md names tests that do not exist");
}

#[test]
fn formats_know_neither_each_other_nor_the_file_system() {
    let sources = sources();
    let table = &sources.iter().find(|file| file.path == "format/mod.rs").unwrap().content;
    let formats: BTreeSet<&str> = Regex::new(r"(\w+)::\w*FORMAT\b").unwrap().captures_iter(table).map(|c| c.get(1).unwrap().as_str()).collect();
    assert!(formats.len() >= 4, "{formats:?}");
    let mut problems = Vec::new();
    let file_system = Regex::new(r"\bstd::(fs|path)\b|\bFile::").unwrap();
    for file in sources.iter().filter(|file| file.layer() == "format") {
        let modules = file.modules();
        let own = modules.get(1).copied().unwrap_or_default();
        let up = "super::".repeat(modules.len() - 1);
        for (number, line) in file.code() {
            let is_other = |format: &&&str| **format != own && !own.is_empty();
            let names = |format: &&str| line.contains(&format!("crate::format::{format}::")) || line.contains(&format!(" {up}{format}::"));
            if formats.contains(own) && formats.iter().filter(is_other).any(names) {
                problems.push(format!("src/{}:{number} uses another format", file.path));
            }
            if file_system.is_match(line) {
                problems.push(format!("src/{}:{number} uses the file system", file.path));
            }
        }
    }
    assert_none(problems, "a format reads and writes named streams");
}

#[test]
fn every_file_says_what_it_is_and_is_not_too_long() {
    let mut problems = Vec::new();
    for file in sources() {
        if !file.content.starts_with("//! ") {
            problems.push(format!("src/{} does not begin with `//! `", file.path));
        }
        let own = file.content.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines = own.lines().count();
        if lines > MOST_LINES {
            problems.push(format!("src/{} has {lines} lines without its tests, more than {MOST_LINES}", file.path));
        }
    }
    assert_none(problems, "someone new must find the right file and be able to read it");
}

#[test]
fn no_test_is_switched_off() {
    let mark = ["#[ig", "nore"].concat();
    let in_tests = tracked_files().into_iter().filter(|path| path.ends_with(".rs"));
    let problems = in_tests.filter(|path| std::fs::read_to_string(root().join(path)).is_ok_and(|content| content.contains(&mark)));
    assert_none(problems.collect(), "a test that cannot run says so by name and fails");
}

/// What git tracks; without git (an unpacked archive) there is nothing to look at.
fn tracked_files() -> Vec<String> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    match output {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).split_terminator('\0').map(str::to_owned).collect(),
        _ => {
            eprintln!("NOT TESTED: git does not know this folder, so tracked files cannot be listed");
            Vec::new()
        }
    }
}

#[test]
fn nothing_here_reaches_a_network() {
    let network = Regex::new(r"\b(std::net|TcpStream|TcpListener|UdpSocket|reqwest|ureq|hyper)\b").unwrap();
    let problems = sources().into_iter().flat_map(|file| {
        let lines: Vec<String> = file.code().filter(|(_, line)| network.is_match(line)).map(|(n, _)| format!("src/{}:{n}", file.path)).collect();
        lines
    });
    assert_none(problems.collect(), "no input may make the program fetch anything, so nothing of it can");
}

#[test]
fn no_tracked_file_names_a_machine() {
    // In pieces, so that this file does not find itself.
    let traces = ["/wo|rk/", "/ro|ot/", "/ho|me/", "/Us|ers/", "C:\\Us|ers", "local|host:"].map(|trace| trace.replace('|', ""));
    let mut problems = Vec::new();
    for path in tracked_files() {
        let Ok(content) = std::fs::read_to_string(root().join(&path)) else { continue };
        for (line, number) in content.lines().zip(1..) {
            if traces.iter().any(|trace| line.contains(trace.as_str())) {
                problems.push(format!("{path}:{number}: {line}"));
            }
        }
    }
    assert_none(problems, "no path of somebody's machine in the project");
}

#[test]
fn scripts_can_be_run() {
    #[cfg(unix)]
    for script in ["run", "test", ".ci/run"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(root().join(script)).unwrap_or_else(|error| panic!("{script}: {error}")).permissions().mode();
        assert!(mode & 0o111 != 0, "{script} is not executable");
    }
}
