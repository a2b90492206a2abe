//! One vendor's API as its document describes it: paths, operations, parameters and bodies.

use http::Method;
use serde_json::{Map, Value};

use super::document::{Document, SpecError};
use super::schema::Schema;
use super::security::{self, Alternatives};
use super::template::{Matches, Template};

const METHODS: [Method; 8] = [
    Method::GET,
    Method::PUT,
    Method::POST,
    Method::DELETE,
    Method::OPTIONS,
    Method::HEAD,
    Method::PATCH,
    Method::TRACE,
];

/// One vendor's API.
#[derive(Debug)]
pub(crate) struct Api {
    /// The path of the server's URL, without a slash at its end; often empty.
    pub(crate) prefix: String,
    pub(crate) paths: Vec<PathItem>,
}

/// One path template and the operations on it.
#[derive(Debug)]
pub(crate) struct PathItem {
    pub(crate) template: Template,
    pub(crate) operations: Vec<Operation>,
}

#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<RequestBody>,
    pub(crate) security: Alternatives,
    /// Permissions of which the caller needs any one; none is needed if the list is empty.
    pub(crate) permissions: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) location: ParameterLocation,
    pub(crate) required: bool,
    /// The `type` of the schema, by which the text of the parameter is parsed.
    pub(crate) kind: String,
    pub(crate) schema: Schema,
}

/// The part of a request that holds a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterLocation {
    Path,
    Query,
}

#[derive(Debug)]
pub(crate) struct RequestBody {
    pub(crate) required: bool,
    /// Media types and the schemas of their bodies.
    pub(crate) content: Vec<(String, Schema)>,
}

impl Api {
    /// Reads a document; `file` is its name in errors.
    pub(crate) fn read(file: &str, text: &str) -> Result<Self, SpecError> {
        let document = Document::parse(file, text)?;
        let mut paths = Vec::new();
        for (path, item) in document.object(&document.root, "paths")? {
            paths.push(path_item(&document, path, item)?);
        }
        Ok(Self {
            prefix: document.prefix()?,
            paths,
        })
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.paths.iter().flat_map(|item| &item.operations)
    }

    /// Whether a path is this API's, of one of its operations or not: it begins like them.
    pub(crate) fn owns(&self, path: &str) -> bool {
        let below = self.below_prefix(path);
        let mut templates = self.paths.iter().map(|item| &item.template);
        below.is_some_and(|below| {
            !self.prefix.is_empty()
                || templates.any(|template| template.shares_first_segment(below))
        })
    }

    /// Returns the path item that a path matches, and its parameters; of several, the one with the
    /// fewest parameters, because OpenAPI puts literal paths first.
    pub(crate) fn find<'m>(&'m self, path: &'m str) -> Option<(&'m PathItem, Matches<'m>)> {
        let path = self.below_prefix(path)?;
        self.paths
            .iter()
            .filter_map(|item| Some((item, item.template.matches(path)?)))
            .min_by_key(|(_, parameters)| parameters.len())
    }

    /// Returns the part of a path that the templates describe.
    fn below_prefix<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(&self.prefix)
            .filter(|rest| rest.starts_with('/'))
    }
}

fn path_item(document: &Document<'_>, path: &str, item: &Value) -> Result<PathItem, SpecError> {
    let template = Template::parse(path).map_err(|problem| document.error(path, problem))?;
    let mut operations = Vec::new();
    for method in METHODS {
        if let Some(node) = item.get(method.as_str().to_lowercase()) {
            operations.push(operation(document, path, method, item, node)?);
        }
    }
    Ok(PathItem {
        template,
        operations,
    })
}

fn operation(
    document: &Document<'_>,
    path: &str,
    method: Method,
    item: &Value,
    node: &Value,
) -> Result<Operation, SpecError> {
    let place = format!("{method} {path}");
    let mut parameters: Vec<Parameter> = Vec::new();
    // The operation's own come first: they override those of the path.
    for parameter_node in [node, item]
        .into_iter()
        .filter_map(|owner| owner.get("parameters")?.as_array())
        .flatten()
    {
        let parameter = parameter(document, &place, parameter_node)?;
        let is_known = parameters
            .iter()
            .any(|known| known.name == parameter.name && known.location == parameter.location);
        if !is_known {
            parameters.push(parameter);
        }
    }
    Ok(Operation {
        id: document.text(node, &place, "operationId")?.to_owned(),
        method,
        parameters,
        body: node
            .get("requestBody")
            .map(|node| body(document, &place, node))
            .transpose()?,
        security: security::read(document, node)?,
        permissions: permissions(node),
    })
}

/// Reads the names in `x-permission`.
fn permissions(operation: &Value) -> Vec<String> {
    let names = operation.pointer("/x-permission/permissions");
    let names = names.and_then(Value::as_array).into_iter().flatten();
    names
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

fn parameter(
    document: &Document<'_>,
    operation: &str,
    node: &Value,
) -> Result<Parameter, SpecError> {
    let node = document.resolve(node)?;
    let name = document.text(node, operation, "name")?;
    let location = match document.text(node, operation, "in")? {
        "path" => ParameterLocation::Path,
        "query" => ParameterLocation::Query,
        other => {
            let problem = format!("the sandbox cannot read {name} from the {other}");
            return Err(document.error(operation, problem));
        }
    };
    let schema = node
        .get("schema")
        .ok_or_else(|| document.error(operation, format!("{name} must have a schema")))?;
    Ok(Parameter {
        name: name.to_owned(),
        location,
        required: flag(node, "required"),
        kind: document
            .resolve(schema)?
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or("string")
            .to_owned(),
        schema: Schema::compile(document, operation, schema)?,
    })
}

fn body(document: &Document<'_>, operation: &str, node: &Value) -> Result<RequestBody, SpecError> {
    let node = document.resolve(node)?;
    let anything = Value::Object(Map::new());
    let content = document
        .object(node, "content")?
        .iter()
        .map(|(media_type, content)| {
            let schema = content.get("schema").unwrap_or(&anything);
            let schema = Schema::compile(document, operation, schema)?;
            Ok((media_type.clone(), schema))
        })
        .collect::<Result<_, SpecError>>()?;
    Ok(RequestBody {
        required: flag(node, "required"),
        content,
    })
}

fn flag(node: &Value, name: &str) -> bool {
    node.get(name).and_then(Value::as_bool).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        Api::read("made-up.yaml", text)
            .expect_err("must not be readable")
            .to_string()
    }

    #[test]
    fn an_unreadable_document_is_an_error_with_its_place() {
        assert_eq!(
            problem("paths: {}"),
            "made-up.yaml: servers: must name a server"
        );
        assert_eq!(
            problem("servers: [{url: /V1}]\npaths: {}"),
            "made-up.yaml: servers: /V1 must be an absolute URL"
        );
        assert_eq!(
            problem("paths: {'/a/x-{b}': {}}"),
            "made-up.yaml: /a/x-{b}: \"x-{b}\" must be either a literal or one parameter"
        );
        assert_eq!(
            problem("paths: {/a: {get: {operationId: a, parameters: [{$ref: '#/b'}]}}}"),
            "made-up.yaml: #/b: leads nowhere in this document"
        );
        assert_eq!(
            problem(
                "b: {$ref: '#/b'}\npaths: {/a: {get: {operationId: a, parameters: [{$ref: '#/b'}]}}}"
            ),
            "made-up.yaml: $ref: leads in a circle"
        );
        assert_eq!(
            problem("paths: {/a: {get: {operationId: a, parameters: [{name: b, in: cookie}]}}}"),
            "made-up.yaml: GET /a: the sandbox cannot read b from the cookie"
        );
    }
}
