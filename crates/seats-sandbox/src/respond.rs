//! From a request to an answer: the checks, in the order in which they count.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use serde_json::Value;

use crate::entra;
use crate::route::{decode, decode_query, query_pairs};
use crate::security;
use crate::spec::{Api, Apis, Operation, Parameter, PathItem, Place, RequestBody};
use crate::tenant::{Account, Accounts};
use crate::vendor::{Answer, Call, Flaw, Refusal, Vendor};

/// A request whose body has been read as far as it is going to be.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Result<Bytes, BodyError>,
}

/// Why a body could not be read to its end.
#[derive(Debug, Clone, Copy)]
pub(crate) enum BodyError {
    TooLarge,
    Broken,
}

/// Parameters as they were sent, by name.
type Sent<'s> = Vec<(&'s str, &'s str)>;

/// Where a request leads.
#[derive(Debug)]
pub(crate) enum Route<'r> {
    /// To Entra ID, for a token of this tenant.
    Token(&'r str),
    Operation(Step<'r>),
    MethodNotAllowed(&'r Api, &'r PathItem),
    NoSuchPath(&'r Api),
}

/// An operation that a request is for, with the parameters of its path as they were sent.
#[derive(Debug)]
pub(crate) struct Step<'r> {
    pub(crate) api: &'r Api,
    pub(crate) operation: &'r Operation,
    path_parameters: Sent<'r>,
}

impl<'r> Route<'r> {
    pub(crate) fn of(apis: &'r Apis, request: &'r Request) -> Self {
        if let Some(tenant) = entra::tenant_of(&request.path) {
            return Self::Token(tenant);
        }
        Self::in_api(apis.of_path(&request.path), request)
    }

    fn in_api(api: &'r Api, request: &'r Request) -> Self {
        let Some((item, path_parameters)) = find(api, &request.path) else {
            return Self::NoSuchPath(api);
        };
        let mut operations = item.operations.iter();
        match operations.find(|operation| operation.method == request.method) {
            None => Self::MethodNotAllowed(api, item),
            Some(operation) => Self::Operation(Step {
                api,
                operation,
                path_parameters,
            }),
        }
    }

    /// The operation's name, by which flaws are ordered and calls are counted.
    pub(crate) fn operation(&self) -> Option<&'r str> {
        match self {
            Self::Token(_) => Some(entra::OPERATION),
            Self::Operation(step) => Some(&step.operation.id),
            Self::MethodNotAllowed(..) | Self::NoSuchPath(_) => None,
        }
    }

    /// The vendor who answers; Entra ID is none.
    pub(crate) fn vendor(&self) -> Option<&'static dyn Vendor> {
        match self {
            Self::Token(_) => None,
            Self::Operation(Step { api, .. })
            | Self::MethodNotAllowed(api, _)
            | Self::NoSuchPath(api) => Some(api.vendor),
        }
    }

    /// Who asks, as far as the credentials tell.
    pub(crate) fn tenant(
        &self,
        accounts: &Accounts,
        request: &Request,
        now: Duration,
    ) -> Option<usize> {
        match self {
            Self::Token(tenant) => accounts.of_entra(tenant),
            Self::Operation(step) => step.tenant(accounts, request, now).ok().flatten(),
            Self::MethodNotAllowed(..) | Self::NoSuchPath(_) => None,
        }
    }

    /// Answers a request, and changes the state where that is what it asks for.
    pub(crate) fn answer(
        &self,
        accounts: &mut Accounts,
        request: &Request,
        now: Duration,
    ) -> Answer {
        match self {
            Self::Token(tenant) => entra::answer(accounts, tenant, request, now),
            Self::Operation(step) => step
                .act(accounts, request, now)
                .unwrap_or_else(|refusal| step.api.vendor.refuse(&refusal)),
            Self::MethodNotAllowed(api, item) => method_not_allowed(api, item),
            Self::NoSuchPath(api) => api.vendor.refuse(&Refusal::NoSuchPath),
        }
    }
}

