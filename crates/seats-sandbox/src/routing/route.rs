//! The route of a request: an operation of a vendor, or an endpoint of the authority.

use std::time::Duration;

use http::{HeaderValue, header};

use super::{arguments, credentials};
use crate::message::request::Request;
use crate::message::response::Response;
use crate::spec::api::{Operation, PathItem};
use crate::spec::template::Matches;
use crate::state::account::Accounts;
use crate::vendor::entra::{self, Endpoint, Entra};
use crate::vendor::interface::{Arguments, Rejection, Responder};
use crate::vendor::services::{Service, Services};

/// The route of a request.
#[derive(Debug)]
pub(crate) enum Route<'r> {
    Authority(Endpoint<'r>),
    Operation(MatchedOperation<'r>),
    MethodNotAllowed(&'r Service, &'r PathItem),
    NoSuchPath(&'static dyn Responder),
}

/// An operation, and the parameters of its path as they were sent.
#[derive(Debug)]
pub(crate) struct MatchedOperation<'r> {
    service: &'r Service,
    operation: &'r Operation,
    path_parameters: Matches<'r>,
}

/// A request with its route and its parsed arguments. What needs no state is done here.
#[derive(Debug)]
pub(crate) struct Call<'r> {
    pub(crate) route: &'r Route<'r>,
    request: &'r Request,
    arguments: Option<Result<Arguments, Rejection>>,
}

impl<'r> Route<'r> {
    pub(crate) fn of(services: &'r Services, request: &'r Request) -> Self {
        if let Some(service) = services.of_path(&request.path) {
            return Self::in_service(service, request);
        }
        match Endpoint::at(&request.path) {
            Some(endpoint) => Self::Authority(endpoint),
            None => Self::NoSuchPath(&Entra),
        }
    }

    fn in_service(service: &'r Service, request: &'r Request) -> Self {
        let Some((item, path_parameters)) = service.api.find(&request.path) else {
            return Self::NoSuchPath(service.vendor);
        };
        let mut operations = item.operations.iter();
        match operations.find(|operation| operation.method == request.method) {
            None => Self::MethodNotAllowed(service, item),
            Some(operation) => Self::Operation(MatchedOperation {
                service,
                operation,
                path_parameters,
            }),
        }
    }

    /// Returns the name of the operation, by which faults are ordered and calls are counted.
    pub(crate) fn operation(&self) -> Option<&'r str> {
        match self {
            Self::Authority(endpoint) => Some(endpoint.operation()),
            Self::Operation(matched) => Some(&matched.operation.id),
            Self::MethodNotAllowed(..) | Self::NoSuchPath(_) => None,
        }
    }

    pub(crate) fn responder(&self) -> &'static dyn Responder {
        match self {
            Self::Authority(_) => &Entra,
            Self::Operation(MatchedOperation { service, .. })
            | Self::MethodNotAllowed(service, _) => service.vendor,
            Self::NoSuchPath(responder) => *responder,
        }
    }

    /// Parses the arguments of a request for an operation.
    pub(crate) fn prepare(&'r self, request: &'r Request) -> Call<'r> {
        let arguments = match self {
            Self::Operation(matched) => Some(arguments::parse(
                matched.operation,
                &matched.path_parameters,
                request,
            )),
            _ => None,
        };
        Call {
            route: self,
            request,
            arguments,
        }
    }
}

impl Call<'_> {
    /// Returns the caller's tenant, as far as the credentials or the path tell.
    pub(crate) fn tenant(&self, accounts: &Accounts, now: Duration) -> Option<usize> {
        match self.route {
            Route::Authority(endpoint) => accounts.with_tenant_id(endpoint.tenant()?),
            Route::Operation(matched) => matched.tenant(accounts, self.request, now).ok().flatten(),
            Route::MethodNotAllowed(..) | Route::NoSuchPath(_) => None,
        }
    }

    /// Executes the operation, or rejects the request. `authority` is the URL of the sandbox.
    pub(crate) fn respond(
        self,
        accounts: &mut Accounts,
        authority: &str,
        now: Duration,
    ) -> Response {
        match (self.route, self.arguments) {
            (Route::Authority(endpoint), _) => {
                entra::respond(endpoint, accounts, self.request, authority, now)
            }
            (Route::Operation(matched), arguments) => {
                let arguments = arguments.unwrap_or_else(|| Ok(Arguments::default()));
                matched
                    .execute(accounts, self.request, arguments, now)
                    .unwrap_or_else(|rejection| matched.service.vendor.reject(&rejection))
            }
            (Route::MethodNotAllowed(service, item), _) => method_not_allowed(service, item),
            (Route::NoSuchPath(responder), _) => responder.reject(&Rejection::NoSuchPath),
        }
    }
}

