//! `--sandbox`: the sandbox for one command, and what it knows.

use seats::{Error, ErrorKind};
use seats_sandbox::Sandbox;

/// A sandbox, where one is asked for.
///
/// # Errors
/// It cannot listen on this machine.
pub async fn start_if(wanted: bool) -> Result<Option<Sandbox>, String> {
    if !wanted {
        return Ok(None);
    }
    Sandbox::start()
        .await
        .map(Some)
        .map_err(|error| format!("--sandbox: cannot start the sandbox: {error}"))
}

/// Which seats there are, after an answer of the sandbox that refuses.
pub fn hint_datadog(error: &Error, sandbox: Option<&Sandbox>) -> Vec<String> {
    let seats = sandbox.map(Sandbox::datadog_seats).unwrap_or_default();
    hint(
        error,
        seats
            .iter()
            .map(|seat| format!("--product {} {}", seat.product_code, seat.user_uuid)),
    )
}

/// As [`hint_datadog`], for the Store.
pub fn hint_store(error: &Error, sandbox: Option<&Sandbox>) -> Vec<String> {
    let seats = sandbox.map(Sandbox::store_seats).unwrap_or_default();
    hint(
        error,
        seats.iter().map(|seat| {
            let offline = if seat.offline {
                "   (offline licence)"
            } else {
                ""
            };
            format!(
                "{} {} {}{offline}",
                seat.product_id, seat.sku_id, seat.username
            )
        }),
    )
}

fn hint(error: &Error, seats: impl ExactSizeIterator<Item = String>) -> Vec<String> {
    if error.kind() == ErrorKind::DryRun && seats.len() > 0 {
        return vec![
            "the sandbox ends with this command; nothing listens at its address any more"
                .to_owned(),
        ];
    }
    if error.status().is_none() || seats.len() == 0 {
        return Vec::new();
    }
    let heading = "the sandbox begins anew with each command, and knows these seats:".to_owned();
    [heading]
        .into_iter()
        .chain(seats.map(|seat| format!("  {seat}")))
        .collect()
}
