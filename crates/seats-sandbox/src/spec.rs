//! Reads a specification into what a request is held against: paths,
//! operations, parameters, bodies and credentials.

use std::sync::LazyLock;

use http::{HeaderName, Method};
use serde_json::{Map, Value};

use crate::datadog::Datadog;
use crate::entra;
use crate::route::Template;
use crate::security::{self, Alternatives};
use crate::store::Store;
use crate::validate::{self, Schema};
use crate::vendor::Vendor;

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

/// How many references may lead to one another before they count as a circle.
const MAX_REFERENCES: usize = 16;

/// A specification that the sandbox cannot work with.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {problem}")]
pub(crate) struct SpecError {
    place: String,
    problem: String,
}

impl SpecError {
    pub(crate) fn new(place: impl Into<String>, problem: impl ToString) -> Self {
        Self {
            place: place.into(),
            problem: problem.to_string(),
        }
    }
}

/// Both vendors' specifications.
#[derive(Debug)]
pub(crate) struct Apis {
    pub(crate) datadog: Api,
    pub(crate) store: Api,
}

impl Apis {
    /// The vendor to whom a path belongs: the one with the longest prefix of it.
    pub(crate) fn of_path(&self, path: &str) -> &Api {
        [&self.datadog, &self.store]
            .into_iter()
            .filter(|api| api.below_prefix(path).is_some())
            .max_by_key(|api| api.prefix.len())
            .unwrap_or(&self.datadog)
    }

    fn operations(&self) -> impl Iterator<Item = &Operation> {
        let apis = [&self.datadog, &self.store].into_iter();
        apis.flat_map(|api| &api.paths)
            .flat_map(|item| &item.operations)
    }

    /// The headers that hold credentials, of whatever operation.
    pub(crate) fn secret_headers(&self) -> Vec<HeaderName> {
        self.operations()
            .flat_map(|operation| &operation.security)
            .flatten()
            .map(|scheme| scheme.header().clone())
            .collect()
    }
}

/// Every operation that a fault can be ordered for.
pub(crate) fn operation_ids() -> Result<Vec<&'static str>, &'static SpecError> {
    let ids = embedded()?.operations().map(|operation| &*operation.id);
    Ok(ids.chain([entra::OPERATION]).collect())
}

/// The specifications that were compiled in.
pub(crate) fn embedded() -> Result<&'static Apis, &'static SpecError> {
    static APIS: LazyLock<Result<Apis, SpecError>> = LazyLock::new(|| {
        Ok(Apis {
            datadog: Api::read(
                "datadog-seats.yaml",
                include_str!("../../../specs/datadog-seats.yaml"),
                &Datadog,
            )?,
            store: Api::read(
                "store-for-business.yaml",
                include_str!("../../../specs/store-for-business.yaml"),
                &Store,
            )?,
        })
    });
    APIS.as_ref()
}

/// One vendor's specification.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) vendor: &'static dyn Vendor,
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
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) required: bool,
    /// The schema's `type`, which decides how the parameter's text is read.
    pub(crate) kind: String,
    pub(crate) schema: Schema,
}

/// Where a parameter stands in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
}

#[derive(Debug)]
pub(crate) struct RequestBody {
    pub(crate) required: bool,
    /// Media types and what a body of each must look like.
    pub(crate) content: Vec<(String, Schema)>,
}

impl Api {
    /// Reads a specification; `file` is its name in errors.
    pub(crate) fn read(
        file: &str,
        text: &str,
        vendor: &'static dyn Vendor,
    ) -> Result<Self, SpecError> {
        let mut root: Value =
            serde_saphyr::from_str(text).map_err(|error| SpecError::new(file, error))?;
        validate::nullable_to_type_list(&mut root);
        let document = Document { file, root };
        let mut paths = Vec::new();
        for (path, item) in document.object(&document.root, "paths")? {
            paths.push(document.path_item(path, item)?);
        }
        Ok(Self {
            vendor,
            prefix: document.prefix()?,
            paths,
        })
    }

    /// The part of a path that the specification's templates speak of.
    pub(crate) fn below_prefix<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(&self.prefix)
            .filter(|rest| rest.starts_with('/'))
    }
}

/// A specification as it was written.
pub(crate) struct Document<'f> {
    file: &'f str,
    pub(crate) root: Value,
}

