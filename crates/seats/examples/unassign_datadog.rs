//! Takes the seats of a Datadog product away from users.
//!
//! With `DD_API_KEY`, `DD_APP_KEY` and `DD_SITE` in the environment:
//!
//! ```sh
//! cargo run -p seats --example unassign_datadog -- incident_response 626a4e8e-64bd-409d-b80e-428f08ac0b62
//! ```

use std::process::ExitCode;

use seats::{Effect, datadog};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let product = arguments.next().ok_or("which product, and which users?")?;

    let client = datadog::Client::from_env()?;
    match client.unassign(product, arguments).await {
        Ok(done) => println!(
            "done, request {}",
            done.request_id().unwrap_or("without an id")
        ),
        Err(error) if error.effect() == Effect::Unknown => {
            println!("{error}\nlook at the list of seats before you try again");
            return Ok(ExitCode::from(3));
        }
        Err(error) => return Err(error.into()),
    }
    Ok(ExitCode::SUCCESS)
}
