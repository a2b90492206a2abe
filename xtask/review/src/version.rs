//! Which version a crate has to have after a change, and whether the spec says so.
//!
//! Semantic Versioning as Cargo reads it: before 1.0 a break raises the minor version, and what only
//! adds or behaves another way raises the patch version. Documentation alone raises nothing.

use semver::{BuildMetadata, Prerelease, Version};

use crate::consequences::Placed;
use crate::finding::{Finding, Site};
use crate::words::{Words, say};
use spec::Source;
use spec::version as declared;

/// How much a change asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Documentation alone, or nothing at all.
    Nothing,
    /// Something is new or behaves another way.
    Patch,
    /// The wire or Rust callers break.
    Breaking,
}

/// Whether the version at head is what the change asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The version is as the change asks.
    Right,
    /// The version is larger than the change requires, which does no harm.
    Larger,
    /// The version is too small.
    TooSmall {
        /// The line of the spec to change.
        line: u64,
        /// What has to stand there.
        write: String,
    },
}

/// The version of one crate, before and after.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The version at the base; none, where the base did not say one.
    pub before: Option<Version>,
    /// The version at head.
    pub after: Version,
    /// The version of the manifest, with the API's.
    pub full: Version,
    /// How much the change asks for.
    pub need: Need,
    /// The smallest version that is right.
    pub needed: Version,
    /// What follows.
    pub outcome: Outcome,
}

pub(crate) fn need(findings: &[Finding], consequences: &[Placed]) -> Need {
    let of_findings = findings.iter().map(|finding| {
        if finding.wire.breaks() {
            Need::Breaking
        } else if finding.is_documentation {
            Need::Nothing
        } else {
            Need::Patch
        }
    });
    let of_crates = consequences
        .iter()
        .map(|placed| match placed.consequence.breaks {
            true => Need::Breaking,
            false => Need::Patch,
        });
    of_findings.chain(of_crates).max().unwrap_or(Need::Nothing)
}

/// That the version is another one, where that is all: with more, the verdict tells.
pub(crate) fn alone(old: &Source, new: &Source) -> Option<Finding> {
    let (before, after) = (declared::declared(old)?, declared::declared(new)?);
    let says = say(
        "the version of the crate was {} and is {}; nothing else changed",
        &[&before.to_string(), &after.to_string()],
    );
    (before != after).then(|| Finding::new(Site::Document, Words::default(), says).documentation())
}

pub(crate) fn judge(old: &Source, new: &Source, need: Need) -> Option<Verdict> {
    let after = declared::declared(new)?;
    let full = declared::full(new)?;
    let before = declared::declared(old);
    let needed = before
        .as_ref()
        .map_or_else(|| after.clone(), |before| next(before, need));
    let line = new
        .root
        .at(["info", declared::KEY])
        .map_or(1, |node| node.place.line);
    let outcome = if after < needed {
        Outcome::TooSmall {
            line,
            write: format!("{}: {needed}", declared::KEY),
        }
    } else if after > needed && before.is_some() {
        Outcome::Larger
    } else {
        Outcome::Right
    };
    Some(Verdict {
        before,
        after,
        full,
        need,
        needed,
        outcome,
    })
}

/// The smallest version that comes after `version` with such a change.
fn next(version: &Version, need: Need) -> Version {
    let mut next = Version {
        build: BuildMetadata::EMPTY,
        ..version.clone()
    };
    if need == Need::Nothing {
        return next;
    }
    next.pre = Prerelease::EMPTY;
    // What comes before a release may still break; the release itself is next.
    if !version.pre.is_empty() {
        return next;
    }
    match (need, version.major, version.minor) {
        (Need::Breaking, 1.., _) => {
            next.major += 1;
            next.minor = 0;
            next.patch = 0;
        }
        (Need::Breaking, 0, 1..) => {
            next.minor += 1;
            next.patch = 0;
        }
        _ => next.patch += 1,
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_version_is_the_smallest_that_is_right() {
        let cases = [
            ("0.1.0", Need::Nothing, "0.1.0"),
            ("0.1.0", Need::Patch, "0.1.1"),
            ("0.1.3", Need::Breaking, "0.2.0"),
            ("0.0.3", Need::Breaking, "0.0.4"),
            ("1.2.3", Need::Patch, "1.2.4"),
            ("1.2.3", Need::Breaking, "2.0.0"),
            ("2.0.0-rc.1", Need::Breaking, "2.0.0"),
            ("2.0.0-rc.1", Need::Nothing, "2.0.0-rc.1"),
        ];
        for (before, need, expected) in cases {
            let before = Version::parse(before).unwrap();
            assert_eq!(
                next(&before, need).to_string(),
                expected,
                "{before} {need:?}"
            );
        }
    }
}
