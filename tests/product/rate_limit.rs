//! A thousand concurrent calls to a server with a rate limit.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use seats::RetryPolicy;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use crate::clients::datadog_builder;

const LIMIT: u32 = 100;
const WINDOW: Duration = Duration::from_secs(10);
const CALLS: usize = 1000;

/// The server's count of requests in the current window.
struct Window {
    start: Instant,
    accepted: u32,
    refused: usize,
}

/// The response to one request, with Datadog's rate-limit headers.
fn respond(window: &Mutex<Window>) -> String {
    let mut window = window.lock().unwrap();
    if window.start.elapsed() >= WINDOW {
        window.start = Instant::now();
        window.accepted = 0;
    }
    let is_accepted = window.accepted < LIMIT;
    if is_accepted {
        window.accepted += 1;
    } else {
        window.refused += 1;
    }
    let status = if is_accepted {
        "204 No Content"
    } else {
        "429 Too Many Requests"
    };
    let reset = (WINDOW - window.start.elapsed()).as_secs_f64().ceil();
    format!(
        "HTTP/1.1 {status}\r\nx-ratelimit-limit: {LIMIT}\r\nx-ratelimit-period: {}\r\nx-ratelimit-remaining: {}\r\nx-ratelimit-reset: {reset}\r\ncontent-length: 0\r\n\r\n",
        WINDOW.as_secs(),
        LIMIT - window.accepted,
    )
}

/// Serves one connection until the client closes it.
async fn serve(mut stream: TcpStream, window: Arc<Mutex<Window>>) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(()),
            n => request.extend_from_slice(&buffer[..n]),
        }
        // The end of every body.
        if request.ends_with(b"\"seat-assignments\"}}") {
            request.clear();
            stream.write_all(respond(&window).as_bytes()).await?;
        }
    }
}

/// With a paused clock, a minute and a half of waiting takes no time.
#[tokio::test(start_paused = true)]
async fn a_thousand_calls_succeed_with_few_refusals() {
    let window = Arc::new(Mutex::new(Window {
        start: Instant::now(),
        accepted: 0,
        refused: 0,
    }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let policy = RetryPolicy::new()
        .timeout(Duration::from_secs(3600))
        .attempt_timeout(Duration::from_secs(600));
    let client = datadog_builder(&format!("http://{}", listener.local_addr().unwrap()))
        .retry(policy)
        .build()
        .unwrap();
    let for_server = Arc::clone(&window);
    let server = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&for_server)));
        }
    });
    let calls: Vec<_> = (0..CALLS)
        .map(|n| {
            let client = client.clone();
            tokio::spawn(async move {
                let user = seats::Uuid::from_u128(n as u128 + 1);
                client.unassign("on_call", &[user]).await
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    server.abort();
    let refused = window.lock().unwrap().refused;
    assert!(refused * 10 < CALLS, "{refused} refusals");
}
