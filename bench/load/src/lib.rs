//! Load generator: drives one peer and prints what its calls cost.
//!
//! Each peer is a program of its own with the same command line:
//!
//! ```text
//! peer URL CALLS CONCURRENCY [untimed]
//! ```
//!
//! It sends `DELETE /api/v2/seats/users` with one user to URL, CALLS times, CONCURRENCY at a time, and
//! prints one line of JSON. With `untimed` no call is timed, so that a count of instructions contains
//! nothing but the calls.
//!
//! The runtime has one thread: the server has the other core, and a count of instructions repeats.

mod report;
mod usage;

use std::error::Error;
use std::future::Future;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use report::{Client, Report};
use usage::Usage;

/// Any error of a peer.
pub type Failure = Box<dyn Error + Send + Sync>;

/// The product whose seats are taken away.
pub const PRODUCT: &str = "incident_response";
/// The user who loses the seat.
pub const USER: &str = "626a4e8e-64bd-409d-b80e-428f08ac0b62";
/// A key as long as Datadog's are.
pub const API_KEY: &str = "0123456789abcdef0123456789abcdef";
/// An application key as long as Datadog's are.
pub const APP_KEY: &str = "0123456789abcdef0123456789abcdef01234567";

/// Where a client that is only made, and never called, would send its requests.
const VENDOR: &str = "https://api.datadoghq.com";
const CLIENTS: usize = 9;
const CLONES: u32 = 10_000;

/// One of the clients that are compared.
pub trait Peer: Clone + Send + Sync + 'static {
    /// Creates a client for this server, signed with [`API_KEY`] and [`APP_KEY`].
    ///
    /// # Errors
    /// Any error of the client.
    fn new(url: &str) -> Result<Self, Failure>;

    /// Takes the seat of [`PRODUCT`] away from [`USER`], and reads the response to its end.
    ///
    /// # Errors
    /// Any error of the client, and any response but a 204.
    fn unassign(&self) -> impl Future<Output = Result<(), Failure>> + Send;
}

struct Arguments {
    url: String,
    calls: usize,
    concurrency: usize,
    timed: bool,
}

/// Runs this peer as the command line says.
pub fn run<P: Peer>() -> ExitCode {
    let result = arguments().and_then(|arguments| {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(measure::<P>(&arguments))
    });
    match result {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Arguments, Failure> {
    const USAGE: &str = "usage: peer URL CALLS CONCURRENCY [untimed]";
    let mut words = std::env::args().skip(1);
    let mut next = || words.next().ok_or(USAGE);
    let arguments = Arguments {
        url: next()?,
        calls: next()?.parse()?,
        concurrency: next()?.parse()?,
        timed: next().is_err(),
    };
    Ok(arguments)
}

async fn measure<P: Peer>(arguments: &Arguments) -> Result<Report, Failure> {
    if !arguments.timed {
        let peer = P::new(&arguments.url)?;
        spread(&peer, arguments).await?;
        return Ok(Report::default());
    }
    let (peer, client) = make_clients::<P>(&arguments.url).await?;
    // Opens the connections.
    let warm_up = Arguments {
        url: arguments.url.clone(),
        calls: arguments.concurrency * 2,
        ..*arguments
    };
    spread(&peer, &warm_up).await?;
    let before = Usage::now();
    let start = Instant::now();
    let latencies = spread(&peer, arguments).await?;
    let wall = start.elapsed();
    let usage = Usage::now() - before;
    Ok(Report::new(client, latencies, wall, usage))
}

/// Measures what a client costs before its first call, and that call.
async fn make_clients<P: Peer>(url: &str) -> Result<(P, Client), Failure> {
    let timed_new = |url| {
        let start = Instant::now();
        P::new(url).map(|peer| (peer, start.elapsed()))
    };
    let (_, first) = timed_new(VENDOR)?;
    let mut later = (0..CLIENTS)
        .map(|_| timed_new(VENDOR).map(|(_, took)| took))
        .collect::<Result<Vec<_>, _>>()?;
    later.sort_unstable();
    let (peer, _) = timed_new(url)?;
    let start = Instant::now();
    for _ in 0..CLONES {
        drop(std::hint::black_box(peer.clone()));
    }
    let clone = start.elapsed() / CLONES;
    let start = Instant::now();
    peer.unassign().await?;
    let client = Client {
        first,
        later: later[CLIENTS / 2],
        clone,
        first_call: start.elapsed(),
    };
    Ok((peer, client))
}

/// Makes the calls, and returns how long each took.
async fn spread<P: Peer>(peer: &P, arguments: &Arguments) -> Result<Vec<Duration>, Failure> {
    let left = Arc::new(AtomicUsize::new(arguments.calls));
    let workers: Vec<_> = (0..arguments.concurrency)
        .map(|_| tokio::spawn(work(peer.clone(), Arc::clone(&left), arguments.timed)))
        .collect();
    let mut latencies = Vec::with_capacity(arguments.calls);
    for worker in workers {
        latencies.extend(worker.await??);
    }
    Ok(latencies)
}

async fn work<P: Peer>(
    peer: P,
    left: Arc<AtomicUsize>,
    timed: bool,
) -> Result<Vec<Duration>, Failure> {
    let mut latencies = Vec::new();
    let take = |left: usize| left.checked_sub(1);
    while left
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
        .is_ok()
    {
        let start = timed.then(Instant::now);
        peer.unassign().await?;
        latencies.extend(start.map(|start| start.elapsed()));
    }
    Ok(latencies)
}
