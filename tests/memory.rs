//! A long list takes no more memory than a short one. A test program of its own: it counts what is
//! allocated.

use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpListener;
use std::ops::Range;

use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const PAGES: usize = 100;
const SEATS_TO_A_PAGE: usize = 100;

/// The pages from which the memory is looked at: by then connections and buffers are as they will be.
const LATER: Range<usize> = 10..PAGES;

/// What may come and go beside the list: a buffer, a timer.
const SLACK: usize = 64 * 1024;

/// Answers each request for a page, until the last one, over one connection.
fn serve(listener: &TcpListener) -> io::Result<()> {
    let (stream, _) = listener.accept()?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let mut answer = stream;
    for page in 0..PAGES {
        // A GET ends with its head.
        for line in lines.by_ref() {
            if line?.is_empty() {
                break;
            }
        }
        let seats: Vec<String> = (0..SEATS_TO_A_PAGE)
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
        // In one piece: the rest of a divided answer would wait for the reader's acknowledgement.
        answer.write_all((head + &body).as_bytes())?;
    }
    Ok(())
}

#[test]
fn ten_thousand_seats_are_listed_in_the_memory_of_a_few_pages() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/V1", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || serve(&listener));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut at_page = Vec::new();
    let mut seats = 0;
    runtime.block_on(async {
        let client = seats::store::Client::builder()
            .base_url(url)
            .token("token")
            .build()
            .unwrap();
        let (product, sku) = ("P".parse().unwrap(), "0016".parse().unwrap());
        let mut list = client.seats(&product, &sku).page_size(100).unwrap();
        while let Some(seat) = list.next().await {
            assert!(seat.unwrap().assigned_to().is_some());
            seats += 1;
            // The last seat of a page: the whole page has been held, and the next one is not there.
            if seats % SEATS_TO_A_PAGE == 0 {
                at_page.push(ALLOCATOR.current_usage());
            }
        }
    });
    server.join().unwrap().unwrap();
    assert_eq!((seats, at_page.len()), (PAGES * SEATS_TO_A_PAGE, PAGES));
    let first = at_page[LATER.start];
    let most = at_page[LATER].iter().max().unwrap();
    assert!(most - first <= SLACK, "{first} bytes became {most}");
}
