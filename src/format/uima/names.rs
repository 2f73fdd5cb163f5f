//! Attribute keys as names of features: UIMA takes ASCII letters, digits and `_`, and a letter first.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Features of ours that are no attributes. Such a key gets a prefix.
const FIXED: [&str; 32] = [
    "Dependent",
    "Governor",
    "author",
    "begin",
    "coder",
    "date",
    "documentId",
    "documentLanguage",
    "documentTitle",
    "documentUri",
    "end",
    "entity",
    "entityName",
    "fileName",
    "fragments",
    "id",
    "keptAside",
    "kind",
    "label",
    "name",
    "normalized",
    "note",
    "occurrences",
    "otherRoles",
    "role",
    "roles",
    "self",
    "sofa",
    "source",
    "status",
    "target",
    "type",
];
const PREFIX: &str = "attribute_";

/// True for a feature of ours that is no attribute.
pub(super) fn is_fixed(feature: &str) -> bool {
    FIXED.contains(&feature)
}

/// The feature of an attribute: `größe` gives `gr_uf6__udf_e`. No two keys give the same.
pub(super) fn feature_name(key: &str) -> Cow<'_, str> {
    let is_plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !key.contains("_u");
    let needs_prefix = !key.starts_with(|c: char| c.is_ascii_alphabetic()) || is_fixed(key) || key.starts_with(PREFIX);
    if is_plain && !needs_prefix {
        return Cow::Borrowed(key);
    }
    let mut name = if needs_prefix { PREFIX.to_owned() } else { String::new() };
    let mut rest = key;
    while let Some(c) = rest.chars().next() {
        // Every `_u` that is not ours would be read as one.
        let is_taken = rest.starts_with("_u");
        if (c.is_ascii_alphanumeric() || c == '_') && !is_taken {
            name.push(c);
        } else {
            let _ = write!(name, "_u{:x}_", u32::from(c));
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    Cow::Owned(name)
}

/// The attribute of a feature.
pub(super) fn attribute_name(feature: &str) -> Cow<'_, str> {
    let rest = feature.strip_prefix(PREFIX).unwrap_or(feature);
    if !rest.contains("_u") {
        return Cow::Borrowed(rest);
    }
    let mut key = String::new();
    let mut rest = rest;
    while let Some(c) = rest.chars().next() {
        let (c, len) = escape_at(rest).unwrap_or((c, c.len_utf8()));
        key.push(c);
        rest = rest.get(len..).unwrap_or_default();
    }
    Cow::Owned(key)
}

/// A character written as `_uf6_`, and the bytes that this takes.
fn escape_at(text: &str) -> Option<(char, usize)> {
    let (hex, _) = text.strip_prefix("_u")?.split_once('_')?;
    let is_hex = (1..=6).contains(&hex.len()) && hex.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase());
    let c = char::from_u32(u32::from_str_radix(hex, 16).ok().filter(|_| is_hex)?)?;
    Some((c, hex.len() + 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_from_names_of_features() {
        for (key, name) in [
            ("stance", "stance"),
            ("größe", "gr_uf6__udf_e"),
            ("label", "attribute_label"),
            ("attribute_x", "attribute_attribute_x"),
            ("2nd", "attribute_2nd"),
            ("a_uf6_b", "a_u5f_uf6_b"),
            ("a_use", "a_u5f_use"),
            ("_ue9é", "attribute__u5f_ue9_ue9_"),
            ("_", "attribute__"),
            ("主張", "attribute__u4e3b__u5f35_"),
        ] {
            assert_eq!((feature_name(key).as_ref(), attribute_name(name).as_ref()), (name, key));
        }
    }
}
