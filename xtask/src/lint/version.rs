//! The version of the generated crate: ours, while `info.version` is the vendor's.

use semver::{BuildMetadata, Version};

use super::Rule;
use crate::diagnostic::Diagnostic;
use crate::spec::{Node, Source};

/// Where a spec says its crate's version.
pub(crate) const KEY: &str = "x-crate-version";

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let help = "say the generated crate's version beside the API's, such as `x-crate-version: 0.1.0`; see https://semver.org/";
    let info = source.root.get("info");
    let node = info.and_then(|info| info.get(KEY));
    let (place, message) = match (info, node) {
        // That there is no `info` is said of the structure.
        (None, _) => return Vec::new(),
        (Some(info), None) => (
            source
                .root
                .entry("info")
                .map_or(&info.place, |(key, _)| &key.place),
            format!("`info` has no `{KEY}`"),
        ),
        (Some(_), Some(node)) => match node.as_str().map(Version::parse) {
            Some(Ok(version)) if version.build.is_empty() => return Vec::new(),
            Some(Ok(_)) => (
                &node.place,
                format!("`{KEY}` has build metadata, where the API's version goes"),
            ),
            Some(Err(error)) => (&node.place, format!("`{KEY}` is no version: {error}")),
            None => (&node.place, format!("`{KEY}` is not text")),
        },
    };
    vec![source.error(Rule::CrateVersion, place, message).help(help)]
}

/// The crate's own version, where the spec has one.
pub(crate) fn declared(source: &Source) -> Option<Version> {
    let node = source.root.at(["info", KEY])?;
    Version::parse(node.as_str()?).ok()
}

/// The version that the crate's manifest gets: its own, and the API's as build metadata.
pub(crate) fn full(source: &Source) -> Option<Version> {
    let api = source
        .root
        .at(["info", "version"])
        .and_then(Node::as_str)
        .unwrap_or_default();
    let mut version = declared(source)?;
    version.build = build_metadata(api);
    Some(version)
}

/// A vendor may write anything; in build metadata there are letters, digits, hyphens and dots.
fn build_metadata(api: &str) -> BuildMetadata {
    let plain: String = api
        .trim()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect();
    let parts: Vec<&str> = plain.split('.').filter(|part| !part.is_empty()).collect();
    BuildMetadata::new(&parts.join(".")).unwrap_or_default()
}