impl MatchedOperation<'_> {
    fn tenant(
        &self,
        accounts: &Accounts,
        request: &Request,
        now: Duration,
    ) -> Result<Option<usize>, Rejection> {
        credentials::check(&self.operation.security, &request.headers, |credentials| {
            self.service.vendor.tenant(accounts, credentials, now)
        })
    }

    /// Checks in the order in which the checks count: credentials, permission, rate limit,
    /// arguments.
    fn execute(
        &self,
        accounts: &mut Accounts,
        request: &Request,
        arguments: Result<Arguments, Rejection>,
        now: Duration,
    ) -> Result<Response, Rejection> {
        // An operation that requires no credentials is the first tenant's.
        let tenant = self.tenant(accounts, request, now)?.unwrap_or_default();
        let account = accounts
            .all
            .get_mut(tenant)
            .ok_or(Rejection::CredentialWrong)?;
        let vendor = self.service.vendor;
        if !vendor.is_permitted(account, &self.operation.permissions) {
            return Err(Rejection::PermissionMissing);
        }
        let is_within_limit = vendor
            .rate_limit(account)
            .is_none_or(|limit| limit.try_acquire(now));
        let result = match vendor.handler(&self.operation.id) {
            _ if !is_within_limit => Err(Rejection::TooManyRequests),
            None => Err(Rejection::NotImplemented(self.operation.id.clone())),
            Some(handler) => arguments.map(|arguments| handler(account, &arguments)),
        };
        let mut response = result.unwrap_or_else(|rejection| vendor.reject(&rejection));
        if let Some(limit) = vendor.rate_limit(account) {
            limit.write_headers(now, &mut response.headers);
        }
        Ok(response)
    }
}

fn method_not_allowed(service: &Service, item: &PathItem) -> Response {
    let mut response = service.vendor.reject(&Rejection::MethodNotAllowed);
    let methods: Vec<&str> = item
        .operations
        .iter()
        .map(|operation| operation.method.as_str())
        .collect();
    if let Ok(methods) = HeaderValue::from_str(&methods.join(", ")) {
        response.headers.insert(header::ALLOW, methods);
    }
    response
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, Method, StatusCode};
    use serde_json::{Value, json};

    use super::*;
    use crate::message::response::Body;
    use crate::seed::Seed;
    use crate::spec::api::Api;
    use crate::vendor::datadog::Datadog;

    /// Has what neither specification has so far.
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

    fn request(target: &str) -> Request {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (target, None),
        };
        Request {
            method: Method::GET,
            path: path.to_owned(),
            query,
            headers: HeaderMap::new(),
            body: Ok(Bytes::new()),
        }
    }

    fn get(target: &str) -> (StatusCode, Value) {
        let service = Service {
            vendor: &Datadog,
            api: Api::read("made-up.yaml", MADE_UP).expect("it can be read"),
        };
        let request = request(target);
        let mut accounts = Seed::default().accounts().expect("a seed");
        let route = Route::in_service(&service, &request);
        let call = route.prepare(&request);
        let response = call.respond(&mut accounts, "http://127.0.0.1", Duration::ZERO);
        match response.body {
            Some(Body::Json(body)) => (response.status, body),
            other => panic!("every response here has JSON: {other:?}"),
        }
    }

    /// The violations of the parameters of the made-up query.
    fn violations(target: &str) -> Vec<String> {
        let api = Api::read("made-up.yaml", MADE_UP).expect("it can be read");
        let operation = &api.paths[2].operations[0];
        let request = request(target);
        match arguments::parse(operation, &Vec::new(), &request) {
            Err(Rejection::InvalidParameters(violations)) => {
                violations.iter().map(ToString::to_string).collect()
            }
            other => panic!("the parameters must be invalid: {other:?}"),
        }
    }

    fn not_implemented(operation: &str) -> (StatusCode, Value) {
        let detail = format!("The sandbox does not implement {operation}");
        let body = json!({"errors": [{"title": "Generic Error", "detail": detail}]});
        (StatusCode::NOT_IMPLEMENTED, body)
    }

    #[test]
    fn an_operation_without_a_handler_is_not_implemented() {
        assert_eq!(get("/things/1"), not_implemented("list_things"));
    }

    #[test]
    fn a_literal_path_goes_before_a_template() {
        assert_eq!(get("/things/new"), not_implemented("new_thing"));
    }

    #[test]
    fn query_parameters_are_validated_by_their_schemas() {
        // The made-up operation borrows a handler, which finds no product: it was reached.
        let reached = get("/query?code=x&page%5Blimit%5D=5&kind=a&kind=b");
        assert_eq!(reached.0, StatusCode::UNPROCESSABLE_ENTITY);

        assert_eq!(violations("/query"), ["code is required"]);
        assert_eq!(violations("/query?code="), ["code is required"]);
        assert_eq!(
            violations("/query?code=a&code=b"),
            ["code must not be repeated"]
        );
        assert_eq!(
            violations("/query?code=%ff&page[limit]=0&kind=c&Code=x"),
            [
                "Code is no parameter of this operation",
                "code must be UTF-8 with whole percent-escapes",
                "page[limit] is not acceptable: 0 is less than the minimum of 1",
                "kind[0] is not acceptable: \"c\" is not one of \"a\" or \"b\"",
            ]
        );
        assert_eq!(
            violations("/query?code=a&page[limit]=many"),
            ["page[limit] is not acceptable: \"many\" is not of type \"integer\""]
        );
    }
}
