//! The text of a spec as a tree, and the operations in it.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::node::{Key, Node, Place};
use crate::rule::Rule;
use crate::stack;

/// The text of a spec, and its tree.
#[derive(Clone, Debug)]
pub struct Source {
    /// The crate that is generated from it: the file's stem.
    pub name: String,
    /// The file, relative to the workspace's root, with `/` between its parts.
    pub path: String,
    /// The file's text.
    pub text: String,
    /// The text as a tree.
    pub root: Node,
}

/// One operation of a spec, as it stands in the tree.
#[derive(Clone, Copy, Debug)]
pub struct OperationNode<'a> {
    /// The path template.
    pub path: &'a Key,
    /// The whole path item.
    pub item: &'a Node,
    /// The HTTP method, in lower case as in the spec.
    pub method: &'a Key,
    /// The operation.
    pub node: &'a Node,
}

impl<'a> OperationNode<'a> {
    /// The `operationId`, where there is one.
    pub fn id(&self) -> Option<&'a str> {
        self.node.get("operationId").and_then(Node::as_str)
    }
}

/// The methods that a path item can hold, in the order in which the generator takes them.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

impl Source {
    /// Reads the text of one spec.
    ///
    /// # Errors
    /// The text is not YAML.
    pub fn parse(name: &str, path: &str, text: String) -> Result<Self, Vec<Diagnostic>> {
        let root = stack::large(|| {
            // A parser's own excerpt of the text would stand inside our message.
            let options = serde_saphyr::options! { with_snippet: false, strict_booleans: true };
            serde_saphyr::from_str_with_options(&text, options).map_err(|error| {
                let at = error.location();
                let (line, column) = at.map_or((1, 1), |at| (at.line(), at.column()));
                let place = Place::at(&text, line, column);
                let message = format!("this is not YAML: {}", without_location(&error.to_string()));
                vec![
                    Diagnostic::error(Rule::Yaml, path, &text, place, message)
                        .help("see https://yaml.org/spec/1.2.2/ for the syntax"),
                ]
            })
        })?;
        Ok(Self {
            name: name.to_owned(),
            path: path.to_owned(),
            text,
            root,
        })
    }

    /// An error about a place in this spec.
    pub fn error(&self, rule: Rule, place: &Place, message: impl Into<String>) -> Diagnostic {
        let mut found = Diagnostic::error(rule, &self.path, &self.text, place.clone(), message);
        found.spec = Some(self.name.clone());
        found.operation = self.operation_at(place);
        found
    }

    /// The operation within which a place is: its `operationId`, or else its method and path.
    fn operation_at(&self, place: &Place) -> Option<String> {
        let at = place.bytes.start;
        // Operations do not overlap; to look for the end of each would take its time.
        let start = |operation: &OperationNode<'_>| operation.method.place.bytes.start;
        let before = self.operations().into_iter();
        let operation = before
            .filter(|operation| start(operation) <= at)
            .max_by_key(start)
            .filter(|operation| at < operation.node.end())?;
        let id = operation.id().map(str::to_owned);
        id.or_else(|| {
            let method = operation.method.name.to_uppercase();
            Some(format!("{method} {}", operation.path.name))
        })
    }

    /// Every operation, in the order in which the generator makes methods of them.
    pub fn operations(&self) -> Vec<OperationNode<'_>> {
        let paths = self
            .root
            .get("paths")
            .map(Node::entries)
            .unwrap_or_default();
        paths
            .iter()
            .flat_map(|(path, item)| {
                METHODS.iter().filter_map(move |method| {
                    let (method, node) = item.entry(method)?;
                    Some(OperationNode {
                        path,
                        item,
                        method,
                        node,
                    })
                })
            })
            .collect()
    }

    /// Follows `$ref`s within this document, until something else stands there.
    ///
    /// None where a reference leads nowhere, out of the document, or in a circle.
    pub fn resolve<'a>(&'a self, mut node: &'a Node) -> Option<&'a Node> {
        // Longer than any honest chain of references.
        for _ in 0..32 {
            match node.get("$ref").and_then(Node::as_str) {
                None => return Some(node),
                Some(reference) => node = self.at_pointer(reference.strip_prefix('#')?)?,
            }
        }
        None
    }

    /// The parameters of an operation and of its path item; the operation's own win.
    pub fn parameters<'a>(&'a self, operation: OperationNode<'a>) -> Vec<&'a Node> {
        let text = |node: &'a Node, key| node.get(key).and_then(Node::as_str).unwrap_or_default();
        let mut by_name: BTreeMap<(&str, &str), &Node> = BTreeMap::new();
        for owner in [operation.item, operation.node] {
            for parameter in owner.get("parameters").map(Node::items).unwrap_or_default() {
                if let Some(parameter) = self.resolve(parameter) {
                    by_name.insert((text(parameter, "in"), text(parameter, "name")), parameter);
                }
            }
        }
        by_name.into_values().collect()
    }

    /// A schema and all the schemas that it is made of.
    pub fn flatten<'a>(&'a self, schema: &'a Node) -> Vec<&'a Node> {
        let mut next = vec![schema];
        let mut flat: Vec<&Node> = Vec::new();
        while let Some(schema) = next.pop() {
            let Some(schema) = self.resolve(schema) else {
                continue;
            };
            if !flat.iter().any(|&seen| std::ptr::eq(seen, schema)) {
                flat.push(schema);
                next.extend(schema.parts());
            }
        }
        flat
    }

    /// The node at a JSON pointer.
    pub fn at_pointer(&self, pointer: &str) -> Option<&Node> {
        let steps: Vec<String> = pointer
            .strip_prefix('/')?
            .split('/')
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
            .collect();
        self.root.at(steps.iter().map(String::as_str))
    }
}

/// The parser repeats the line and column, which the diagnostic shows in its own way, and names
/// settings of its own.
fn without_location(message: &str) -> &str {
    let message = message.lines().next().unwrap_or_default();
    if message.starts_with("budget breached: Depth") || message.starts_with("recursion limit") {
        return "it is nested too deeply";
    }
    if message.starts_with("budget breached") || message.starts_with("alias") {
        return "it is too large, or its aliases make it so";
    }
    let end = [
        " at line ",
        ", set DuplicateKeyPolicy",
        "; use ",
        " rejected by",
    ]
    .iter()
    .filter_map(|part| message.find(part))
    .min();
    end.and_then(|end| message.get(..end))
        .unwrap_or(message)
        .trim_end_matches(',')
}
