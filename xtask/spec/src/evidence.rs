//! Where a spec's statements are known from: its `x-evidence`, and what inherits it.

use std::collections::{BTreeSet, HashSet};

use crate::node::{Content, Node, Place};
use crate::source::{OperationNode, Source};

/// The extension that carries it.
pub const EXTENSION: &str = "x-evidence";

/// What an `x-evidence` may hold.
pub const FIELDS: [&str; 6] = [
    "source",
    "date",
    "certainty",
    "departs",
    "because",
    "required",
];

/// How certain a thing can be, and what that means.
pub const CERTAINTIES: [(&str, &str); 3] = [
    (
        "certain",
        "literal public evidence: a page of the vendor's, a recorded answer, the vendor's own client",
    ),
    ("likely", "inferred from something else that is public"),
    (
        "unknown",
        "nobody has shown it; the client takes whatever comes",
    ),
];

/// Whether this is the date of a page or recording: a day, a month or a year, or `undated`.
pub fn is_date(text: &str) -> bool {
    let is_number = |part: &str, digits: usize, most: u32| {
        let number = part.parse::<u32>().is_ok_and(|n| (1..=most).contains(&n));
        part.len() == digits && number
    };
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        ["undated"] => true,
        [year, rest @ ..] if rest.len() <= 2 => {
            let mosts = [12, 31];
            is_number(year, 4, 9999)
                && rest
                    .iter()
                    .zip(mosts)
                    .all(|(part, most)| is_number(part, 2, most))
        }
        _ => false,
    }
}

/// Where something is known from, as it stands or inherited.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// An address, or words where there is none.
    pub source: Option<String>,
    /// The date of the page or of the recording, or `undated`.
    pub date: Option<String>,
    /// One of [`CERTAINTIES`].
    pub certainty: Option<String>,
    /// What the reference says instead. It is not inherited.
    pub departs: Option<String>,
    /// Why the spec departs from it. It is not inherited.
    pub because: Option<String>,
}

/// A part of a spec with evidence of its own.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it is, in a reader's words: `Seat.state`, or the answer `404`.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Its evidence. Source and date are its own, or missing where they are those of what it belongs to.
    pub evidence: Evidence,
    /// The operations that it belongs to.
    pub operations: BTreeSet<String>,
}

impl Evidence {
    /// The evidence of a node under what it inherits.
    fn of(node: &Node, inherited: &Self) -> Self {
        let Some(own) = node.get(EXTENSION) else {
            return Self {
                departs: None,
                because: None,
                ..inherited.clone()
            };
        };
        let text = |name| own.get(name).and_then(Node::as_str).map(one_line);
        let source = text("source");
        // The date is that of the source; of another source it is another one.
        let date = text("date").or_else(|| match source {
            Some(_) => None,
            None => inherited.date.clone(),
        });
        Self {
            source: source.or_else(|| inherited.source.clone()),
            date,
            certainty: text("certainty").or_else(|| inherited.certainty.clone()),
            departs: text("departs"),
            because: text("because"),
        }
    }
}

/// The document's evidence, which everything in it inherits.
pub fn of_document(source: &Source) -> Evidence {
    Evidence::of(&source.root, &Evidence::default())
}

/// Whether the document wants evidence for each of its operations.
pub fn is_required(source: &Source) -> bool {
    let own = source.root.get(EXTENSION);
    own.and_then(|own| own.get("required"))
        .is_some_and(Node::is_true)
}

/// An operation's evidence. Its source is the page that it refers to, where it names no other.
pub fn of_operation(source: &Source, operation: &OperationNode<'_>) -> Evidence {
    let mut inherited = of_document(source);
    let page = operation
        .node
        .at(["externalDocs", "url"])
        .and_then(Node::as_str);
    if let (Some(page), Some(source)) = (page, &inherited.source) {
        // The date is that of the document's page; of another page it is another one.
        let page_of = |url: &str| url.split('#').next().map(str::to_owned);
        if page_of(page) != page_of(source) {
            inherited.date = None;
        }
        inherited.source = Some(page.to_owned());
    }
    Evidence::of(operation.node, &inherited)
}

