//! A listener on loopback that answers what it is told and keeps the bytes that came.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What happens on one connection.
#[derive(Clone, Debug)]
pub enum Reply {
    /// The whole request is read, these bytes are written, and the connection is closed.
    Bytes(Vec<u8>),
    /// So many bytes of the request are read, and the connection is reset.
    ResetAfter(usize),
    /// The whole request is read, and the listener goes away before the connection does.
    Vanish,
}

/// Answers each connection once, with the next of its answers, and closes it.
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
    /// There is no port to be had.
    pub async fn start(answers: Vec<Vec<u8>>) -> io::Result<Self> {
        Self::start_with(answers.into_iter().map(Reply::Bytes).collect()).await
    }

    /// As [`start`](Self::start), with connections that end in other ways.
    ///
    /// # Errors
    /// There is no port to be had.
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

    /// The base URL of the listener.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The listener's address, as it stands in a `host` header.
    pub fn authority(&self) -> String {
        self.address.to_string()
    }

    /// Stops, and hands out the bytes of each connection in the order in which they came. A
    /// connection on which nothing was sent counts, too.
    ///
    /// # Errors
    /// A connection broke.
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
    // Who has connected by now stands in the system's queue; nobody else is waited for.
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
        // Closing with a linger of nothing sends a reset in place of an end.
        stream.set_zero_linger()?;
        return read.map(|_| part);
    }
    let request = read_request(&mut stream).await?;
    if let Some(Reply::Bytes(answer)) = reply {
        // A client that has read enough may have gone.
        let _ = stream.write_all(&answer).await;
    }
    let _ = stream.shutdown().await;
    Ok(request)
}

/// The bytes of one request, or what came of it before the connection was closed.
///
/// # Errors
/// The connection broke.
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

/// A port of 127.0.0.1 that refuses connections, and that nobody else gets while this is held.
#[derive(Debug)]
pub struct Refusing {
    // Bound, and not listening.
    socket: tokio::net::TcpSocket,
}

impl Refusing {
    /// Takes a free port.
    ///
    /// # Errors
    /// There is none to be had.
    pub fn start() -> io::Result<Self> {
        let socket = tokio::net::TcpSocket::new_v4()?;
        socket.bind((std::net::Ipv4Addr::LOCALHOST, 0).into())?;
        Ok(Self { socket })
    }

    /// The base URL that refuses.
    ///
    /// # Errors
    /// The system does not tell the port.
    pub fn url(&self) -> io::Result<String> {
        Ok(format!("http://{}", self.socket.local_addr()?))
    }
}

/// Whether the head has come, and as much of a body as it announces.
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

/// An answer with this status line, these headers and this body, and the body's length.
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
