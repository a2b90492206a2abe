//! From a generated method to the one outcome of this crate.

use std::future::Future;

use datadog_seats::{Error as ApiError, ResponseValue};
use reqwest::StatusCode;
use seats_transport::{Effect, Exchange, Operation, Transport};

use crate::done::Done;
use crate::error::{Error, ErrorKind, causes};

/// Calls a generated method through a transport that remembers the exchange.
///
/// What the generated method makes of the answer decides about the value alone; the exchange decides
/// what happened. A body that the method cannot read loses neither status nor effect.
pub(crate) async fn call<T, E, F>(
    transport: &Transport,
    operation: &'static Operation,
    method: impl FnOnce(Transport) -> F,
) -> Result<Done<T>, Error>
where
    F: Future<Output = Result<ResponseValue<T>, ApiError<E>>>,
{
    let (transport, recording) = transport.recorded();
    let outcome = method(transport).await;
    let exchange = recording.finish();
    let error = match outcome {
        Ok(value) => return Ok(Done::new(Some(value.into_inner()), exchange)),
        Err(error) => error,
    };
    if exchange.effect() == Effect::Done && !operation.is_read() {
        return Ok(Done::new(None, exchange));
    }
    Err(explain(operation, exchange, error))
}

/// As [`call`], of an operation that reads: `read` makes the value from the body.
///
/// The generated types know one casing of the vendor's names and one type of each value. What they make
/// of a success does not count, only whether all of it has come.
pub(crate) async fn read<T, V, E, F>(
    transport: &Transport,
    operation: &'static Operation,
    method: impl FnOnce(Transport) -> F,
    read: impl FnOnce(&[u8]) -> Result<V, String>,
) -> Result<(V, Exchange), Error>
where
    F: Future<Output = Result<ResponseValue<T>, ApiError<E>>>,
{
    let (transport, recording) = transport.recorded();
    let outcome = method(transport).await;
    let exchange = recording.finish();
    let status = exchange.status().filter(StatusCode::is_success);
    match (status, outcome) {
        (
            Some(status),
            Ok(_) | Err(ApiError::InvalidResponsePayload(..) | ApiError::UnexpectedResponse(_)),
        ) => match read(exchange.body()) {
            Ok(value) => Ok((value, exchange)),
            Err(reason) => {
                let message = format!("the answer ({status}) cannot be read: {reason}");
                Err(unreadable(operation, message, exchange))
            }
        },
        (_, Ok(_)) => Err(unreadable(
            operation,
            "no answer was recorded".to_owned(),
            exchange,
        )),
        (_, Err(error)) => Err(explain(operation, exchange, error)),
    }
}

/// An answer that says nothing that can be used, for an operation that reads.
pub(crate) fn unreadable(
    operation: &'static Operation,
    message: String,
    exchange: Exchange,
) -> Error {
    let exchange = exchange.settle(Effect::Refused);
    Error::of_call(
        operation,
        ErrorKind::UnreadableAnswer,
        message,
        exchange,
        None,
    )
}

fn explain<E>(operation: &'static Operation, exchange: Exchange, error: ApiError<E>) -> Error {
    match (exchange.status(), error) {
        (Some(status), ApiError::InvalidResponsePayload(_, source)) if status.is_success() => {
            of_body(operation, status, exchange, &source.to_string())
        }
        (Some(status), ApiError::ResponseBodyError(_))
            if status.is_success() && exchange.is_too_long() =>
        {
            let reason = format!("it is longer than {} bytes", exchange.body().len());
            of_body(operation, status, exchange, &reason)
        }
        (Some(status), ApiError::ResponseBodyError(source)) if status.is_success() => {
            let message = format!("the answer ({status}) broke off: {}", causes(&source));
            let exchange = exchange.settle(Effect::TryLater);
            let kind = ErrorKind::UnreadableAnswer;
            Error::of_call(operation, kind, message, exchange, Some(Box::new(source)))
        }
        (Some(status), _) => {
            let message = format!("the vendor answered {status}");
            Error::of_call(operation, ErrorKind::Status, message, exchange, None)
        }
        (None, ApiError::CommunicationError(source)) => no_answer(operation, exchange, source),
        (None, ApiError::InvalidRequest(reason) | ApiError::Custom(reason)) => {
            not_sent(operation, exchange, reason)
        }
        (None, _) => {
            let message = "no answer came".to_owned();
            Error::of_call(operation, ErrorKind::Lost, message, exchange, None)
        }
    }
}

