//! The `tests/requests.rs` of a generated crate: what each method sends, as the spec's examples have it.
//!
//! What is expected is read from the spec alone, so that a mistake of the generator is not a mistake of
//! both sides.

use std::fmt::Write;

use quote::ToTokens;
use serde_json::Value;
use spec::accepts::Accepts;
use spec::{Node, OperationNode, Source, Spec, security, segment};
use syn::{GenericArgument, PathArguments, Type};

use crate::files::header;
use crate::operations::{Operation, Role};

/// None where no operation has what a request needs.
pub(super) fn render(spec: &Spec, operations: &[Operation]) -> Option<String> {
    let source = &spec.source;
    let module = source.name.replace('-', "_");
    let mut text = header(source, "//");
    text.push_str(
        "//! Every request that the examples of the spec make is sent as the spec says.\n\n",
    );
    text.push_str("use seats_tests::requests::{sends, value};\n");
    let mut any = false;
    for (operation, node) in operations.iter().zip(source.operations()) {
        let values = values(source, node);
        let Some(values) = values else { continue };
        let bodies = operation.examples.iter();
        let bodies = bodies.filter(|example| example.role == Role::Request);
        let bodies: Vec<Option<&Value>> = match node.node.get("requestBody") {
            Some(_) if operation.is_json => bodies.map(|example| Some(&example.value)).collect(),
            Some(_) => Vec::new(),
            None => vec![None],
        };
        for (number, body) in bodies.into_iter().enumerate() {
            let test = Test {
                source,
                module: &module,
                operation,
                node,
                values: &values,
                body,
            };
            if let Some(test) = test.render(number + 1) {
                any = true;
                text.push_str(&test);
            }
        }
    }
    any.then_some(text)
}

/// A parameter, and the value that it is given; None where it is left out.
struct Given<'a> {
    place: &'a str,
    name: &'a str,
    value: Option<Value>,
}

/// What each parameter is given; None where one that is needed has no example and none can be made.
fn values<'a>(source: &'a Source, operation: OperationNode<'a>) -> Option<Vec<Given<'a>>> {
    let parameters = source.parameters(operation).into_iter();
    parameters
        .map(|node| {
            let text = |key| node.get(key).and_then(Node::as_str).unwrap_or_default();
            let value = value(source, node);
            let is_needed = node.get("required").is_some_and(Node::is_true);
            (value.is_some() || !is_needed).then(|| Given {
                place: text("in"),
                name: text("name"),
                value,
            })
        })
        .collect()
}

/// The example of a parameter, or else a value that its schema takes.
fn value(source: &Source, parameter: &Node) -> Option<Value> {
    let schema = parameter
        .get("schema")
        .and_then(|schema| source.resolve(schema))?;
    let text = |key| schema.get(key).and_then(Node::as_str).unwrap_or_default();
    // The generated code writes a time in a form of its own, of which this is the same.
    match text("format") {
        "date-time" => return Some("2026-01-31T00:00:00Z".into()),
        "date" => return Some("2026-01-31".into()),
        "uuid" => return Some("626a4e8e-64bd-409d-b80e-428f08ac0b62".into()),
        _ => {}
    }
    let named = parameter
        .get("examples")
        .map(Node::entries)
        .unwrap_or_default();
    let named = named
        .iter()
        .filter_map(|(_, example)| source.resolve(example)?.get("value"));
    let single = [
        parameter.get("example"),
        schema.get("example"),
        schema.get("default"),
    ];
    let listed = schema.get("enum").map(Node::items).unwrap_or_default();
    let given = single
        .into_iter()
        .flatten()
        .chain(named)
        .chain(listed)
        .next();
    given.map(Node::to_json).or_else(|| match text("type") {
        "integer" | "number" => Some(
            schema
                .get("minimum")
                .map_or_else(|| 1.into(), Node::to_json),
        ),
        "boolean" => Some(true.into()),
        "string" => segment::sample(&Accepts::new(source, schema, 0)?).map(Value::String),
        _ => None,
    })
}

/// One request.
struct Test<'a> {
    source: &'a Source,
    module: &'a str,
    operation: &'a Operation,
    node: OperationNode<'a>,
    values: &'a [Given<'a>],
    body: Option<&'a Value>,
}

