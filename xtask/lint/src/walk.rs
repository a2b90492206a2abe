//! The objects of a document, as far as the rules tell them apart; what is somebody's data is left out.

use spec::{Content, Key, Node, Source};

/// The kinds of object that rules ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Document,
    Info,
    Paths,
    PathItem,
    Operation,
    Components,
    SecurityScheme,
    Schema,
    Example,
    Other,
}

/// One object of the document.
#[derive(Clone, Copy)]
pub(super) struct Object<'a> {
    pub kind: Kind,
    /// The key that holds it, where it is not the document or in a list.
    pub key: Option<&'a Key>,
    pub node: &'a Node,
}

/// What a document holds.
pub(super) struct Walk<'a> {
    /// Every object, outer ones first.
    pub objects: Vec<Object<'a>>,
    /// The keys of mappings from names that the author chose, such as `properties`.
    pub names: Vec<&'a Key>,
}

/// What stands under a key.
enum Holds {
    /// An object, or a list of such.
    One(Kind),
    /// A mapping from names to objects.
    Names(Kind),
    /// Anything: nothing of it means something to a rule.
    Data,
}

/// Walks through a document, without following references.
pub(super) fn walk(source: &Source) -> Walk<'_> {
    let mut walk = Walk {
        objects: Vec::new(),
        names: Vec::new(),
    };
    walk.visit(Kind::Document, None, &source.root);
    walk
}

impl<'a> Walk<'a> {
    fn visit(&mut self, kind: Kind, key: Option<&'a Key>, node: &'a Node) {
        for item in node.items() {
            self.visit(kind, None, item);
        }
        if !matches!(node.content, Content::Mapping(_)) {
            return;
        }
        self.objects.push(Object { kind, key, node });
        let entries = node.entries().iter();
        for (key, value) in entries.filter(|(key, _)| !key.name.starts_with("x-")) {
            match holds(kind, &key.name) {
                Holds::One(kind) => self.visit(kind, Some(key), value),
                Holds::Names(kind) => {
                    for (key, value) in value.entries() {
                        self.names.push(key);
                        self.visit(kind, Some(key), value);
                    }
                }
                Holds::Data => {}
            }
        }
    }
}

fn holds(kind: Kind, key: &str) -> Holds {
    use Holds::{Data, Names, One};
    match (kind, key) {
        (Kind::Document, "info") => One(Kind::Info),
        (Kind::Document, "paths") => One(Kind::Paths),
        (Kind::Document, "components") => One(Kind::Components),
        (Kind::Paths, _) => One(Kind::PathItem),
        (Kind::PathItem, "parameters" | "servers") => One(Kind::Other),
        (Kind::PathItem, _) => One(Kind::Operation),
        (Kind::Components, "schemas") => Names(Kind::Schema),
        (Kind::Components, "securitySchemes") => Names(Kind::SecurityScheme),
        (_, "examples") => Names(Kind::Example),
        (_, "callbacks") => Names(Kind::Paths),
        (Kind::Components, _) => Names(Kind::Other),
        (Kind::Schema, "properties") => Names(Kind::Schema),
        (Kind::Schema, "items" | "additionalProperties" | "not" | "allOf" | "oneOf" | "anyOf") => {
            One(Kind::Schema)
        }
        (Kind::Schema, "externalDocs" | "discriminator" | "xml") => One(Kind::Other),
        (Kind::Schema | Kind::Example, _) => Data,
        (_, "schema") => One(Kind::Schema),
        (_, "content" | "headers" | "encoding" | "links" | "variables") => Names(Kind::Other),
        (_, "example" | "security" | "scopes" | "mapping") => Data,
        _ => One(Kind::Other),
    }
}