/// Every part with evidence of its own, but for the document and the operations, in its order.
pub fn parts(source: &Source) -> Vec<Part> {
    let operations = source.operations();
    let reached: Vec<(String, HashSet<usize>)> = operations
        .iter()
        .map(|operation| {
            let id = operation.id().unwrap_or(&operation.path.name).to_owned();
            (id, reached(source, operation))
        })
        .collect();
    let own: HashSet<usize> = operations
        .iter()
        .map(|operation| address(operation.node))
        .collect();
    let mut walk = Walk {
        own: &own,
        found: Vec::new(),
    };
    walk.below(&source.root, &mut Vec::new(), &of_document(source));
    walk.found
        .into_iter()
        .map(|(node, name, evidence)| Part {
            name,
            place: node.place.clone(),
            evidence,
            operations: reached
                .iter()
                .filter(|(_, nodes)| nodes.contains(&address(node)))
                .map(|(id, _)| id.clone())
                .collect(),
        })
        .collect()
}

struct Walk<'a> {
    /// The operations themselves, which are not parts.
    own: &'a HashSet<usize>,
    found: Vec<(&'a Node, String, Evidence)>,
}

impl<'a> Walk<'a> {
    fn below(&mut self, node: &'a Node, path: &mut Vec<String>, inherited: &Evidence) {
        let evidence = Evidence::of(node, inherited);
        // An operation has its row; a departure of its own is told like any other.
        let is_told = !self.own.contains(&address(node)) || evidence.departs.is_some();
        let is_part = !path.is_empty() && is_told;
        if let Some(own) = node.get(EXTENSION).filter(|_| is_part) {
            let mut evidence = evidence.clone();
            if own.get("source").is_none() {
                evidence.source = None;
            }
            if own.get("date").is_none() && own.get("source").is_none() {
                evidence.date = None;
            }
            self.found.push((node, name(node, path), evidence));
        }
        for (step, child) in children(node) {
            if step != EXTENSION {
                path.push(step);
                self.below(child, path, &evidence);
                path.pop();
            }
        }
    }
}

fn children(node: &Node) -> Vec<(String, &Node)> {
    match &node.content {
        Content::Scalar(_) => Vec::new(),
        Content::Sequence(items) => items
            .iter()
            .enumerate()
            .map(|(n, item)| (n.to_string(), item))
            .collect(),
        Content::Mapping(entries) => entries
            .iter()
            .map(|(key, value)| (key.name.clone(), value))
            .collect(),
    }
}

/// What a reader calls the part at the end of a path.
fn name(node: &Node, path: &[String]) -> String {
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    match steps.as_slice() {
        ["components", "schemas", schema, rest @ ..] => {
            let mut name = (*schema).to_owned();
            for step in rest {
                match *step {
                    "properties" => name.push('.'),
                    "items" => name.push_str("[]"),
                    step => name.push_str(step),
                }
            }
            format!("`{name}`")
        }
        ["components", "responses", answer] => format!("answer `{answer}`"),
        ["components", "securitySchemes", scheme] => format!("credential `{scheme}`"),
        [.., "responses", status] => format!("answer `{status}`"),
        [.., "responses"] => "answers".to_owned(),
        ["paths", _, _] => "the operation".to_owned(),
        [.., "requestBody"] => "request body".to_owned(),
        [.., "parameters", _] => {
            let name = node.get("name").and_then(Node::as_str).unwrap_or_default();
            format!("parameter `{name}`")
        }
        steps => format!("`{}`", steps.join(" ")),
    }
}

/// Every node of an operation, and of what it refers to. Credentials belong to every operation.
fn reached(source: &Source, operation: &OperationNode<'_>) -> HashSet<usize> {
    let mut seen = HashSet::new();
    let schemes = source.root.at(["components", "securitySchemes"]);
    let mut open: Vec<&Node> = [Some(operation.node), Some(operation.item), schemes]
        .into_iter()
        .flatten()
        .collect();
    // The path item holds its other operations, too.
    let others: HashSet<usize> = source
        .operations()
        .iter()
        .map(|other| address(other.node))
        .filter(|other| *other != address(operation.node))
        .collect();
    while let Some(node) = open.pop() {
        if others.contains(&address(node)) || !seen.insert(address(node)) {
            continue;
        }
        if node.get("$ref").is_some() {
            open.extend(source.resolve(node));
        }
        open.extend(children(node).into_iter().map(|(_, child)| child));
    }
    seen
}

/// A node by its address: the tree does not move while it is looked at.
fn address(node: &Node) -> usize {
    std::ptr::from_ref(node).addr()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
