//! A response that no request asked for, on a connection that is kept alive.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use seats_tests::wire::read_request;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::clients::{attempts, datadog_builder};

const USER: &str = "626a4e8e-64bd-409d-b80e-428f08ac0b62";
const DONE: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";
const REFUSED: &[u8] = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";

/// A gateway that sends a success on the heels of each refusal. Counts its connections.
async fn gateway() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                while read_request(&mut stream)
                    .await
                    .is_ok_and(|it| !it.is_empty())
                {
                    let both = [REFUSED, DONE].concat();
                    if stream.write_all(&both).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (url, connections)
}

/// With a connection for each request, the response to a request is the first one on its connection.
#[tokio::test]
async fn a_connection_for_each_request_rules_out_a_response_to_another_one() {
    let (url, connections) = gateway().await;
    let builder = datadog_builder(&url).retry(attempts(1));
    let client = builder.connection_reuse(false).build().unwrap();
    for call in 1..=5 {
        let error = client.unassign("on_call", [USER]).await.unwrap_err();
        assert_eq!(error.status(), Some(403));
        assert_eq!(connections.load(Ordering::SeqCst), call);
    }
}
