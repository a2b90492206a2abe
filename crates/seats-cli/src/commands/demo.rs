//! `seats demo`: calls to both vendors in a sandbox, each of them twice.

use std::error::Error as StdError;
use std::fmt::Display;
use std::io;

use seats::reqwest::StatusCode;
use seats::{Done, Effect, Error, RequestRecord, datadog, store};
use seats_sandbox::{API_KEY, APPLICATION_KEY, STORE_TOKEN, Sandbox};

use crate::outcome::Ending;
use crate::output::{printable, streams};

/// Runs the demonstration, and returns the exit code.
pub async fn run() -> u8 {
    let error = match demonstrate().await {
        Ok(()) => return Ending::Done.exit_code(),
        Err(error) => error,
    };
    match error.downcast_ref::<io::Error>() {
        // The reader has read enough.
        Some(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            return Ending::Done.exit_code();
        }
        Some(error) => streams::unwritten("the demonstration", error),
        None => streams::note(&format!("error: {error}")),
    }
    Ending::Refused.exit_code()
}

async fn demonstrate() -> Result<(), Box<dyn StdError>> {
    // As text: an error of the system is none of stdout.
    let sandbox = Sandbox::start().await.map_err(|error| error.to_string())?;
    streams::stdout("Both vendors, in a sandbox on this machine: nothing leaves it.\n\n")?;
    unassign(&sandbox).await?;
    reclaim(&sandbox).await?;
    streams::stdout(
        "Next: `seats datadog --help`, `seats store --help`; their commands take --sandbox and --dry-run.\n",
    )?;
    Ok(())
}

async fn unassign(sandbox: &Sandbox) -> Result<(), Box<dyn StdError>> {
    let client = datadog::Client::builder()
        .base_url(sandbox.datadog_url())
        .api_key(API_KEY)
        .app_key(APPLICATION_KEY)
        .build()?;
    let seats = sandbox.datadog_seats();
    let seat = seats.first().ok_or("the sandbox has no seat at Datadog")?;
    let (product, user) = (&seat.product_code, seat.user_uuid);
    show(
        "Datadog: unassign a seat from a user",
        client.unassign(product, [user]).await,
    )?;
    show(
        "Datadog: the same seat again",
        client.unassign(product, [user]).await,
    )?;
    Ok(())
}

async fn reclaim(sandbox: &Sandbox) -> Result<(), Box<dyn StdError>> {
    let client = store::Client::builder()
        .base_url(sandbox.store_url())
        .token(STORE_TOKEN)
        .build()?;
    let seats = sandbox.store_seats();
    let seat = seats.iter().find(|seat| !seat.offline);
    let seat = seat.ok_or("the sandbox has no seat in the Store")?;
    let (product, sku, user) = (&seat.product_id, &seat.sku_id, &seat.username);
    show(
        "Microsoft Store for Business: reclaim a seat from a user",
        client.reclaim(product, sku, user).await,
    )?;
    show(
        "Microsoft Store for Business: the same seat again",
        client.reclaim(product, sku, user).await,
    )?;
    Ok(())
}

/// Shows a call under its heading.
fn show<T>(heading: &str, result: Result<Done<T>, Error>) -> io::Result<()> {
    let shown = match result {
        Ok(done) => {
            let shown = exchange(done.request(), done.status(), done.body());
            shown + &effect(done.effect(), &done.messages())
        }
        Err(error) => {
            let shown = exchange(error.request(), error.status(), error.body());
            shown + &effect(error.effect(), &error.messages())
        }
    };
    streams::stdout(&format!("== {heading}\n{}\n", printable::lines(&shown)))
}

fn exchange(request: Option<&RequestRecord>, status: Option<u16>, body: &[u8]) -> String {
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    [
        request.map(|request| marked('>', request)),
        status.map(|status| marked('<', status)),
        Some(marked('<', String::from_utf8_lossy(body))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns the lines of the text, with a mark before each.
fn marked(mark: char, text: impl Display) -> String {
    let text = text.to_string();
    let lines = text
        .lines()
        .map(|line| format!("  {mark} {line}").trim_end().to_owned() + "\n");
    lines.collect()
}

fn effect(effect: Effect, messages: &[String]) -> String {
    let colon = if messages.is_empty() { "" } else { ": " };
    format!("  effect: {effect}{colon}{}\n", messages.join("; "))
}