/// A success whose body cannot be read.
fn of_body(
    operation: &'static Operation,
    status: StatusCode,
    exchange: Exchange,
    reason: &str,
) -> Error {
    let message = format!("the answer ({status}) cannot be read: {reason}");
    unreadable(operation, message, exchange)
}

/// The request may have left, or there was no connection, or no time for an attempt.
fn no_answer(operation: &'static Operation, exchange: Exchange, source: reqwest::Error) -> Error {
    if let Some(reason) = exchange.reason() {
        let message = format!("no attempt was made: {reason}");
        return Error::of_call(operation, ErrorKind::Deadline, message, exchange, None);
    }
    let (kind, what) = if source.is_builder() {
        (ErrorKind::InvalidInput, "the request cannot be made")
    } else if source.is_connect() {
        (ErrorKind::NotConnected, "could not connect")
    } else if source.is_timeout() {
        (ErrorKind::Lost, "no answer came in time")
    } else {
        (ErrorKind::Lost, "no answer came")
    };
    let message = format!("{what}: {}", causes(&source));
    let source = Some(Box::new(source.without_url()) as _);
    Error::of_call(operation, kind, message, exchange, source)
}

/// The transport did not let the request go.
fn not_sent(operation: &'static Operation, exchange: Exchange, reason: String) -> Error {
    if let Some(error) = exchange.token_error().cloned() {
        let (message, source) = (error.to_string(), Some(Box::new(error) as _));
        return Error::of_call(operation, ErrorKind::Token, message, exchange, source);
    }
    if let Some(reason) = exchange.reason() {
        let message = format!("the deadline has passed: {reason}");
        return Error::of_call(operation, ErrorKind::Deadline, message, exchange, None);
    }
    let is_dry_run = exchange.request().is_some() && exchange.attempts() == 0;
    let kind = if is_dry_run {
        ErrorKind::DryRun
    } else {
        ErrorKind::InvalidInput
    };
    Error::of_call(operation, kind, reason, exchange, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use seats_tests::wire::{Wire, answer};
    use seats_transport::{BaseUrl, RetryPolicy, reqwest};

    const READ: Operation = Operation {
        id: "get_thing",
        method: "GET",
        path: "/thing",
        idempotent: true,
        permissions: &[],
        reference: None,
    };
    const CHANGE: Operation = Operation {
        id: "delete_thing",
        method: "DELETE",
        ..READ
    };
    static OPERATIONS: [Operation; 2] = [READ, CHANGE];

    /// What a generated method does, for a body that is a number.
    async fn method(
        transport: Transport,
        operation: &'static Operation,
    ) -> Result<ResponseValue<u32>, ApiError<()>> {
        let url = format!("{}/thing", transport.base_url());
        let method = operation.method.parse().unwrap();
        let mut request: reqwest::Request = transport.http_client().request(method, url).build()?;
        transport
            .prepare(&mut request, Some(operation))
            .await
            .unwrap();
        let response = transport.send(request, Some(operation)).await?;
        ResponseValue::from_response(response).await
    }

    async fn outcome(operation: &'static Operation, reply: Vec<u8>) -> Result<Done<u32>, Error> {
        let wire = Wire::start(vec![reply]).await.unwrap();
        let transport = Transport::builder(BaseUrl::parse(&wire.url()).unwrap())
            .retry(RetryPolicy::new().max_attempts(1))
            .build()
            .unwrap();
        let outcome = call(&transport, operation, |transport| {
            method(transport, operation)
        })
        .await;
        assert_eq!(wire.finish().await.unwrap().len(), 1);
        outcome
    }

    /// A success whose body cannot be read: done where something changed, an error where it was read.
    #[tokio::test]
    async fn a_body_that_cannot_be_read_is_an_error_for_an_operation_that_reads() {
        let [read, change] = &OPERATIONS;
        let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n12".to_vec();
        for reply in [
            answer("200 OK", &[], b"<html>"),
            answer("200 OK", &[], b""),
            cut,
        ] {
            let error = outcome(read, reply.clone()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnreadableAnswer);
            assert_eq!(error.status(), Some(200));
            let done = outcome(change, reply).await.unwrap();
            assert_eq!((done.value(), done.status()), (None, Some(200)));
        }
        let done = outcome(read, answer("200 OK", &[], b"12")).await.unwrap();
        assert_eq!(done.into_value(), Some(12));
    }
}
