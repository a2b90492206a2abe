//! Measures runs: how long they take, and how much memory. Build it with `--release`; each line below is a
//! process of its own, since the peak of its memory is measured.
//!
//! ```text
//! measure plan plan.json 1000000              # orphans of a product with a million holders
//! measure apply plan.json plan.ledger 500000  # stops after so many rows
//! measure apply plan.json plan.ledger         # goes on
//! measure store 1000 8                        # seats in the Store's sandbox, so many calls at once
//! measure bare 1000 8                         # the same calls by the facade alone
//! ```
//!
//! The last two need `seats sandbox` in another process, with its variables set and a seed whose product
//! 9NBLGGH4R2R6/0016 has seats of `user-1@contoso.example` and so on.

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};
use seats_offboard::{
    Account, Action, Basis, CallEnd, CallReport, Checks, Event, HeldSeat, Holder, Identity,
    IdentityKind, Ledger, Lookup, MaxShare, People, Person, PlanBuilder, PlanHead, PlanWriter,
    Product, ProductOffer, ReadOptions, Row, Run, RunOptions, STORE, SqliteLedger, Store, Vendor,
    VendorError, VendorName, prepare,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let began = Instant::now();
    match words.as_slice() {
        ["plan", path, holders] => plan(path, holders.parse()?).await?,
        ["apply", plan, ledger] => apply(plan, ledger, u64::MAX).await?,
        ["apply", plan, ledger, rows] => apply(plan, ledger, rows.parse()?).await?,
        ["store", seats, calls] => store(seats.parse()?, calls.parse()?).await?,
        ["bare", seats, calls] => bare(seats.parse()?, calls.parse()?).await?,
        _ => return Err("plan, apply, store or bare; see the example's first lines".into()),
    }
    println!("{:.2?} in all, {}", began.elapsed(), peak());
    Ok(())
}

/// The process's peak resident memory, from `/proc`.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.unwrap_or("no peak of memory is known here").to_owned()
}

/// A vendor with any number of holders, which takes no memory for them.
struct Crowd(u64);

impl Crowd {
    fn product() -> Product {
        Product {
            vendor: VendorName::new("crowd"),
            id: "editor".to_owned(),
            sku: None,
        }
    }
}

impl Vendor for Crowd {
    fn account(&self) -> Account {
        Account {
            vendor: VendorName::new("crowd"),
            url: "crowd:".to_owned(),
            tenant: None,
        }
    }

    fn lookup(&self) -> Lookup {
        Lookup::ByProduct
    }

    fn products(&self) -> BoxFuture<'_, std::result::Result<Vec<ProductOffer>, VendorError>> {
        let offer = ProductOffer {
            product: Self::product(),
            reclaimable: true,
        };
        async { Ok(vec![offer]) }.boxed()
    }

    fn holders<'a>(
        &'a self,
        _: &'a Product,
    ) -> BoxStream<'a, std::result::Result<Holder, VendorError>> {
        stream::iter((1..=self.0).map(|n| {
            let user = format!("user-{n}@contoso.example");
            Ok(Holder {
                identities: vec![Identity {
                    kind: IdentityKind::Name,
                    value: user.clone(),
                }],
                user: Some(user),
                held_since: Some("2025-01-14T09:30:00Z".to_owned()),
            })
        }))
        .boxed()
    }

    fn holds<'a>(
        &'a self,
        _: &'a Product,
        users: &'a [String],
    ) -> BoxFuture<'a, Vec<std::result::Result<bool, VendorError>>> {
        async { users.iter().map(|_| Ok(false)).collect() }.boxed()
    }

    fn change<'a>(
        &'a self,
        _: Action,
        _: &'a Product,
        users: &'a [String],
    ) -> BoxFuture<'a, Vec<CallReport>> {
        async { vec![CallReport::new(CallEnd::Done); users.len()] }.boxed()
    }
}

async fn plan(path: &str, holders: u64) -> Result<()> {
    let builder = PlanBuilder::new(vec![Arc::new(Crowd(holders)) as Arc<dyn Vendor>]);
    let staff = People::read(
        &b"email\nsomebody@contoso.example\n"[..],
        &ReadOptions::default(),
    )?;
    let most: MaxShare = "100%".parse()?;
    let basis = Basis::EveryoneExcept { max_share: 1.0 };
    let mut writer = PlanWriter::new(
        BufWriter::new(File::create(path)?),
        builder.head(basis).await?,
    )?;
    builder
        .everyone_except_into(&staff, most, &mut writer, &mut |_| {})
        .await?;
    let (_, hash, totals) = writer.finish()?;
    println!("{} rows, {hash}", totals.seats);
    Ok(())
}

