//! Both vendors, in a sandbox on this machine: needs no account.
//!
//! ```sh
//! cargo run -p seats --example both_in_the_sandbox
//! ```

use seats::{datadog, store};
use seats_sandbox::{API_KEY, APPLICATION_KEY, STORE_TOKEN, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;

    let datadog = datadog::Client::builder()
        .base_url(sandbox.datadog_url())
        .api_key(API_KEY)
        .app_key(APPLICATION_KEY)
        .build()?;
    let user = "626a4e8e-64bd-409d-b80e-428f08ac0b62".parse()?;
    datadog
        .unassign(&"incident_response".parse()?, &[user])
        .await?;

    let store = store::Client::builder()
        .base_url(sandbox.store_url())
        .token(STORE_TOKEN)
        .build()?;
    let (product, sku) = ("9NBLGGH4R2R6".parse()?, "0016".parse()?);
    let ada = "ada@contoso.example".parse()?;
    store.reclaim(&product, &sku, &ada).await?;

    // The seat is gone, and the vendor says so.
    match store.reclaim(&product, &sku, &ada).await {
        Ok(_) => Err("the same seat was reclaimed twice".into()),
        Err(error) => {
            println!("{error}");
            Ok(())
        }
    }
}
