//! A loopback server that gives one response to everything, and keeps what it was sent.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use crate::Failure;

/// A loopback server that gives one response to everything, and keeps what it was sent.
pub struct Vendor {
    pub url: String,
    requests: Receiver<Vec<String>>,
}

impl Vendor {
    /// Starts it; `response` is the status line and headers without their end, then the body.
    pub fn start(head: &str, body: &str) -> Result<Self, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let length = match body.len() {
            0 => String::new(),
            length => format!("content-length: {length}\r\n"),
        };
        let response = format!("HTTP/1.1 {head}\r\n{length}connection: close\r\n\r\n{body}");
        let (sender, requests) = channel();
        thread::spawn(move || serve(&listener, &response, &sender));
        Ok(Self { url, requests })
    }

    /// The lines of the first request's head; None if nothing was sent.
    pub fn request(&self) -> Option<Vec<String>> {
        self.requests.try_recv().ok()
    }
}

/// The value of a header of this request.
pub fn header(request: &[String], name: &str) -> String {
    let found = request.iter().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    });
    found.unwrap_or_else(|| "none".to_owned())
}

fn serve(listener: &TcpListener, response: &str, requests: &Sender<Vec<String>>) {
    for stream in listener.incoming().flatten() {
        // A client that breaks off has its own error.
        let _ = answer(stream, response, requests);
    }
}

fn answer(
    mut stream: TcpStream,
    response: &str,
    requests: &Sender<Vec<String>>,
) -> Result<(), Failure> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        head.push(line);
    }
    let length = header(&head, "content-length").parse().unwrap_or_default();
    reader.take(length).read_to_end(&mut Vec::new())?;
    requests.send(head)?;
    stream.write_all(response.as_bytes())?;
    Ok(())
}
