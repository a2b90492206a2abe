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
    let user = "626a4e8e-64bd-409d-b80e-428f08ac0b62";
    datadog.unassign("incident_response", [user]).await?;

    let store = store::Client::builder()
        .base_url(sandbox.store_url())
        .token(STORE_TOKEN)
        .build()?;
    let product = store.product("9NBLGGH4R2R6", "0016")?;
    product.reclaim("ada@contoso.example").await?;

    // A run can be repeated: taking back a seat that nobody holds is no failure.
    let again = product.reclaim("ada@contoso.example").await?;
    println!("the second time: {}", again.effect());
    Ok(())
}
