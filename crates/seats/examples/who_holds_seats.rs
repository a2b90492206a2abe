//! Who holds the seats of a product, and taking them back: in a sandbox, so it needs no account.
//!
//! ```sh
//! cargo run -p seats --example who_holds_seats
//! ```

use seats::store::{self, SeatAction, Username};
use seats_sandbox::{STORE_TOKEN, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let store = store::Client::builder()
        .base_url(sandbox.store_url())
        .token(STORE_TOKEN)
        .build()?;
    let (product, sku) = ("9NBLGGH4R2R6".parse()?, "0016".parse()?);

    // A page at a time, however long the list is.
    let mut holders: Vec<Username> = Vec::new();
    let mut seats = store.seats(&product, &sku).page_size(2)?;
    while let Some(seat) = seats.next().await {
        if let Some(holder) = seat?.assigned_to() {
            holders.push(holder.parse()?);
        }
    }

    // One of them holds no seat; that does not keep the others from losing theirs.
    holders.push("linus@contoso.example".parse()?);
    let mut outcomes = store.bulk(&product, &sku, SeatAction::Reclaim, &holders)?;
    while let Some(outcome) = outcomes.next().await {
        match outcome.fate.reason() {
            None => println!("{}: done", outcome.user.as_str()),
            Some(reason) => println!(
                "{}: {}: {reason}",
                outcome.user.as_str(),
                outcome.fate.as_str()
            ),
        }
    }

    // Did they go?
    let left = store.seats(&product, &sku).collect().await?;
    println!("{} seats are left", left.len());
    Ok(())
}