impl Step<'_> {
    fn tenant(
        &self,
        accounts: &Accounts,
        request: &Request,
        now: Duration,
    ) -> Result<Option<usize>, Refusal> {
        security::check(&self.operation.security, &request.headers, |credentials| {
            self.api.vendor.tenant(accounts, credentials, now)
        })
    }

    fn act(
        &self,
        accounts: &mut Accounts,
        request: &Request,
        now: Duration,
    ) -> Result<Answer, Refusal> {
        // An operation that asks for no credentials is the first tenant's.
        let tenant = self.tenant(accounts, request, now)?.unwrap_or_default();
        let account = accounts
            .all
            .get_mut(tenant)
            .ok_or(Refusal::CredentialWrong)?;
        let vendor = self.api.vendor;
        let is_let_in = vendor.limit(account).is_none_or(|limit| limit.take(now));
        let mut answer = if is_let_in {
            self.carry_out(account, request)
                .unwrap_or_else(|refusal| vendor.refuse(&refusal))
        } else {
            vendor.refuse(&Refusal::TooManyRequests)
        };
        if let Some(limit) = vendor.limit(account) {
            limit.tell(now, &mut answer.headers);
        }
        Ok(answer)
    }

    fn carry_out(&self, account: &mut Account, request: &Request) -> Result<Answer, Refusal> {
        let handler = self
            .api
            .vendor
            .handler(&self.operation.id)
            .ok_or_else(|| Refusal::NotActedOut(self.operation.id.clone()))?;
        let call = Call {
            parameters: parameters(self.operation, request, &self.path_parameters)?,
            body: body(self.operation.body.as_ref(), request)?,
        };
        Ok(handler(account, &call))
    }
}

/// The path item that a path fits; of several, the one with the fewest
/// parameters, because OpenAPI puts literal paths first.
fn find<'r>(api: &'r Api, path: &'r str) -> Option<(&'r PathItem, Sent<'r>)> {
    let path = api.below_prefix(path)?;
    api.paths
        .iter()
        .filter_map(|item| Some((item, item.template.matches(path)?)))
        .min_by_key(|(_, parameters)| parameters.len())
}

fn method_not_allowed(api: &Api, item: &PathItem) -> Answer {
    let mut answer = api.vendor.refuse(&Refusal::MethodNotAllowed);
    let methods: Vec<&str> = item
        .operations
        .iter()
        .map(|operation| operation.method.as_str())
        .collect();
    if let Ok(methods) = HeaderValue::from_str(&methods.join(", ")) {
        answer.headers.insert(header::ALLOW, methods);
    }
    answer
}

/// Reads the parameters; every one that is not acceptable is named.
fn parameters(
    operation: &Operation,
    request: &Request,
    path_parameters: &Sent<'_>,
) -> Result<BTreeMap<String, Value>, Refusal> {
    let query: Sent<'_> = query_pairs(request.query.as_deref().unwrap_or_default()).collect();
    let mut values = BTreeMap::new();
    let mut flaws = undeclared(operation, &query);
    for parameter in &operation.parameters {
        let read = match parameter.place {
            Place::Path => read_parameter(parameter, path_parameters, decode),
            Place::Query => read_parameter(parameter, &query, decode_query),
        };
        match read {
            Ok(Some(value)) => {
                values.insert(parameter.name.clone(), value);
            }
            Ok(None) => {}
            Err(found) => flaws.extend(found),
        }
    }
    if flaws.is_empty() {
        Ok(values)
    } else {
        Err(Refusal::Parameters(flaws))
    }
}

/// What stands in the query without being declared. A `?` that should have been
/// encoded cuts a name short; to overlook the rest would be to hit somebody else.
fn undeclared(operation: &Operation, query: &Sent<'_>) -> Vec<Flaw> {
    query
        .iter()
        .map(|(name, _)| decode_query(name).unwrap_or_else(|| (*name).to_owned()))
        .filter(|name| {
            !operation
                .parameters
                .iter()
                .any(|known| known.place == Place::Query && known.name == *name)
        })
        .map(|name| Flaw::new(name, "is no parameter of this operation"))
        .collect()
}

fn read_parameter(
    parameter: &Parameter,
    sent: &Sent<'_>,
    decode: fn(&str) -> Option<String>,
) -> Result<Option<Value>, Vec<Flaw>> {
    let flaw = |words: &str| vec![Flaw::new(&parameter.name, words)];
    let texts: Vec<String> = sent
        .iter()
        .filter(|(name, _)| decode(name).as_deref() == Some(&parameter.name))
        .map(|(_, value)| decode(value))
        .collect::<Option<_>>()
        .ok_or_else(|| flaw("must be UTF-8 with whole percent-escapes"))?;
    let value = match (parameter.kind.as_str(), texts.as_slice()) {
        (_, []) if parameter.required => return Err(flaw("is required")),
        (_, []) => return Ok(None),
        ("array", texts) => Value::from(texts),
        ("integer" | "number" | "boolean", [text]) => {
            serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str()))
        }
        (_, [text]) => Value::from(text.as_str()),
        _ => return Err(flaw("must not be repeated")),
    };
    let flaws = parameter.schema.flaws(&parameter.name, &value);
    if flaws.is_empty() {
        Ok(Some(value))
    } else {
        Err(flaws)
    }
}

