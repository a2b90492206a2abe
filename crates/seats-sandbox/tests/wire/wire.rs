//! A client that sends given bytes and returns the bytes of the response.

use std::time::Duration;

use seats_sandbox::{
    API_KEY, APPLICATION_KEY, CLIENT_ID, CLIENT_SECRET, STORE_TOKEN, Sandbox, TENANT_ID,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The time after which a sandbox that does not respond has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A response, split into head and body.
#[derive(Debug)]
pub struct Reply {
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn status_line(&self) -> &str {
        self.head.lines().next().expect("a status line")
    }

    pub fn status(&self) -> u16 {
        let number = self.status_line().split(' ').nth(1).expect("a number");
        number.parse().expect("a number")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }
}

/// A connection to the sandbox.
pub async fn connect(sandbox: &Sandbox) -> TcpStream {
    let url = sandbox.datadog_url();
    let address = url.strip_prefix("http://").expect("plain HTTP");
    TcpStream::connect(address).await.expect("it listens")
}

/// Sends these bytes; returns everything until the sandbox closes the connection.
pub async fn bytes(sandbox: &Sandbox, bytes: &[u8]) -> String {
    let mut stream = connect(sandbox).await;
    stream.write_all(bytes).await.expect("it reads");
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer))
        .await
        .expect("it answers in time")
        .expect("it answers");
    answer
}

/// Sends these bytes; returns the response.
pub async fn exchange(sandbox: &Sandbox, bytes: &[u8]) -> Reply {
    let answer = self::bytes(sandbox, bytes).await;
    let (head, body) = answer.split_once("\r\n\r\n").expect("a whole head");
    Reply {
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// A request without a body. `headers` are whole lines, each with its line end.
pub fn request(method: &str, target: &str, headers: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n{headers}\r\n")
}

/// A GET.
pub fn get(target: &str, headers: &str) -> String {
    request("GET", target, headers)
}

/// A request with a body of this media type.
pub fn with_body(method: &str, target: &str, headers: &str, label: &str, body: &str) -> String {
    let length = body.len();
    let headers = format!("{headers}content-type: {label}\r\ncontent-length: {length}\r\n");
    request(method, target, &headers) + body
}

/// Datadog's credentials, as header lines.
pub fn keys() -> String {
    format!("dd-api-key: {API_KEY}\r\ndd-application-key: {APPLICATION_KEY}\r\n")
}

/// The Store's credential, as a header line.
pub fn token() -> String {
    format!("authorization: Bearer {STORE_TOKEN}\r\n")
}

/// A token request with all fields, followed by `more`.
pub fn entra(more: &str) -> String {
    let form = format!(
        "grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}\
         &resource=https%3A%2F%2Fonestore.microsoft.com{more}"
    );
    entra_form(TENANT_ID, &form)
}

/// A form for Entra ID.
pub fn entra_form(tenant: &str, form: &str) -> String {
    let target = format!("/{tenant}/oauth2/token");
    with_body(
        "POST",
        &target,
        "",
        "application/x-www-form-urlencoded",
        form,
    )
}
