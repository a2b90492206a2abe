//! A long list takes no more memory than a short one.
//!
//! This test has a process of its own because it counts all allocations.

#[expect(dead_code, reason = "one client is enough here")]
#[path = "../product/clients.rs"]
mod clients;

use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpListener;
use std::ops::Range;

use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const PAGES: usize = 100;
const SEATS_PER_PAGE: usize = 100;

/// The pages at which the memory is compared; by then connections and buffers have their final size.
const MEASURED: Range<usize> = 10..PAGES;

/// An allowance for what comes and goes beside the list, such as a buffer or a timer.
const SLACK: usize = 64 * 1024;

/// Serves all pages over one connection.
fn serve(listener: &TcpListener) -> io::Result<()> {
    let (stream, _) = listener.accept()?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let mut response = stream;
    for page in 0..PAGES {
        // A GET has no body.
        for line in lines.by_ref() {
            if line?.is_empty() {
                break;
            }
        }
        let seats: Vec<String> = (0..SEATS_PER_PAGE)
            .map(|n| {
                format!(r#"{{"assignedTo":"user-{page}-{n}@contoso.example","state":"Active"}}"#)
            })
            .collect();
        let token = match page + 1 {
            PAGES => String::new(),
            next => format!(r#","continuationToken":"{next}""#),
        };
        let body = format!(r#"{{"seats":[{}]{token}}}"#, seats.join(","));
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        // One write: a second one would wait for an acknowledgement of the first.
        response.write_all((head + &body).as_bytes())?;
    }
    Ok(())
}

#[test]
fn listing_ten_thousand_seats_takes_the_memory_of_a_few_pages() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || serve(&listener));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut at_page = Vec::new();
    let mut seats = 0;
    runtime.block_on(async {
        let client = clients::store_builder(&url).build().unwrap();
        let list = client.seats("P", "0016").unwrap();
        let mut list = list.page_size(100).unwrap();
        while let Some(seat) = list.next().await {
            assert!(seat.unwrap().assigned_to().is_some());
            seats += 1;
            // The last seat of a page: this page was held in full, and the next one is not here yet.
            if seats % SEATS_PER_PAGE == 0 {
                at_page.push(ALLOCATOR.current_usage());
            }
        }
    });
    server.join().unwrap().unwrap();
    assert_eq!((seats, at_page.len()), (PAGES * SEATS_PER_PAGE, PAGES));
    let first = at_page[MEASURED.start];
    let most = at_page[MEASURED].iter().max().unwrap();
    assert!(most - first <= SLACK, "{first} bytes grew to {most}");
}
