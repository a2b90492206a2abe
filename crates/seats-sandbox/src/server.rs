//! The listener: connections in, numbered answers out, and the log of both.

use std::fmt;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderName;
use http::header::HeaderValue;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::clock::Clock;
use crate::connection::{Connection, Scissors};
use crate::fault::{Injury, Play, injure};
use crate::log::{Arrival, Outcome, Redaction};
use crate::respond::{BodyError, Request, Route};
use crate::spec::Apis;
use crate::tenant::Accounts;

/// The largest request body that is read, in bytes.
const MAX_BODY: usize = 1024 * 1024;

/// How long to wait when the system has no connection to give (too many open
/// files, for one), so as not to ask again at once for ever.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Who is told of each request.
pub(crate) type Witness = Box<dyn Fn(&Arrival) + Send + Sync>;

/// What the connections of one sandbox share.
pub(crate) struct Shared {
    pub(crate) apis: &'static Apis,
    /// The headers that hold credentials.
    secret_headers: Vec<HeaderName>,
    clock: Clock,
    witness: Option<Witness>,
    world: Mutex<World>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// What changes while a sandbox runs. One lock for all of it: the number of an
/// answer, its place in the log and its effect belong together.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) accounts: Accounts,
    pub(crate) log: Vec<Arrival>,
    play: Play,
}

impl World {
    pub(crate) fn new(accounts: Accounts, play: Play) -> Self {
        let log = Vec::new();
        Self {
            accounts,
            log,
            play,
        }
    }
}

impl Shared {
    pub(crate) fn new(
        apis: &'static Apis,
        clock: Clock,
        witness: Option<Witness>,
        world: World,
    ) -> Self {
        Self {
            apis,
            secret_headers: apis.secret_headers(),
            clock,
            witness,
            world: Mutex::new(world),
        }
    }

    /// A test that failed while it held the lock must not fail every other one.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request as the script has it, and numbers and logs the answer.
    fn answer(&self, target: &str, request: &Request) -> Injury {
        let route = Route::of(self.apis, request);
        let operation = route.operation();
        let now = self.clock.now();
        let mut world = self.world();
        let World {
            accounts,
            log,
            play,
        } = &mut *world;

        let (call, fault) = operation.map_or((0, None), |operation| play.call(operation));
        let tenant = route.tenant(accounts, request, now);
        let before = accounts.changes();
        let is_acted_out = fault.as_ref().is_none_or(|fault| fault.is_acted_out());
        let answer = is_acted_out.then(|| route.answer(accounts, request, now));
        let mut injury = injure(fault.as_ref(), answer, route.vendor());

        let (name, number) = match route.vendor() {
            Some(vendor) => vendor.request_id(log.len() + 1),
            None => ("x-ms-request-id", format!("sandbox-{}", log.len() + 1)),
        };
        if let Ok(number) = HeaderValue::from_str(&number) {
            injury.answer.headers.insert(name, number);
        }
        let redaction = Redaction::new(&self.secret_headers, accounts.secrets());
        let arrival = Arrival {
            operation: operation.map(str::to_owned),
            call,
            tenant: tenant.map(|tenant| accounts.all[tenant].tenant.name.clone()),
            method: request.method.to_string(),
            target: redaction.text(target),
            headers: redaction.headers(&request.headers),
            body: redaction.body(operation, request),
            outcome: injury.outcome,
            changed: accounts.changes() != before,
        };
        if let Some(witness) = &self.witness {
            witness(&arrival);
        }
        log.push(arrival);
        injury
    }
}

/// Opens a port on loopback; 0 is any free one.
pub(crate) async fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// Serves connections until it is aborted, and takes them down with it.
pub(crate) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, Arc::clone(&shared)));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let (connection, scissors) = Connection::new(stream);
    let service = service_fn(|request| {
        let shared = Arc::clone(&shared);
        let scissors = scissors.clone();
        async move { exchange(&shared, &scissors, request).await }
    });
    // How a connection ends is the client's affair: tests break them on purpose.
    let _ended = http1::Builder::new()
        // The same bytes on every run.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(connection), service)
        .await;
}

/// No answer: the server closes the connection without a byte.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed without an answer")]
struct NoAnswer;

async fn exchange(
    shared: &Shared,
    scissors: &Scissors,
    request: http::Request<Incoming>,
) -> Result<http::Response<Full<Bytes>>, NoAnswer> {
    let (parts, body) = request.into_parts();
    let target = parts
        .uri
        .path_and_query()
        .map_or_else(|| parts.uri.to_string(), ToString::to_string);
    let request = Request {
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        method: parts.method,
        headers: parts.headers,
        // Read before anything is judged: an answer to a half-read request would
        // close the connection, and the client might see that instead.
        body: read(body).await,
    };
    let injury = shared.answer(&target, &request);
    if let Some(delay) = injury.delay {
        tokio::time::sleep(delay).await;
    }
    if matches!(injury.outcome, Outcome::Lost | Outcome::Closed) {
        return Err(NoAnswer);
    }
    scissors.set(injury.cut);
    let answer = injury.answer;
    let bytes = answer.body.map(|body| Bytes::from(body.to_string()));
    let mut response = http::Response::new(Full::new(bytes.unwrap_or_default()));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}

async fn read(body: Incoming) -> Result<Bytes, BodyError> {
    // One that announces its size is not worth waiting for.
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(BodyError::TooLarge);
    }
    match Limited::new(body, MAX_BODY).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(BodyError::TooLarge),
        Err(_) => Err(BodyError::Broken),
    }
}
