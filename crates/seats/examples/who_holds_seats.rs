//! Lists who holds the seats of a product and takes them back: in a sandbox, so it needs no account.
//!
//! ```sh
//! cargo run -p seats --example who_holds_seats
//! ```

use seats::store::{self, SeatAction};
use seats_sandbox::{STORE_TOKEN, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let store = store::Client::builder()
        .base_url(sandbox.store_url())
        .token(STORE_TOKEN)
        .build()?;
    let product = store.product("9NBLGGH4R2R6", "0016")?;

    // A page at a time, however long the list is.
    let mut holders: Vec<String> = Vec::new();
    let mut seats = product.seats().page_size(2)?;
    while let Some(seat) = seats.next().await {
        if let Some(holder) = seat?.assigned_to() {
            holders.push(holder.to_owned());
        }
    }

    // One of them holds no seat; the others lose theirs all the same.
    holders.push("linus@contoso.example".to_owned());
    let mut outcomes = product.bulk(SeatAction::Reclaim, &holders)?;
    while let Some(outcome) = outcomes.next().await {
        match outcome.fate.reason() {
            None => println!("{}: {}", outcome.user, outcome.fate),
            Some(reason) => println!("{}: {}: {reason}", outcome.user, outcome.fate),
        }
    }

    let left: Vec<_> = product.seats().try_collect().await?;
    println!("{} seats are left", left.len());
    Ok(())
}
