//! How large a number may be and how long a list, and whether the generated crate says so.

use std::cmp::Ordering;

use super::super::finding::{Direction, Site, Wire, say};
use super::{At, Walk, same, shown};
use spec::Node;

/// How more or less of a bound makes it a stricter one.
#[derive(Clone, Copy)]
enum Bound {
    Lower,
    /// What has nothing less than zero.
    LowerCount,
    Upper,
    Flag,
    Multiple,
}

const BOUNDS: [(&str, Bound); 10] = [
    ("minimum", Bound::Lower),
    ("maximum", Bound::Upper),
    ("exclusiveMinimum", Bound::Flag),
    ("exclusiveMaximum", Bound::Flag),
    ("multipleOf", Bound::Multiple),
    ("minItems", Bound::LowerCount),
    ("maxItems", Bound::Upper),
    ("uniqueItems", Bound::Flag),
    ("minProperties", Bound::LowerCount),
    ("maxProperties", Bound::Upper),
];

/// Compares the bounds; some of them choose the type of a number or a list as well.
pub(super) fn compare(walk: &mut Walk<'_, '_>, old: &Node, new: &Node, at: &At) {
    for (key, bound) in BOUNDS {
        let (before, after) = (old.get(key), new.get(key));
        if same(before, after) {
            continue;
        }
        let is_sent = at.direction == Direction::Sent;
        let is_tighter = bound.is_tighter(before, after);
        let has_constant = has_constant(key, at);
        let more = match (is_sent, is_tighter, has_constant) {
            (true, true, true) => ": what was right to send may be refused",
            (true, true, false) => {
                ": what was right to send may be refused; the generated code does not check it"
            }
            (true, false, true) => {
                ": who goes by the constant may send larger or other requests than before"
            }
            (true, false, false) => {
                ": requests that were wrong may be sent; the generated code does not check it"
            }
            (false, _, true) => "",
            (false, _, false) => "; the generated code does not check it",
        };
        let says = "{} was {} and is {}";
        let mut finding = walk.finding(at, says, &[key, &shown(before), &shown(after)]);
        finding.says = finding.says.then(&say(more, &[]));
        if is_sent && is_tighter {
            finding = finding.wire(Wire::REQUESTS);
        }
        walk.add(finding);
    }
}

/// Whether the generated crate has a constant of the bound, which the facade goes by.
fn has_constant(key: &str, at: &At) -> bool {
    matches!(at.site, Site::Component("schema", _))
        && at.place.0.is_empty()
        && matches!(key, "minimum" | "maximum" | "minItems" | "maxItems")
}

impl Bound {
    /// Whether something that was right may be wrong now; where nobody can tell, it may.
    fn is_tighter(self, before: Option<&Node>, after: Option<&Node>) -> bool {
        let number = |node: Option<&Node>| node.and_then(|node| node.to_json().as_f64());
        let Some(after) = after else {
            return false;
        };
        let compared = match (number(before), number(Some(after))) {
            (Some(before), Some(after)) => after.partial_cmp(&before),
            _ => None,
        };
        match self {
            Self::Flag => after.is_true(),
            Self::Multiple => true,
            Self::LowerCount if before.is_none() => number(Some(after)) != Some(0.0),
            Self::Lower | Self::LowerCount => compared != Some(Ordering::Less),
            Self::Upper => compared != Some(Ordering::Greater),
        }
    }
}
