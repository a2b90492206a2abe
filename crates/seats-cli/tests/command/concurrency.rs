//! `--concurrency`: several calls in flight at once; the order of the output is that of the users.

use seats_tests::wire::{answer, read_request};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use crate::many::{OTHER, THIRD, done};
use crate::process::{RECLAIM, Seats, UNASSIGN, USER, seats, soon};

/// A vendor that answers when the test says so.
struct Vendor {
    listener: TcpListener,
    url: String,
}

impl Vendor {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        Self { listener, url }
    }

    fn lead(&self, run: Seats) -> Seats {
        run.signed()
            .variable("SEATS_DATADOG_URL", &self.url)
            .variable("SEATS_STORE_URL", format!("{}/V1", self.url))
    }

    /// The next request, and the stream for its answer.
    async fn request(&self) -> (String, TcpStream) {
        let (mut stream, _) = soon(self.listener.accept()).await.unwrap();
        let request = soon(read_request(&mut stream)).await.unwrap();
        (String::from_utf8(request).unwrap(), stream)
    }

    /// So many requests that are in flight at once.
    async fn requests(&self, count: usize) -> Vec<(String, TcpStream)> {
        let mut requests = Vec::new();
        for _ in 0..count {
            requests.push(self.request().await);
        }
        requests
    }
}

async fn send(mut stream: TcpStream, bytes: &[u8]) {
    stream.write_all(bytes).await.unwrap();
    stream.shutdown().await.unwrap();
}

/// The first call goes alone, so that its answer tells of a rate limit.
#[tokio::test]
async fn the_order_is_that_of_the_users() {
    let users = ["user1", "user2", "user3", "user4", "user5"];
    for (arguments, names) in [
        ([&RECLAIM[..4], &users].concat(), users.to_vec()),
        (
            [&UNASSIGN[..], &[OTHER, THIRD, "--one-by-one"]].concat(),
            vec![USER, OTHER, THIRD],
        ),
    ] {
        let vendor = Vendor::start().await;
        let run = seats(&arguments).arguments(&["--concurrency", "2"]);
        let child = vendor.lead(run).spawn();
        let (_, first) = vendor.request().await;
        send(first, &done()).await;
        let mut left = names.len() - 1;
        while left > 0 {
            // The one that came last is answered first.
            let mut requests = vendor.requests(left.min(2)).await;
            left -= requests.len();
            while let Some((_, stream)) = requests.pop() {
                send(stream, &done()).await;
            }
        }
        let output = soon(child.wait_with_output()).await.unwrap();
        let lines: String = names
            .iter()
            .map(|name| format!("done     {name}\n"))
            .collect();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), lines);
        assert_eq!(output.status.code(), Some(0));
    }
}

#[tokio::test]
async fn eight_are_in_flight_unless_another_number_is_set() {
    let users: Vec<String> = (1..=10).map(|n| format!("user{n}")).collect();
    for (options, most) in [(&[][..], 8), (&["--concurrency", "5"], 5)] {
        let vendor = Vendor::start().await;
        let run = seats(&RECLAIM[..4]).arguments(options);
        let users: Vec<&str> = users.iter().map(String::as_str).collect();
        let child = vendor.lead(run.arguments(&users)).spawn();
        let (_, first) = vendor.request().await;
        send(first, &done()).await;
        let in_flight = vendor.requests(most).await;
        for (_, stream) in in_flight {
            send(stream, &done()).await;
        }
        for (_, stream) in vendor.requests(9 - most).await {
            send(stream, &done()).await;
        }
        let output = soon(child.wait_with_output()).await.unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(output.stderr, b"10 done\n");
    }
}

/// Calls in flight end as they end; no other one is begun.
#[tokio::test]
async fn a_refusal_of_the_caller_begins_no_other_call() {
    let users = ["user1", "user2", "user3", "user4", "user5"];
    let vendor = Vendor::start().await;
    let run = seats(&RECLAIM[..4]).arguments(&users);
    let run = run.arguments(&["--concurrency", "2"]).once();
    let child = vendor.lead(run).spawn();
    let (_, first) = vendor.request().await;
    send(first, &done()).await;
    let mut requests = vendor.requests(2).await;
    requests.sort_by(|one, other| one.0.cmp(&other.0));
    let (third, second) = (requests.pop().unwrap(), requests.pop().unwrap());
    assert!(third.0.contains("/user3 "), "{}", third.0);
    let denied = answer("403 Forbidden", &[], br#"{"message":"no"}"#);
    send(second.1, &denied).await;
    let output = {
        send(third.1, &denied).await;
        soon(child.wait_with_output()).await.unwrap()
    };
    let stdout = String::from_utf8(output.stdout).unwrap();
    let reason = "reclaim_seat_from_user: the vendor answered 403 Forbidden: no; nothing changed";
    let lines = format!(
        "done     user1\nfailed   user2: {reason}\nfailed   user3: {reason}\nfailed   user4: not sent: {reason}\nfailed   user5: not sent: {reason}\n"
    );
    assert_eq!(stdout, lines);
    assert_eq!(output.status.code(), Some(4));
}

#[tokio::test]
async fn a_concurrency_that_is_none() {
    for value in ["0", "65", "x", "-1"] {
        for arguments in [&RECLAIM[..], &UNASSIGN] {
            let given = format!("--concurrency={value}");
            let ended = seats(arguments).arguments(&[&given]).run().await;
            let error = format!("invalid value '{value}' for '--concurrency <N>': must be 1 to 64");
            let words = format!("error: {error}\n\nFor more information, try '--help'.\n");
            ended.is(2, "", &words);
        }
    }
}
