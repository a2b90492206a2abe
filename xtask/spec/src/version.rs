//! The version of the generated crate: ours, while `info.version` is the vendor's.

use semver::{BuildMetadata, Version};

use crate::node::Node;
use crate::source::Source;

/// Where a spec says its crate's version.
pub const KEY: &str = "x-crate-version";

/// The crate's own version, where the spec has one.
pub fn declared(source: &Source) -> Option<Version> {
    let node = source.root.at(["info", KEY])?;
    Version::parse(node.as_str()?).ok()
}

/// The version that the crate's manifest gets: its own, and the API's as build metadata.
pub fn full(source: &Source) -> Option<Version> {
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
