//! A thousand calls at once through a server that takes only so many in a window.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use seats::datadog;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

const LIMIT: u32 = 100;
const WINDOW: Duration = Duration::from_secs(10);
const CALLS: usize = 1000;

/// The server's side of the rate limit.
struct Window {
    begun: Instant,
    taken: u32,
    refused: usize,
}

/// The answer to one request, by the rules of Datadog's rate limits.
fn answer(window: &Mutex<Window>) -> String {
    let mut window = window.lock().unwrap();
    if window.begun.elapsed() >= WINDOW {
        window.begun = Instant::now();
        window.taken = 0;
    }
    let is_taken = window.taken < LIMIT;
    if is_taken {
        window.taken += 1;
    } else {
        window.refused += 1;
    }
    let status = if is_taken {
        "204 No Content"
    } else {
        "429 Too Many Requests"
    };
    let reset = (WINDOW - window.begun.elapsed()).as_secs_f64().ceil();
    format!(
        "HTTP/1.1 {status}\r\nx-ratelimit-limit: {LIMIT}\r\nx-ratelimit-period: {}\r\nx-ratelimit-remaining: {}\r\nx-ratelimit-reset: {reset}\r\ncontent-length: 0\r\n\r\n",
        WINDOW.as_secs(),
        LIMIT - window.taken,
    )
}

/// One connection, which takes requests until the client closes it.
async fn serve(mut stream: TcpStream, window: Arc<Mutex<Window>>) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(()),
            n => request.extend_from_slice(&buffer[..n]),
        }
        // The body ends in the brace that closes its one object.
        if request.ends_with(b"\"seat-assignments\"}}") {
            request.clear();
            stream.write_all(answer(&window).as_bytes()).await?;
        }
    }
}

/// The clock is paused: a minute and a half of waiting takes no time.
#[tokio::test(start_paused = true)]
async fn a_thousand_calls_all_end_done_with_few_refusals() {
    let window = Arc::new(Mutex::new(Window {
        begun: Instant::now(),
        taken: 0,
        refused: 0,
    }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = datadog::Client::builder()
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .api_key("key")
        .app_key("key")
        .timeout(Duration::from_secs(3600))
        .attempt_timeout(Duration::from_secs(600))
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
                client.unassign(&"on_call".parse().unwrap(), &[user]).await
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
