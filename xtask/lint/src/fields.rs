//! Every field is one that OpenAPI 3.0.3 has: a misspelt one would silently not be there.

use super::walk::{Kind, Object, walk};
use spec::Diagnostic;
use spec::Rule;
use spec::Source;
use spec::closest;

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for object in walk(source).objects {
        if object.node.get("$ref").is_some() {
            continue;
        }
        let Some(known) = known(object.kind) else {
            continue;
        };
        for (key, _) in object.node.entries() {
            if !key.name.starts_with("x-") && !known.contains(&key.name.as_str()) {
                found.push(unknown(source, object, key, known));
            }
        }
    }
    found
}

fn unknown(source: &Source, object: Object<'_>, key: &spec::Key, known: &[&str]) -> Diagnostic {
    let message = format!(
        "`{}` is no field of {}; nobody would read it",
        key.name,
        words(object.kind)
    );
    let help = match closest(&key.name, known.iter().copied()) {
        Some(name) => format!("write `{name}` if that is meant"),
        None if known.len() > 15 => {
            "see https://spec.openapis.org/oas/v3.0.3 for its fields".to_owned()
        }
        None => format!("the fields are {}", known.join(", ")),
    };
    source
        .error(Rule::FieldUnknown, &key.place, message)
        .help(help)
}

/// The kind in words, as messages name it.
pub(super) const fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Document => "the document",
        Kind::Info => "`info`",
        Kind::Contact => "a contact",
        Kind::License => "a licence",
        Kind::Server => "a server",
        Kind::ServerVariable => "a server's variable",
        Kind::Tag => "a tag",
        Kind::ExternalDocs => "`externalDocs`",
        Kind::Paths => "`paths`",
        Kind::PathItem => "a path item",
        Kind::Operation => "an operation",
        Kind::Parameter => "a parameter",
        Kind::RequestBody => "a request body",
        Kind::Responses => "`responses`",
        Kind::Response => "a response",
        Kind::Header => "a header",
        Kind::MediaType => "a media type",
        Kind::Encoding => "an encoding",
        Kind::Example => "an example",
        Kind::Link => "a link",
        Kind::Callback => "a callback",
        Kind::Components => "`components`",
        Kind::SecurityScheme => "a security scheme",
        Kind::OauthFlows | Kind::OauthFlow => "an OAuth flow",
        Kind::Schema => "a schema",
        Kind::Discriminator => "a discriminator",
        Kind::Xml => "`xml`",
    }
}

/// The fields of a kind; None where the keys are names, or where another rule looks at them.
const fn known(kind: Kind) -> Option<&'static [&'static str]> {
    Some(match kind {
        Kind::Paths | Kind::PathItem | Kind::Responses | Kind::Callback => return None,
        Kind::Document => &[
            "openapi",
            "info",
            "servers",
            "paths",
            "components",
            "security",
            "tags",
            "externalDocs",
        ],
        Kind::Info => &[
            "title",
            "description",
            "termsOfService",
            "contact",
            "license",
            "version",
        ],
        Kind::Contact => &["name", "url", "email"],
        Kind::License => &["name", "url"],
        Kind::Server => &["url", "description", "variables"],
        Kind::ServerVariable => &["enum", "default", "description"],
        Kind::Tag => &["name", "description", "externalDocs"],
        Kind::ExternalDocs => &["description", "url"],
        Kind::Operation => &[
            "tags",
            "summary",
            "description",
            "externalDocs",
            "operationId",
            "parameters",
            "requestBody",
            "responses",
            "callbacks",
            "deprecated",
            "security",
            "servers",
        ],
        Kind::Parameter => &[
            "name",
            "in",
            "description",
            "required",
            "deprecated",
            "allowEmptyValue",
            "style",
            "explode",
            "allowReserved",
            "schema",
            "example",
            "examples",
            "content",
        ],
        Kind::RequestBody => &["description", "content", "required"],
        Kind::Response => &["description", "headers", "content", "links"],
        Kind::Header => &[
            "description",
            "required",
            "deprecated",
            "allowEmptyValue",
            "style",
            "explode",
            "allowReserved",
            "schema",
            "example",
            "examples",
            "content",
        ],
        Kind::MediaType => &["schema", "example", "examples", "encoding"],
        Kind::Encoding => &[
            "contentType",
            "headers",
            "style",
            "explode",
            "allowReserved",
        ],
        Kind::Example => &["summary", "description", "value", "externalValue"],
        Kind::Link => &[
            "operationRef",
            "operationId",
            "parameters",
            "requestBody",
            "description",
            "server",
        ],
        Kind::Components => &[
            "schemas",
            "responses",
            "parameters",
            "examples",
            "requestBodies",
            "headers",
            "securitySchemes",
            "links",
            "callbacks",
        ],
        Kind::SecurityScheme => &[
            "type",
            "description",
            "name",
            "in",
            "scheme",
            "bearerFormat",
            "flows",
            "openIdConnectUrl",
        ],
        Kind::OauthFlows => &[
            "implicit",
            "password",
            "clientCredentials",
            "authorizationCode",
        ],
        Kind::OauthFlow => &["authorizationUrl", "tokenUrl", "refreshUrl", "scopes"],
        Kind::Schema => &[
            "title",
            "multipleOf",
            "maximum",
            "exclusiveMaximum",
            "minimum",
            "exclusiveMinimum",
            "maxLength",
            "minLength",
            "pattern",
            "maxItems",
            "minItems",
            "uniqueItems",
            "maxProperties",
            "minProperties",
            "required",
            "enum",
            "type",
            "allOf",
            "oneOf",
            "anyOf",
            "not",
            "items",
            "properties",
            "additionalProperties",
            "description",
            "format",
            "default",
            "nullable",
            "discriminator",
            "readOnly",
            "writeOnly",
            "xml",
            "externalDocs",
            "example",
            "deprecated",
        ],
        Kind::Discriminator => &["propertyName", "mapping"],
        Kind::Xml => &["name", "namespace", "prefix", "attribute", "wrapped"],
    })
}
