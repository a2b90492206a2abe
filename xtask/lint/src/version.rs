//! The spec says which version the generated crate has.

use semver::Version;
use spec::version::KEY;
use spec::{Diagnostic, Rule, Source};

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