fn body(declared: Option<&RequestBody>, request: &Request) -> Result<Option<Value>, Refusal> {
    let bytes = match &request.body {
        Ok(bytes) => bytes,
        Err(BodyError::TooLarge) => return Err(Refusal::BodyTooLarge),
        Err(BodyError::Broken) => return Err(unreadable("The body cannot be read to its end")),
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
        .find(|(media_type, _)| is_labelled(&request.headers, media_type))
        .ok_or_else(|| {
            let known: Vec<&str> = declared.content.iter().map(|(name, _)| &**name).collect();
            unreadable(&format!("The body must come as {}", known.join(" or ")))
        })?;
    let value = serde_json::from_slice(bytes)
        .map_err(|error| unreadable(&format!("The body is not JSON: {error}")))?;
    let flaws = schema.flaws("the body", &value);
    if flaws.is_empty() {
        Ok(Some(value))
    } else {
        Err(Refusal::UnfitBody(flaws))
    }
}

fn unreadable(why: &str) -> Refusal {
    Refusal::UnreadableBody(why.to_owned())
}

/// Whether a body is labelled with this media type; parameters such as `charset`
/// make no difference.
pub(crate) fn is_labelled(headers: &HeaderMap, media_type: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|label| label.to_str().ok())
        .and_then(|label| label.split(';').next())
        .is_some_and(|label| label.trim().eq_ignore_ascii_case(media_type))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use serde_json::json;

    use super::*;
    use crate::datadog::Datadog;
    use crate::seed::Seed;
    use crate::vendor::Content;

    /// Has what the two specifications lack so far.
    const MADE_UP: &str = r"
servers: [{url: https://example.com}]
paths:
  /things/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
    get: {operationId: list_things}
    post: {operationId: make_thing}
  /things/new:
    get: {operationId: new_thing}
  /query:
    get:
      operationId: unassign_seats_user
      parameters:
        - {name: code, in: query, required: true, schema: {type: string, minLength: 1}}
        - {name: 'page[limit]', in: query, schema: {type: integer, minimum: 1}}
        - {name: kind, in: query, schema: {type: array, items: {type: string, enum: [a, b]}}}
";

    fn get(target: &str) -> (StatusCode, Value) {
        let api = Api::read("made-up.yaml", MADE_UP, &Datadog).expect("it can be read");
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (target, None),
        };
        let request = Request {
            method: Method::GET,
            path: path.to_owned(),
            query,
            headers: HeaderMap::new(),
            body: Ok(Bytes::new()),
        };
        let mut accounts = Seed::default().accounts().expect("a seed");
        let answer = Route::in_api(&api, &request).answer(&mut accounts, &request, Duration::ZERO);
        match answer.body {
            Some(Content::Json(body)) => (answer.status, body),
            other => panic!("every answer here has JSON: {other:?}"),
        }
    }

    fn details(target: &str) -> Vec<String> {
        let (status, body) = get(target);
        assert_eq!(status, StatusCode::BAD_REQUEST, "{target}");
        let errors = body["errors"].as_array().expect("a list").clone();
        errors
            .iter()
            .map(|error| error["detail"].as_str().expect("a text").to_owned())
            .collect()
    }

    fn not_acted_out(operation: &str) -> (StatusCode, Value) {
        let detail = format!("The sandbox does not act out {operation}");
        let body = json!({"errors": [{"title": "Generic Error", "detail": detail}]});
        (StatusCode::NOT_IMPLEMENTED, body)
    }

    #[test]
    fn an_operation_without_a_handler_is_not_acted_out() {
        assert_eq!(get("/things/1"), not_acted_out("list_things"));
    }

    #[test]
    fn a_literal_path_goes_before_a_template() {
        assert_eq!(get("/things/new"), not_acted_out("new_thing"));
    }

    #[test]
    fn query_parameters_are_held_against_their_schemas() {
        // The made-up operation borrows a handler that finds no product; that it
        // was reached is what counts here.
        let reached = get("/query?code=x&page%5Blimit%5D=5&kind=a&kind=b");
        assert_eq!(reached.0, StatusCode::UNPROCESSABLE_ENTITY);

        assert_eq!(details("/query"), ["code is required"]);
        assert_eq!(details("/query?code="), ["code is required"]);
        assert_eq!(
            details("/query?code=a&code=b"),
            ["code must not be repeated"]
        );
        assert_eq!(
            details("/query?code=%ff&page[limit]=0&kind=c&Code=x"),
            [
                "Code is no parameter of this operation",
                "code must be UTF-8 with whole percent-escapes",
                "page[limit] is not acceptable: 0 is less than the minimum of 1",
                "kind[0] is not acceptable: \"c\" is not one of \"a\" or \"b\"",
            ]
        );
        assert_eq!(
            details("/query?code=a&page[limit]=many"),
            ["page[limit] is not acceptable: \"many\" is not of type \"integer\""]
        );
    }
}
