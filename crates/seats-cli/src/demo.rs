//! `seats demo`: one seat taken back at each vendor, and once more, in a sandbox.

use std::error::Error as StdError;
use std::fmt::Display;
use std::io::{self, Write};

use seats::reqwest::StatusCode;
use seats::{Effect, Error, RequestRecord, datadog, store};
use seats_sandbox::{API_KEY, APPLICATION_KEY, STORE_TOKEN, Sandbox};

/// `println!`, but for a reader that goes away: that changes nothing of what is shown.
macro_rules! say {
    ($($words:tt)*) => {
        drop(writeln!(io::stdout(), $($words)*))
    };
}

/// Runs the demonstration.
///
/// # Errors
/// The sandbox cannot be started, or does not hold the seats that the demonstration is about.
pub async fn run() -> Result<(), Box<dyn StdError>> {
    let sandbox = Sandbox::start().await?;
    say!("Both vendors, in a sandbox on this machine: nothing leaves it.\n");

    let client = datadog::Client::builder()
        .base_url(sandbox.datadog_url())
        .api_key(API_KEY)
        .app_key(APPLICATION_KEY)
        .build()?;
    let seat = sandbox
        .datadog_seats()
        .into_iter()
        .next()
        .ok_or("the sandbox holds no seat at Datadog")?;
    let product = seat.product_code.parse()?;
    let user = seat.user_uuid;
    heading("Datadog: take the seat away from a user");
    show(client.unassign(&product, &[user]).await);
    heading("Datadog: the same seat once more");
    show(client.unassign(&product, &[user]).await);

    let client = store::Client::builder()
        .base_url(sandbox.store_url())
        .token(STORE_TOKEN)
        .build()?;
    let seat = sandbox
        .store_seats()
        .into_iter()
        .find(|seat| !seat.offline)
        .ok_or("the sandbox holds no seat in the Store")?;
    let ids = (
        seat.product_id.parse()?,
        seat.sku_id.parse()?,
        seat.username.parse()?,
    );
    heading("Microsoft Store for Business: reclaim a seat from a user");
    show(client.reclaim(&ids.0, &ids.1, &ids.2).await);
    heading("Microsoft Store for Business: the same seat once more");
    show(client.reclaim(&ids.0, &ids.1, &ids.2).await);

    say!(
        "Next: `seats datadog --help`, `seats store --help`; their commands take --sandbox and --dry-run."
    );
    Ok(())
}

fn heading(text: &str) {
    say!("== {text}");
}

fn show<T>(outcome: seats::Result<T>) {
    match outcome {
        Ok(done) => {
            exchange(done.request(), done.status(), done.body());
            effect(Effect::Done, "");
        }
        Err(error) => {
            exchange(error.request(), error.status(), error.body());
            effect(error.effect(), &words(&error));
        }
    }
}

fn exchange(request: Option<&RequestRecord>, status: Option<u16>, body: &[u8]) {
    if let Some(request) = request {
        lines(">", request);
    }
    if let Some(status) = status.and_then(|status| StatusCode::from_u16(status).ok()) {
        lines("<", status);
    }
    lines("<", String::from_utf8_lossy(body));
}

fn lines(mark: &str, text: impl Display) {
    for line in text.to_string().lines() {
        say!("{}", format!("  {mark} {line}").trim_end());
    }
}

fn words(error: &Error) -> String {
    format!(": {}", error.messages().join("; "))
}

fn effect(effect: Effect, words: &str) {
    say!("  effect: {effect}{words}\n");
}
