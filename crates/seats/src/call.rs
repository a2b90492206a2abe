//! Calls of generated methods, and the one result of each.

use std::future::Future;

use seats_transport::{BodyEnd, Effect, Exchange, Operation, Transport};

use crate::done::Done;
use crate::error::Error;

/// Calls a generated method that changes something. The exchange alone decides what happened; `value`
/// reads the body of a success, and one that it cannot read loses neither status nor effect.
pub(crate) async fn change<V, F>(
    transport: &Transport,
    operation: &'static Operation,
    method: impl FnOnce(Transport) -> F,
    value: impl FnOnce(&[u8]) -> Option<V>,
) -> Result<Done<V>, Error>
where
    F: Future,
{
    let exchange = record(transport, method).await;
    if exchange.effect() == Effect::Done {
        let value = value(exchange.body());
        Ok(Done::of_call(value, exchange))
    } else {
        Err(Error::of_call(operation, exchange))
    }
}

/// Calls a generated method that reads; `value` makes the value from the body of a success.
///
/// The generated types know one casing of the vendor's names and one type of each value, so what the
/// generated method makes of the body is not looked at.
pub(crate) async fn read<V, F>(
    transport: &Transport,
    operation: &'static Operation,
    method: impl FnOnce(Transport) -> F,
    value: impl FnOnce(&[u8]) -> Result<V, String>,
) -> Result<(V, Exchange), Error>
where
    F: Future,
{
    let exchange = record(transport, method).await;
    let Some(response) = exchange.response().filter(|it| it.status.is_success()) else {
        return Err(Error::of_call(operation, exchange));
    };
    let value = match &response.body_end {
        // A part of what was asked for would be taken for the whole.
        _ if response.status == reqwest::StatusCode::PARTIAL_CONTENT => {
            Err("it is a part of the content only".to_owned())
        }
        _ if response.has_next_link => {
            Err("its `Link` header may lead to more of the list".to_owned())
        }
        BodyEnd::Complete => value(&response.body),
        BodyEnd::TooLong => Err(format!("it is longer than {} bytes", response.body.len())),
        // Nothing changed, and the next attempt may get the whole of it.
        BodyEnd::BrokenOff { .. } => {
            let exchange = exchange.with_effect(Effect::TryLater);
            return Err(Error::of_call(operation, exchange));
        }
        _ => Err("it is not complete".to_owned()),
    };
    match value {
        Ok(value) => Ok((value, exchange)),
        Err(reason) => {
            let reason = format!("the answer ({}) cannot be read: {reason}", response.status);
            Err(Error::unreadable(operation, exchange, reason))
        }
    }
}

/// The record of a call. What the method returns is not needed: the record has all of it.
async fn record<F: Future>(transport: &Transport, method: impl FnOnce(Transport) -> F) -> Exchange {
    let (transport, recording) = transport.recorded();
    drop(method(transport).await);
    recording.finish()
}

#[cfg(test)]
mod tests {
    use seats_tests::wire::{Wire, answer};
    use seats_transport::{BaseUrl, RetryPolicy};

    use super::*;
    use crate::error::ErrorKind;

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

    /// What a generated method does.
    async fn method(transport: Transport, operation: &'static Operation) {
        let url = format!("{}/thing", transport.base_url());
        let method = operation.method.parse().unwrap();
        let request = transport.http_client().request(method, url);
        let mut request = request.build().unwrap();
        let prepared = transport.prepare(&mut request, Some(operation)).await;
        prepared.unwrap();
        drop(transport.send(request, Some(operation)).await);
    }

    fn number(body: &[u8]) -> Result<u32, String> {
        serde_json::from_slice(body).map_err(|error| error.to_string())
    }

    async fn answering(reply: Vec<u8>) -> (Wire, Transport) {
        let wire = Wire::start(vec![reply]).await.unwrap();
        let transport = Transport::builder(BaseUrl::parse(&wire.url()).unwrap())
            .retry(RetryPolicy::new().max_attempts(1))
            .build()
            .unwrap();
        (wire, transport)
    }

    async fn reading(reply: Vec<u8>) -> Result<u32, Error> {
        let (wire, transport) = answering(reply).await;
        let operation = &OPERATIONS[0];
        let result = read(&transport, operation, |it| method(it, operation), number).await;
        assert_eq!(wire.finish().await.unwrap().len(), 1);
        result.map(|(value, _)| value)
    }

    async fn changing(reply: Vec<u8>) -> Result<Done<u32>, Error> {
        let (wire, transport) = answering(reply).await;
        let operation = &OPERATIONS[1];
        let value = |body: &[u8]| number(body).ok();
        let result = change(&transport, operation, |it| method(it, operation), value).await;
        assert_eq!(wire.finish().await.unwrap().len(), 1);
        result
    }

    /// A success whose body cannot be read: done if something was changed, an error if it was to be read.
    #[tokio::test]
    async fn a_body_that_cannot_be_read_is_an_error_for_an_operation_that_reads() {
        let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n12".to_vec();
        for reply in [
            answer("200 OK", &[], b"<html>"),
            answer("200 OK", &[], b""),
            cut,
        ] {
            let error = reading(reply.clone()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnreadableResponse);
            assert_eq!(error.status(), Some(200));
            let done = changing(reply).await.unwrap();
            assert_eq!(done.status(), Some(200));
        }
        assert_eq!(reading(answer("200 OK", &[], b"12")).await.unwrap(), 12);
        let done = changing(answer("200 OK", &[], b"12")).await.unwrap();
        assert_eq!(done.into_value(), Some(12));
    }

    /// A part of a list proves nothing about the rest of it.
    #[tokio::test]
    async fn partial_content_is_not_taken_for_the_whole() {
        let error = reading(answer("206 Partial Content", &[], b"12"))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnreadableResponse);
        assert_eq!(
            error.to_string(),
            "get_thing: the answer (206 Partial Content) cannot be read: it is a part of the content only"
        );
        let next = [("link", "<https://x/2>; rel=\"next\"")];
        let error = reading(answer("200 OK", &next, b"12")).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "get_thing: the answer (200 OK) cannot be read: its `Link` header may lead to more of the list"
        );
    }
}
