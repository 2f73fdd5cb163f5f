//! What git is told about a project's files. Knows nothing of the program git.

/// The name of the merge driver, in `.gitattributes` and in git's configuration.
pub const MERGE_DRIVER: &str = "manicule";

/// The project's `.gitattributes`: no touched line ends, no conflict marks in texts, our merge driver for the rest.
pub const GITATTRIBUTES: &str = "\
# Manicule: offsets count bytes, so git must not touch line ends, nor put the marks of a conflict into a text.
*.txt -text -merge
*.orig -text -diff -merge
*.ron -text merge=manicule
";

/// The project's `.gitignore`.
pub const GITIGNORE: &str = "\
# Manicule: locks and unfinished files of this machine.
.manicule/
*.manicule-tmp
";

/// What git must answer when it is asked for `text` and `merge` of files with these names.
pub const ATTRIBUTES: [(&str, [&str; 2]); 3] = [("x.txt", ["unset", "unset"]), ("x.orig", ["unset", "unset"]), ("x.ron", ["unset", MERGE_DRIVER])];
