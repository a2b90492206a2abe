//! A scripted HTTP server on loopback that records the bytes of each request.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with one connection.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Reads the request, writes these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Reads so many bytes of the request and resets the connection.
    ResetAfter(usize),
    /// Reads the request and stops listening before it closes the connection.
    Vanish,
}

/// A server that gives each connection the next of its replies.
#[derive(Debug)]
pub struct Wire {
    address: SocketAddr,
    task: JoinHandle<io::Result<Vec<Vec<u8>>>>,
    stop: tokio::sync::oneshot::Sender<()>,
}

impl Wire {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(answers: Vec<Vec<u8>>) -> io::Result<Self> {
        Self::start_with(answers.into_iter().map(Reply::Bytes).collect()).await
    }

    /// Like [`start`](Self::start), for connections that end in other ways.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start_with(answers: Vec<Reply>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let task = tokio::spawn(serve(listener, answers, stopped));
        Ok(Self {
            address,
            task,
            stop,
        })
    }

    /// The base URL of the server.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of the server, as in a `host` header.
    pub fn authority(&self) -> String {
        self.address.to_string()
    }

    /// Stops the server and returns the bytes that each connection sent, in order. A connection that
    /// sent nothing counts as well.
    ///
    /// # Errors
    /// Reading a request failed.
    pub async fn finish(self) -> io::Result<Vec<Vec<u8>>> {
        let _ = self.stop.send(());
        self.task.await.map_err(io::Error::other)?
    }
}

async fn serve(
    listener: TcpListener,
    answers: Vec<Reply>,
    mut stopped: tokio::sync::oneshot::Receiver<()>,
) -> io::Result<Vec<Vec<u8>>> {
    let mut requests = Vec::new();
    let mut answers = answers.into_iter();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted?.0,
            _ = &mut stopped => break,
        };
        match answers.next() {
            Some(Reply::Vanish) => {
                let mut stream = stream;
                requests.push(read_request(&mut stream).await?);
                drop(listener);
                return Ok(requests);
            }
            reply => requests.push(serve_one(stream, reply).await?),
        }
    }
    // Connections that are in the queue by now still count; no others are waited for.
    let listener = listener.into_std()?;
    loop {
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(true)?;
                requests.push(serve_one(TcpStream::from_std(stream)?, answers.next()).await?);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(requests),
            Err(error) => return Err(error),
        }
    }
}

async fn serve_one(mut stream: TcpStream, reply: Option<Reply>) -> io::Result<Vec<u8>> {
    if let Some(Reply::ResetAfter(bytes)) = reply {
        let mut part = vec![0; bytes];
        let read = stream.read_exact(&mut part).await;
        // With zero linger, closing sends a reset.
        stream.set_zero_linger()?;
        return read.map(|_| part);
    }
    let request = read_request(&mut stream).await?;
    if let Some(Reply::Bytes(answer)) = reply {
        // The client may have closed the connection once it had read enough.
        let _ = stream.write_all(&answer).await;
    }
    let _ = stream.shutdown().await;
    Ok(request)
}

/// Reads one request, or what comes of it before the connection is closed.
///
/// # Errors
/// Reading failed.
pub async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&request) {
        match stream.read(&mut buffer).await? {
            0 => break,
            n => request.extend_from_slice(buffer.get(..n).unwrap_or_default()),
        }
    }
    Ok(request)
}

/// A port of 127.0.0.1 that refuses connections and stays reserved.
#[derive(Debug)]
pub struct Refusing {
    // Bound, and not listening.
    socket: tokio::net::TcpSocket,
}

impl Refusing {
    /// Reserves a free port.
    ///
    /// # Errors
    /// No port is free.
    pub fn start() -> io::Result<Self> {
        let socket = tokio::net::TcpSocket::new_v4()?;
        socket.bind((std::net::Ipv4Addr::LOCALHOST, 0).into())?;
        Ok(Self { socket })
    }

    /// The base URL of the port.
    ///
    /// # Errors
    /// The port is not known.
    pub fn url(&self) -> io::Result<String> {
        Ok(format!("http://{}", self.socket.local_addr()?))
    }
}

/// Whether the head is complete and the body as long as the head announces.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let announced = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse::<usize>().ok())
        .unwrap_or(0);
    request.len() >= head.len() + 4 + announced
}

/// A response with this status line, these headers, this body and its length.
pub fn answer(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!(
        "content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    ));
    [head.as_bytes(), body].concat()
}

/// A response with a JSON body.
pub fn json(status: &str, body: &str) -> Vec<u8> {
    let headers = [("content-type", "application/json")];
    answer(status, &headers, body.as_bytes())
}

/// The method and target of a request.
pub fn request_line(request: &[u8]) -> String {
    let text = String::from_utf8_lossy(request);
    let line = text.lines().next().unwrap_or_default();
    line.trim_end_matches(" HTTP/1.1").to_owned()
}
