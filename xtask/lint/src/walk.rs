//! The objects of an OpenAPI document, each with its kind; what is somebody's data is left out.

use spec::{Key, Node, Source};

/// The kinds of object that OpenAPI 3.0 knows, as far as the rules tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Tag,
    ExternalDocs,
    Paths,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Responses,
    Response,
    Header,
    MediaType,
    Encoding,
    Example,
    Link,
    Callback,
    Components,
    SecurityScheme,
    OauthFlows,
    OauthFlow,
    Schema,
    Discriminator,
    Xml,
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

/// How an object holds others.
#[derive(Clone, Copy)]
enum Holds {
    /// One, under the key.
    One,
    /// A list of them.
    List,
    /// A mapping from names.
    Map,
}

/// Walks through a document, without following references.
pub(super) fn walk(source: &Source) -> Walk<'_> {
    let mut walk = Walk {
        objects: Vec::new(),
        names: Vec::new(),
    };
    walk.visit(Object {
        kind: Kind::Document,
        key: None,
        node: &source.root,
    });
    walk
}

impl<'a> Walk<'a> {
    fn visit(&mut self, object: Object<'a>) {
        self.objects.push(object);
        for (key, node) in object.node.entries() {
            if key.name.starts_with("x-") {
                continue;
            }
            if let Some(kind) = entries(object.kind) {
                self.visit_as(kind, Some(key), node);
            } else if let Some((_, holds, kind)) = members(object.kind)
                .iter()
                .find(|(name, ..)| *name == key.name)
            {
                self.held(*holds, *kind, key, node);
            }
        }
    }

    fn held(&mut self, holds: Holds, kind: Kind, key: &'a Key, node: &'a Node) {
        match holds {
            Holds::One => self.visit_as(kind, Some(key), node),
            Holds::List => node
                .items()
                .iter()
                .for_each(|item| self.visit_as(kind, None, item)),
            Holds::Map => {
                for (key, value) in node.entries() {
                    self.names.push(key);
                    self.visit_as(kind, Some(key), value);
                }
            }
        }
    }

    fn visit_as(&mut self, kind: Kind, key: Option<&'a Key>, node: &'a Node) {
        // `additionalProperties: true` is no schema.
        if matches!(node.content, spec::Content::Mapping(_)) {
            self.visit(Object { kind, key, node });
        }
    }
}

/// The kind of every entry, for the objects that are mappings by themselves.
fn entries(kind: Kind) -> Option<Kind> {
    match kind {
        Kind::Paths | Kind::Callback => Some(Kind::PathItem),
        Kind::Responses => Some(Kind::Response),
        _ => None,
    }
}

/// The keys under which an object holds others.
fn members(kind: Kind) -> &'static [(&'static str, Holds, Kind)] {
    use Holds::{List, Map, One};
    match kind {
        Kind::Document => &[
            ("info", One, Kind::Info),
            ("servers", List, Kind::Server),
            ("tags", List, Kind::Tag),
            ("externalDocs", One, Kind::ExternalDocs),
            ("paths", One, Kind::Paths),
            ("components", One, Kind::Components),
        ],
        Kind::Info => &[
            ("contact", One, Kind::Contact),
            ("license", One, Kind::License),
        ],
        Kind::Server => &[("variables", Map, Kind::ServerVariable)],
        Kind::Tag => &[("externalDocs", One, Kind::ExternalDocs)],
        Kind::PathItem => &[
            ("get", One, Kind::Operation),
            ("put", One, Kind::Operation),
            ("post", One, Kind::Operation),
            ("delete", One, Kind::Operation),
            ("options", One, Kind::Operation),
            ("head", One, Kind::Operation),
            ("patch", One, Kind::Operation),
            ("trace", One, Kind::Operation),
            ("parameters", List, Kind::Parameter),
            ("servers", List, Kind::Server),
        ],
        Kind::Operation => &[
            ("externalDocs", One, Kind::ExternalDocs),
            ("parameters", List, Kind::Parameter),
            ("requestBody", One, Kind::RequestBody),
            ("responses", One, Kind::Responses),
            ("callbacks", Map, Kind::Callback),
            ("servers", List, Kind::Server),
        ],
        Kind::Parameter | Kind::Header => &[
            ("schema", One, Kind::Schema),
            ("content", Map, Kind::MediaType),
            ("examples", Map, Kind::Example),
        ],
        Kind::RequestBody => &[("content", Map, Kind::MediaType)],
        Kind::Response => &[
            ("headers", Map, Kind::Header),
            ("content", Map, Kind::MediaType),
            ("links", Map, Kind::Link),
        ],
        Kind::MediaType => &[
            ("schema", One, Kind::Schema),
            ("examples", Map, Kind::Example),
            ("encoding", Map, Kind::Encoding),
        ],
        Kind::Encoding => &[("headers", Map, Kind::Header)],
        Kind::Link => &[("server", One, Kind::Server)],
        Kind::Components => &[
            ("schemas", Map, Kind::Schema),
            ("responses", Map, Kind::Response),
            ("parameters", Map, Kind::Parameter),
            ("examples", Map, Kind::Example),
            ("requestBodies", Map, Kind::RequestBody),
            ("headers", Map, Kind::Header),
            ("securitySchemes", Map, Kind::SecurityScheme),
            ("links", Map, Kind::Link),
            ("callbacks", Map, Kind::Callback),
        ],
        Kind::SecurityScheme => &[("flows", One, Kind::OauthFlows)],
        Kind::OauthFlows => &[
            ("implicit", One, Kind::OauthFlow),
            ("password", One, Kind::OauthFlow),
            ("clientCredentials", One, Kind::OauthFlow),
            ("authorizationCode", One, Kind::OauthFlow),
        ],
        Kind::Schema => &[
            ("items", One, Kind::Schema),
            ("additionalProperties", One, Kind::Schema),
            ("not", One, Kind::Schema),
            ("properties", Map, Kind::Schema),
            ("allOf", List, Kind::Schema),
            ("oneOf", List, Kind::Schema),
            ("anyOf", List, Kind::Schema),
            ("externalDocs", One, Kind::ExternalDocs),
            ("discriminator", One, Kind::Discriminator),
            ("xml", One, Kind::Xml),
        ],
        _ => &[],
    }
}
