//! From a generated method to the one outcome of this crate.

use std::future::Future;

use datadog_seats::{Error as ApiError, ResponseValue};
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

fn explain<E>(operation: &'static Operation, exchange: Exchange, error: ApiError<E>) -> Error {
    let of_call =
        |kind, message, source| Error::of_call(operation, kind, message, exchange.clone(), source);
    match (exchange.status(), error) {
        (Some(status), ApiError::InvalidResponsePayload(_, source)) if status.is_success() => {
            let message = format!("the answer ({status}) cannot be read: {source}");
            of_call(ErrorKind::UnreadableAnswer, message, Some(Box::new(source)))
        }
        (Some(status), ApiError::ResponseBodyError(source)) if status.is_success() => {
            let message = format!("the answer ({status}) broke off: {}", causes(&source));
            of_call(ErrorKind::UnreadableAnswer, message, Some(Box::new(source)))
        }
        (Some(status), _) => of_call(
            ErrorKind::Status,
            format!("the vendor answered {status}"),
            None,
        ),
        (None, ApiError::CommunicationError(source)) => {
            if let Some(reason) = exchange.reason() {
                return of_call(
                    ErrorKind::Deadline,
                    format!("no attempt was made: {reason}"),
                    None,
                );
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
            of_call(kind, message, Some(Box::new(source.without_url())))
        }
        (None, ApiError::InvalidRequest(_)) if exchange.token_error().is_some() => {
            let source = exchange.token_error().cloned();
            let message = source.as_ref().map(ToString::to_string).unwrap_or_default();
            of_call(
                ErrorKind::Token,
                message,
                source.map(|source| Box::new(source) as _),
            )
        }
        (None, ApiError::InvalidRequest(_)) if exchange.reason().is_some() => {
            let reason = exchange.reason().unwrap_or_default();
            of_call(
                ErrorKind::Deadline,
                format!("the deadline has passed: {reason}"),
                None,
            )
        }
        (None, ApiError::InvalidRequest(reason) | ApiError::Custom(reason)) => {
            let is_dry_run = exchange.request().is_some() && exchange.attempts() == 0;
            let kind = if is_dry_run {
                ErrorKind::DryRun
            } else {
                ErrorKind::InvalidInput
            };
            of_call(kind, reason, None)
        }
        (None, _) => of_call(ErrorKind::Lost, "no answer came".to_owned(), None),
    }
}
