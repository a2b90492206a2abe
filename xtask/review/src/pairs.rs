//! Which operation of one spec became which of the other.

use spec::{OperationNode, Source};

/// An operation before and after; one of the two may be missing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'a> {
    pub old: Option<OperationNode<'a>>,
    pub new: Option<OperationNode<'a>>,
}

impl<'a> Pair<'a> {
    /// The operation as it is now, or as it last was.
    pub fn latest(&self) -> Option<OperationNode<'a>> {
        self.new.or(self.old)
    }

    pub fn old_id(&self) -> &'a str {
        self.old
            .and_then(|operation| operation.id())
            .unwrap_or_default()
    }

    pub fn new_id(&self) -> &'a str {
        self.new
            .and_then(|operation| operation.id())
            .unwrap_or_default()
    }

    pub fn id(&self) -> &'a str {
        self.latest()
            .and_then(|operation| operation.id())
            .unwrap_or_default()
    }
}

/// `DELETE /seats/{id}`
pub(crate) fn route(operation: OperationNode<'_>) -> String {
    format!(
        "{} {}",
        operation.method.name.to_uppercase(),
        operation.path.name
    )
}

/// The route without the names of its parameters, which are not sent on the wire.
pub(crate) fn bare_route(operation: OperationNode<'_>) -> String {
    let mut bare = format!("{}/", operation.method.name);
    let mut rest = operation.path.name.as_str();
    while let Some((before, name)) = rest.split_once('{') {
        bare.push_str(before);
        bare.push_str("{}");
        rest = name.split_once('}').map_or("", |(_, rest)| rest);
    }
    bare + rest
}

/// The names of the parameters in a path, in their order.
pub(crate) fn names_in(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect()
}

/// The same id is the same operation, wherever it went; of the rest, the same route is.
pub(crate) fn pairs<'a>(old: &'a Source, new: &'a Source) -> Vec<Pair<'a>> {
    let mut before: Vec<OperationNode<'a>> = old.operations();
    let mut pairs: Vec<Pair<'a>> = new
        .operations()
        .into_iter()
        .map(|operation| Pair {
            old: None,
            new: Some(operation),
        })
        .collect();
    let is_same: [fn(OperationNode<'_>, OperationNode<'_>) -> bool; 2] = [
        |a, b| a.id() == b.id(),
        |a, b| bare_route(a) == bare_route(b),
    ];
    for is_same in is_same {
        for pair in &mut pairs {
            let (None, Some(new)) = (pair.old, pair.new) else {
                continue;
            };
            if let Some(at) = before.iter().position(|old| is_same(*old, new)) {
                pair.old = Some(before.remove(at));
            }
        }
    }
    pairs.extend(before.into_iter().map(|operation| Pair {
        old: Some(operation),
        new: None,
    }));
    pairs
}

/// Letters and digits in lower case: what the generator leaves of a name whatever case it chooses.
pub(crate) fn bare(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.collect::<String>().to_lowercase()
}
