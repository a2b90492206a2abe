//! Accepts connections, reads requests and sends responses.

use std::future::Future;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::context::Context;
use super::truncation::{LimitedStream, SharedLimit};
use crate::faults::delivery::Outcome;
use crate::message::request::{BodyError, Request};

/// The largest request body that is read, in bytes.
const MAX_BODY: usize = 1024 * 1024;

/// The time to wait when a connection cannot be accepted, for example because too many files are
/// open.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Opens a port on loopback; 0 is any free one.
pub(crate) async fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// Serves connections until it is aborted, which closes them.
pub(crate) async fn accept(listener: TcpListener, context: Arc<Context>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, Arc::clone(&context)));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, context: Arc<Context>) {
    // A response that waits for an acknowledgement would distort the times that callers measure.
    let _unsupported = stream.set_nodelay(true);
    let (stream, limit) = LimitedStream::new(stream);
    let read_timeout = context.settings.read_timeout;
    let service = service_fn(|request| {
        let context = Arc::clone(&context);
        let limit = limit.clone();
        async move { exchange(&context, &limit, request).await }
    });
    // How a connection ends is not an error here: tests break connections on purpose.
    let _ended = http1::Builder::new()
        // The same bytes on every run.
        .auto_date_header(false)
        .timer(TokioTimer::new())
        .header_read_timeout(read_timeout)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// There is no response: the server closes the connection.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed without a response")]
struct NoResponse;

async fn exchange(
    context: &Context,
    limit: &SharedLimit,
    request: http::Request<Incoming>,
) -> Result<http::Response<Full<Bytes>>, NoResponse> {
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
        // Read before anything is checked: a response to a half-read request would close the
        // connection, and the client might see that instead.
        body: in_time(context.settings.read_timeout, read(body)).await,
    };
    let delivery = context.respond(&target, &request);
    let delay = context.settings.latency.saturating_add(delivery.delay);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    if matches!(delivery.outcome, Outcome::Lost | Outcome::Closed) {
        return Err(NoResponse);
    }
    limit.set(delivery.limit);
    let body = delivery.response.body.map(|body| body.to_string());
    let mut response = http::Response::new(Full::new(Bytes::from(body.unwrap_or_default())));
    *response.status_mut() = delivery.response.status;
    *response.headers_mut() = delivery.response.headers;
    Ok(response)
}

async fn in_time(
    timeout: Duration,
    body: impl Future<Output = Result<Bytes, BodyError>>,
) -> Result<Bytes, BodyError> {
    let body = tokio::time::timeout(timeout, body).await;
    body.unwrap_or(Err(BodyError::Incomplete))
}

async fn read(body: Incoming) -> Result<Bytes, BodyError> {
    // A body that announces such a size is not read at all.
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(BodyError::TooLarge);
    }
    match Limited::new(body, MAX_BODY).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(BodyError::TooLarge),
        Err(_) => Err(BodyError::Incomplete),
    }
}
