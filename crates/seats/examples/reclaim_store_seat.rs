//! Reclaims a seat of a user in the Microsoft Store for Business.
//!
//! With a bearer token in `SEATS_STORE_TOKEN`:
//!
//! ```sh
//! cargo run -p seats --example reclaim_store_seat -- 9NBLGGH4R2R6 0016 ada@contoso.example
//! ```

use seats::store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [product, sku, username] = arguments.as_slice() else {
        return Err("which product, SKU and user?".into());
    };
    let client = store::Client::from_env()?;
    let reclaimed = client.reclaim(product, sku, username).await?;
    match reclaimed.value() {
        Some(seat) => println!(
            "reclaimed; the seat is {}",
            seat.state_text().unwrap_or("in no known state")
        ),
        None if reclaimed.is_already_free() => println!("already free"),
        None => println!("reclaimed; the response does not describe the seat"),
    }
    Ok(())
}