async fn apply(plan: &str, ledger: &str, rows: u64) -> Result<()> {
    let ledger = Arc::new(SqliteLedger::open(ledger)?);
    let vendors: Vec<Arc<dyn Vendor>> = vec![Arc::new(Crowd(2_000_000))];
    let began = Instant::now();
    let applied = prepare(File::open(plan)?, ledger.as_ref(), &Checks::new(&vendors))?;
    println!(
        "{} of {} rows are to do; prepared in {:.2?}",
        applied.counts.open(),
        applied.counts.total(),
        began.elapsed()
    );
    let mut options = RunOptions::default();
    options.concurrency = NonZeroUsize::new(64).unwrap_or(NonZeroUsize::MIN);
    finish(Run::new(ledger, vendors, options), rows).await
}

async fn finish(run: Run, rows: u64) -> Result<()> {
    let mut events = run.start();
    let mut ended = 0;
    let began = Instant::now();
    while let Some(event) = events.next().await {
        match event? {
            Event::Ended(_) => {
                ended += 1;
                if ended == rows {
                    events.stop();
                }
            }
            Event::Finished(end) => {
                let time = began.elapsed();
                let states: Vec<String> = end
                    .counts
                    .each()
                    .map(|(state, rows)| format!("{rows} {state}"))
                    .collect();
                println!(
                    "{ended} rows in {time:.2?}, {:.0} a second; {}",
                    rate(ended, time),
                    states.join(", ")
                );
            }
            _ => {}
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "it is shown without decimals")]
fn rate(rows: u64, time: Duration) -> f64 {
    rows as f64 / time.as_secs_f64()
}

fn seat(n: u32) -> Row {
    let user = format!("user-{n}@contoso.example");
    Row::Change {
        person: Person {
            line: Some(u64::from(n)),
            name: None,
            identities: vec![Identity {
                kind: IdentityKind::Name,
                value: user.clone(),
            }],
        },
        seat: HeldSeat {
            product: Product {
                vendor: STORE,
                id: "9NBLGGH4R2R6".to_owned(),
                sku: Some("0016".to_owned()),
            },
            user,
            held_since: None,
        },
    }
}

async fn store(seats: u32, calls: usize) -> Result<()> {
    let vendor: Arc<dyn Vendor> = Arc::new(Store::new(seats::store::Client::from_env()?, None));
    let builder = PlanBuilder::new(vec![Arc::clone(&vendor)]);
    let head: PlanHead = builder.head(Basis::Leavers).await?;
    let mut document = Vec::new();
    let mut writer = PlanWriter::new(&mut document, head)?;
    (1..=seats).map(seat).try_for_each(|row| writer.row(&row))?;
    writer.finish()?;
    let folder = std::env::temp_dir().join(format!("measure-{}", std::process::id()));
    std::fs::create_dir(&folder)?;
    let ledger: Arc<dyn Ledger> = Arc::new(SqliteLedger::open(folder.join("ledger"))?);
    let vendors = vec![vendor];
    prepare(document.as_slice(), ledger.as_ref(), &Checks::new(&vendors))?;
    let mut options = RunOptions::default();
    options.concurrency = NonZeroUsize::new(calls).unwrap_or(NonZeroUsize::MIN);
    options.bulk_from = None;
    finish(Run::new(ledger, vendors, options), u64::MAX).await?;
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

async fn bare(seats: u32, calls: usize) -> Result<()> {
    let client = seats::store::Client::from_env()?;
    let users = (1..=seats).map(|n| format!("user-{n}@contoso.example"));
    let calls = NonZeroUsize::new(calls).unwrap_or(NonZeroUsize::MIN);
    let began = Instant::now();
    let mut outcomes = client
        .reclaim_each("9NBLGGH4R2R6", "0016", users)?
        .concurrency(calls);
    let mut done = 0;
    while let Some(outcome) = outcomes.next().await {
        done += u64::from(outcome.fate.is_success());
    }
    let time = began.elapsed();
    println!(
        "{done} rows in {time:.2?}, {:.0} a second",
        rate(done, time)
    );
    Ok(())
}
