//! The listener: connections in, numbered answers out, and the log of both.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::HeaderValue;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::respond::{BodyError, Request, respond};
use crate::spec::Apis;
use crate::state::State;
use crate::vendor::Answer;

/// The largest request body that is read, in bytes.
const MAX_BODY: usize = 1024 * 1024;

/// How long to wait when the system has no connection to give (too many open
/// files, for one), so as not to ask again at once for ever.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// A request that was answered. It holds no header, so it holds no credential.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Arrival {
    /// The method, such as `DELETE`.
    pub method: String,
    /// Path and query as they were sent.
    pub target: String,
    /// The status of the answer.
    pub status: u16,
}

/// What the connections of one sandbox share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) apis: &'static Apis,
    world: Mutex<World>,
}

/// What changes while a sandbox runs. One lock for all of it: the number of an
/// answer, its place in the log and its effect belong together.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) log: Vec<Arrival>,
}

impl Shared {
    pub(crate) fn new(apis: &'static Apis, state: State) -> Self {
        let log = Vec::new();
        Self {
            apis,
            world: Mutex::new(World { state, log }),
        }
    }

    /// A test that failed while it held the lock must not fail every other one.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request, and numbers and logs the answer.
    fn answer(&self, target: String, request: &Request) -> Answer {
        let api = self.apis.of_path(&request.path);
        let mut world = self.world();
        let mut answer = respond(api, &mut world.state, request);
        world.log.push(Arrival {
            method: request.method.to_string(),
            target,
            status: answer.status.as_u16(),
        });
        let (name, number) = api.vendor.request_id(world.log.len());
        if let Ok(number) = HeaderValue::from_str(&number) {
            answer.headers.insert(name, number);
        }
        answer
    }
}

/// Opens a free port on loopback.
pub(crate) async fn listen() -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await
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
    let service = service_fn(|request| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(exchange(&shared, request).await) }
    });
    // How a connection ends is the client's affair: tests break them on purpose.
    let _ended = http1::Builder::new()
        // The same bytes on every run.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn exchange(
    shared: &Shared,
    request: http::Request<Incoming>,
) -> http::Response<Full<Bytes>> {
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
    let answer = shared.answer(target, &request);
    let bytes = answer.body.map(|body| Bytes::from(body.to_string()));
    let mut response = http::Response::new(Full::new(bytes.unwrap_or_default()));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
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
