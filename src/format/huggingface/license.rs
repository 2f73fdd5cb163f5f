//! Under which licence a data set may be used: by its id in the list of SPDX, as a link, or in words.

use std::fmt::Write as _;

use super::card::{line, quoted};

/// Ids of SPDX (<https://spdx.org/licenses/>), and what the hub calls them where that is not the same in small letters
/// (<https://huggingface.co/docs/hub/repositories-licenses>).
const KNOWN: [(&str, &str); 24] = [
    ("CC0-1.0", ""),
    ("CC-BY-4.0", ""),
    ("CC-BY-3.0", ""),
    ("CC-BY-2.0", ""),
    ("CC-BY-SA-4.0", ""),
    ("CC-BY-SA-3.0", ""),
    ("CC-BY-NC-4.0", ""),
    ("CC-BY-NC-3.0", ""),
    ("CC-BY-NC-2.0", ""),
    ("CC-BY-ND-4.0", ""),
    ("CC-BY-NC-SA-4.0", ""),
    ("CC-BY-NC-SA-3.0", ""),
    ("CC-BY-NC-SA-2.0", ""),
    ("CC-BY-NC-ND-4.0", ""),
    ("CC-BY-NC-ND-3.0", ""),
    ("ODbL-1.0", "odbl"),
    ("ODC-By-1.0", "odc-by"),
    ("PDDL-1.0", "pddl"),
    ("CDLA-Permissive-1.0", ""),
    ("CDLA-Permissive-2.0", ""),
    ("CDLA-Sharing-1.0", ""),
    ("MIT", ""),
    ("Apache-2.0", ""),
    ("Unlicense", ""),
];

/// A licence as somebody has written it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum License<'l> {
    /// Nobody has said anything.
    Unsaid,
    /// By its id, and what the hub calls it.
    Known(&'static str, &'static str),
    Link(&'l str),
    Words(&'l str),
}

impl<'l> License<'l> {
    pub(super) fn of(written: &'l str) -> Self {
        let written = written.trim();
        let is_called = |(id, hub): &&(&str, &str)| id.eq_ignore_ascii_case(written) || !hub.is_empty() && hub.eq_ignore_ascii_case(written);
        match KNOWN.iter().find(is_called) {
            _ if written.is_empty() => Self::Unsaid,
            Some((id, hub)) => Self::Known(id, hub),
            None if written.starts_with("https://") || written.starts_with("http://") => Self::Link(written),
            None => Self::Words(written),
        }
    }

    /// Lines for the head of the card.
    pub(super) fn push_yaml(self, page: &mut String) {
        let _ = match self {
            Self::Unsaid => Ok(()),
            Self::Known(id, "") => writeln!(page, "license: {}", id.to_lowercase()),
            Self::Known(_, hub) => writeln!(page, "license: {hub}"),
            Self::Link(link) => writeln!(page, "license: other\nlicense_link: {}", quoted(link)),
            Self::Words(words) => writeln!(page, "license: other\nlicense_name: {}", quoted(words)),
        };
    }

    /// For people.
    pub(super) fn to_markdown(self) -> String {
        match self {
            Self::Unsaid => {
                "Nobody has said under which licence the articles and the annotations may be used: say so here before you publish them.".to_owned()
            }
            Self::Known(id, _) => format!("The data set may be used under [{id}]({}).", page_of(id)),
            Self::Link(link) => format!("The data set may be used under <{}>.", line(link)),
            Self::Words(words) => format!("The data set may be used under this licence: {}.", line(words).trim_end_matches('.')),
        }
    }

    /// For programs that read Croissant, which would rather have a link.
    pub(super) fn to_croissant(self) -> Option<String> {
        match self {
            Self::Unsaid => None,
            Self::Known(id, _) => Some(page_of(id)),
            Self::Link(written) | Self::Words(written) => Some(line(written)),
        }
    }
}

fn page_of(id: &str) -> String {
    format!("https://spdx.org/licenses/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, yaml: &str, croissant: Option<&str>) {
        let mut page = String::new();
        License::of(written).push_yaml(&mut page);
        assert_eq!((page.as_str(), License::of(written).to_croissant().as_deref()), (yaml, croissant));
    }

    #[test]
    fn licences_are_written_as_the_hub_and_croissant_call_them() {
        check(" ", "", None);
        check("cc-by-sa-4.0", "license: cc-by-sa-4.0\n", Some("https://spdx.org/licenses/CC-BY-SA-4.0"));
        check("ODbL-1.0", "license: odbl\n", Some("https://spdx.org/licenses/ODbL-1.0"));
        check("https://example.org/terms", "license: other\nlicense_link: \"https://example.org/terms\"\n", Some("https://example.org/terms"));
        check(
            "For research: no \"resale\"",
            "license: other\nlicense_name: \"For research: no \\\"resale\\\"\"\n",
            Some("For research: no \"resale\""),
        );
    }
}