impl Document<'_> {
    pub(crate) fn error(&self, place: &str, problem: impl ToString) -> SpecError {
        SpecError::new(format!("{}: {place}", self.file), problem)
    }

    /// Follows `$ref` to the thing itself.
    fn resolve<'v>(&'v self, mut node: &'v Value) -> Result<&'v Value, SpecError> {
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = node.get("$ref").and_then(Value::as_str) else {
                return Ok(node);
            };
            node = reference
                .strip_prefix('#')
                .and_then(|pointer| self.root.pointer(pointer))
                .ok_or_else(|| self.error(reference, "leads nowhere in this document"))?;
        }
        Err(self.error("$ref", "leads in a circle"))
    }

    fn object<'v>(&self, node: &'v Value, name: &str) -> Result<&'v Map<String, Value>, SpecError> {
        node.get(name)
            .and_then(Value::as_object)
            .ok_or_else(|| self.error(name, "must be there and be an object"))
    }

    fn text<'v>(&self, node: &'v Value, place: &str, name: &str) -> Result<&'v str, SpecError> {
        node.get(name)
            .and_then(Value::as_str)
            .ok_or_else(|| self.error(place, format!("{name} must be there and be a string")))
    }

    /// The path of the first server's URL. Not read with a URL parser: the host
    /// may be a template.
    fn prefix(&self) -> Result<String, SpecError> {
        let server = self
            .root
            .pointer("/servers/0")
            .ok_or_else(|| self.error("servers", "must name a server"))?;
        let url = self.text(server, "servers", "url")?;
        let (_scheme, rest) = url
            .split_once("://")
            .ok_or_else(|| self.error("servers", format!("{url} must be an absolute URL")))?;
        let path = rest.find('/').map_or("", |slash| &rest[slash..]);
        Ok(path.trim_end_matches('/').to_owned())
    }

    fn path_item(&self, path: &str, item: &Value) -> Result<PathItem, SpecError> {
        let template = Template::parse(path).map_err(|problem| self.error(path, problem))?;
        let mut operations = Vec::new();
        for method in METHODS {
            if let Some(operation) = item.get(method.as_str().to_lowercase()) {
                operations.push(self.operation(path, method, item, operation)?);
            }
        }
        Ok(PathItem {
            template,
            operations,
        })
    }

    fn operation(
        &self,
        path: &str,
        method: Method,
        item: &Value,
        operation: &Value,
    ) -> Result<Operation, SpecError> {
        let place = format!("{method} {path}");
        let mut parameters: Vec<Parameter> = Vec::new();
        // The operation's own come first: they override those of the path.
        for node in [operation, item]
            .into_iter()
            .filter_map(|owner| owner.get("parameters")?.as_array())
            .flatten()
        {
            let parameter = self.parameter(&place, node)?;
            let known = parameters
                .iter()
                .any(|known| known.name == parameter.name && known.place == parameter.place);
            if !known {
                parameters.push(parameter);
            }
        }
        Ok(Operation {
            id: self.text(operation, &place, "operationId")?.to_owned(),
            method,
            parameters,
            body: operation
                .get("requestBody")
                .map(|body| self.body(&place, body))
                .transpose()?,
            security: security::read(self, operation)?,
        })
    }

    fn parameter(&self, operation: &str, node: &Value) -> Result<Parameter, SpecError> {
        let node = self.resolve(node)?;
        let name = self.text(node, operation, "name")?;
        let place = match self.text(node, operation, "in")? {
            "path" => Place::Path,
            "query" => Place::Query,
            other => {
                let problem = format!("the sandbox cannot read {name} from the {other}");
                return Err(self.error(operation, problem));
            }
        };
        let schema = node
            .get("schema")
            .ok_or_else(|| self.error(operation, format!("{name} must have a schema")))?;
        Ok(Parameter {
            name: name.to_owned(),
            place,
            required: flag(node, "required"),
            kind: self
                .resolve(schema)?
                .get("type")
                .and_then(Value::as_str)
                .unwrap_or("string")
                .to_owned(),
            schema: Schema::compile(self, operation, schema)?,
        })
    }

    fn body(&self, operation: &str, node: &Value) -> Result<RequestBody, SpecError> {
        let node = self.resolve(node)?;
        let anything = Value::Object(Map::new());
        let content = self
            .object(node, "content")?
            .iter()
            .map(|(media_type, content)| {
                let schema = content.get("schema").unwrap_or(&anything);
                Ok((
                    media_type.clone(),
                    Schema::compile(self, operation, schema)?,
                ))
            })
            .collect::<Result<_, SpecError>>()?;
        Ok(RequestBody {
            required: flag(node, "required"),
            content,
        })
    }
}

fn flag(node: &Value, name: &str) -> bool {
    node.get(name).and_then(Value::as_bool).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        Api::read("made-up.yaml", text, &Datadog)
            .expect_err("must not be readable")
            .to_string()
    }

    #[test]
    fn the_prefix_comes_from_the_server() {
        let apis = embedded().expect("the specifications can be read");
        assert_eq!(apis.datadog.prefix, "");
        assert_eq!(apis.store.prefix, "/V1");
        assert_eq!(apis.of_path("/V1/Inventory").prefix, "/V1");
        assert_eq!(apis.of_path("/V10/Inventory").prefix, "");
        assert_eq!(apis.of_path("/api").prefix, "");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
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
