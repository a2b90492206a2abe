//! Parses the parameters and the body of a request as its operation declares them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::message::encoding::{decode, decode_query, pairs};
use crate::message::request::{BodyError, Request};
use crate::spec::api::{Operation, Parameter, ParameterLocation, RequestBody};
use crate::spec::schema::Violation;
use crate::spec::template::Matches;
use crate::vendor::interface::{Arguments, Rejection};

/// Parses the arguments of a call.
pub(crate) fn parse(
    operation: &Operation,
    path_parameters: &Matches<'_>,
    request: &Request,
) -> Result<Arguments, Rejection> {
    Ok(Arguments {
        parameters: parameters(operation, path_parameters, request)?,
        body: body(operation.body.as_ref(), request)?,
    })
}

/// Parses the parameters, and names every one that is not acceptable.
fn parameters(
    operation: &Operation,
    path_parameters: &Matches<'_>,
    request: &Request,
) -> Result<BTreeMap<String, Value>, Rejection> {
    let query: Matches<'_> = pairs(request.query.as_deref().unwrap_or_default()).collect();
    let mut values = BTreeMap::new();
    let mut violations = undeclared(operation, &query);
    for parameter in &operation.parameters {
        let value = match parameter.location {
            ParameterLocation::Path => parameter_value(parameter, path_parameters, decode),
            ParameterLocation::Query => parameter_value(parameter, &query, decode_query),
        };
        match value {
            Ok(Some(value)) => {
                values.insert(parameter.name.clone(), value);
            }
            Ok(None) => {}
            Err(found) => violations.extend(found),
        }
    }
    if violations.is_empty() {
        Ok(values)
    } else {
        Err(Rejection::InvalidParameters(violations))
    }
}

/// Returns a violation for each query parameter that is not declared. A `?` that should have been
/// encoded truncates a name; to ignore the rest would be to change another user's seat.
fn undeclared(operation: &Operation, query: &Matches<'_>) -> Vec<Violation> {
    query
        .iter()
        .map(|(name, _)| decode_query(name).unwrap_or_else(|| (*name).to_owned()))
        .filter(|name| {
            !operation
                .parameters
                .iter()
                .any(|known| known.location == ParameterLocation::Query && known.name == *name)
        })
        .map(|name| Violation::new(name, "is no parameter of this operation"))
        .collect()
}

fn parameter_value(
    parameter: &Parameter,
    sent: &Matches<'_>,
    decode: fn(&str) -> Option<String>,
) -> Result<Option<Value>, Vec<Violation>> {
    let violation = |rule: &str| vec![Violation::new(&parameter.name, rule)];
    let texts: Vec<String> = sent
        .iter()
        .filter(|(name, _)| decode(name).as_deref() == Some(&parameter.name))
        .map(|(_, value)| decode(value))
        .collect::<Option<_>>()
        .ok_or_else(|| violation("must be UTF-8 with whole percent-escapes"))?;
    let value = match (parameter.kind.as_str(), texts.as_slice()) {
        (_, []) if parameter.required => return Err(vec![Violation::required(&parameter.name)]),
        (_, []) => return Ok(None),
        ("array", texts) => Value::from(texts),
        ("integer" | "number" | "boolean", [text]) => {
            serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str()))
        }
        (_, [text]) => Value::from(text.as_str()),
        _ => return Err(violation("must not be repeated")),
    };
    let violations = parameter.schema.violations(&parameter.name, &value);
    if violations.is_empty() {
        Ok(Some(value))
    } else {
        Err(violations)
    }
}

fn body(declared: Option<&RequestBody>, request: &Request) -> Result<Option<Value>, Rejection> {
    let bytes = match &request.body {
        Ok(bytes) => bytes,
        Err(BodyError::TooLarge) => return Err(Rejection::BodyTooLarge),
        Err(BodyError::Incomplete) => return Err(unreadable("The body cannot be read to its end")),
    };
    let Some(declared) = declared else {
        return if bytes.is_empty() {
            Ok(None)
        } else {
            Err(unreadable("This operation takes no body"))
        };
    };
    if bytes.is_empty() {
        return if declared.required {
            Err(unreadable("A body is required"))
        } else {
            Ok(None)
        };
    }
    let (_, schema) = declared
        .content
        .iter()
        .find(|(media_type, _)| request.has_media_type(media_type))
        .ok_or_else(|| {
            let known: Vec<&str> = declared.content.iter().map(|(name, _)| &**name).collect();
            unreadable(&format!("The body must come as {}", known.join(" or ")))
        })?;
    let value = serde_json::from_slice(bytes)
        .map_err(|error| unreadable(&format!("The body is not JSON: {error}")))?;
    let violations = schema.violations("the body", &value);
    if violations.is_empty() {
        Ok(Some(value))
    } else {
        Err(Rejection::InvalidBody(violations))
    }
}

fn unreadable(why: &str) -> Rejection {
    Rejection::UnreadableBody(why.to_owned())
}