impl Test<'_> {
    fn render(&self, number: usize) -> Option<String> {
        let method = &self.operation.method;
        let mut given = Vec::new();
        let mut order = Vec::new();
        for argument in &method.arguments {
            if argument.name == "body" && self.body.is_some() {
                given.push(self.argument(&argument.ty, self.body)?);
                continue;
            }
            let is_it = |given: &&Given<'_>| bare(given.name) == bare(&argument.name);
            let parameter = self.values.iter().find(is_it)?;
            given.push(self.argument(&argument.ty, parameter.value.as_ref())?);
            order.push(parameter);
        }
        let mut text = format!(
            "\n/// The request of `{}`\n#[rustfmt::skip]\n#[test]\nfn {}_request_{number}() {{\n",
            self.operation.id,
            method.name.trim_matches('_').to_lowercase(),
        );
        let body = self.body.map_or_else(
            || "None".to_owned(),
            |body| format!("Some({})", quoted(&body.to_string())),
        );
        let asked = self.asked();
        let _ = writeln!(
            text,
            "    let head = {};",
            quoted(&self.head(&order, &asked))
        );
        let _ = writeln!(text, "    sends(head, {body}, async |url| {{");
        let _ = writeln!(
            text,
            "        let transport = seats_transport::Transport::builder(seats_transport::BaseUrl::parse(&url).unwrap());"
        );
        for scheme in asked.iter().chain(&self.unasked()) {
            let _ = writeln!(
                text,
                "        let transport = transport.credential(seats_transport::Credential::new({}::security_schemes::{}, Some({}.into())).unwrap());",
                self.module,
                scheme.constant,
                quoted(&secret(scheme.id)),
            );
        }
        let _ = writeln!(
            text,
            "        let client = {}::Client::new(transport.build().unwrap());",
            self.module
        );
        let _ = writeln!(
            text,
            "        let _ = client.{}({}).await;\n    }});\n}}",
            method.name,
            given.join(", ")
        );
        Some(text)
    }

    /// The credentials of the first alternative that the operation has.
    fn asked(&self) -> Vec<security::Scheme<'_>> {
        let own = self.node.node.get("security");
        let asked = own.or_else(|| self.source.root.get("security"));
        let first = asked.and_then(|asked| asked.items().first());
        let mut schemes = security::in_headers(self.source);
        schemes.retain(|scheme| first.is_some_and(|first| first.get(scheme.id).is_some()));
        schemes
    }

    /// The credentials that it must not carry, though the client has them.
    fn unasked(&self) -> Vec<security::Scheme<'_>> {
        let mut schemes = security::in_headers(self.source);
        let headers = &self.operation.unasked;
        schemes.retain(|scheme| headers.contains(&scheme.header.to_ascii_lowercase()));
        schemes.dedup_by(|a, b| a.header.eq_ignore_ascii_case(b.header));
        schemes
    }

    fn head(&self, order: &[&Given<'_>], schemes: &[security::Scheme<'_>]) -> String {
        let mut path = self.operation.path.clone();
        let mut query = String::new();
        let mut headers = Vec::new();
        for given in order {
            let Some(value) = &given.value else { continue };
            let text = plain(value);
            match (given.place, value) {
                ("path", _) => path = path.replace(&format!("{{{}}}", given.name), &text),
                ("query", Value::Array(items)) => {
                    for item in items {
                        let _ = writeln!(query, "?{}={}", given.name, plain(item));
                    }
                }
                ("query", _) => {
                    let _ = writeln!(query, "?{}={text}", given.name);
                }
                _ => headers.push(format!("{}: {text}", given.name.to_lowercase())),
            }
        }
        for scheme in schemes {
            let header = scheme.header.to_lowercase();
            headers.push(format!("{header}: {}{}", scheme.prefix, secret(scheme.id)));
        }
        if self.body.is_some() {
            headers.push("content-type: application/json".to_owned());
        }
        headers.sort_unstable();
        let headers: String = headers.iter().map(|header| format!("{header}\n")).collect();
        format!("{} {path}\n{query}{headers}", self.operation.http_method)
    }

    /// The value as the method takes it.
    fn argument(&self, ty: &Type, value: Option<&Value>) -> Option<String> {
        if let Some(inner) = optional(ty) {
            return match value {
                None => Some("None".to_owned()),
                Some(_) => Some(format!("Some({})", self.argument(inner, value)?)),
            };
        }
        let value = value?;
        match ty {
            Type::Reference(reference) if written(&reference.elem) == "str" => {
                Some(quoted(&plain(value)))
            }
            Type::Reference(reference) => {
                Some(format!("&{}", self.argument(&reference.elem, Some(value))?))
            }
            ty => {
                let ty = written(ty).replace("types::", &format!("{}::types::", self.module));
                Some(format!("value::<{ty}>({})", quoted(&value.to_string())))
            }
        }
    }
}

/// What an `Option` holds.
fn optional(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(list) if last.ident == "Option" => {
            list.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        }
        _ => None,
    }
}

fn written(ty: &impl ToTokens) -> String {
    ty.to_token_stream().to_string().replace(' ', "")
}

/// A scalar as it stands in a path, a query or a header.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn secret(id: &str) -> String {
    format!("the-{}-of-a-test", bare(id))
}

/// Letters and digits in lower case: what the generator leaves of a name.
fn bare(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_ascii_alphanumeric());
    letters.collect::<String>().to_lowercase()
}

fn quoted(text: &str) -> String {
    proc_macro2::Literal::string(text).to_string()
}
