//! `--sandbox`: a sandbox for one command, and hints about its seats.

use seats_sandbox::Sandbox;

use crate::outcome::Ending;

/// Starts a sandbox, if one is wanted.
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

/// The hint that helps the user of a sandbox after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hint {
    /// None is needed.
    None,
    /// The address that a dry run shows is of no use.
    SandboxHasEnded,
    /// The vendor refused, or the seat was already free, so list the seats that there are.
    Seats,
}

impl Hint {
    /// Returns the hint that fits after a call ended like this.
    pub fn after(ending: Ending, status: Option<u16>) -> Self {
        match (ending, status) {
            (Ending::DryRun, _) => Self::SandboxHasEnded,
            (Ending::Done, _) | (_, None) => Self::None,
            (_, Some(_)) => Self::Seats,
        }
    }

    /// Returns its lines, given the seats with which a sandbox started; none if there is no sandbox.
    pub fn lines(self, seats: &[String]) -> Vec<String> {
        if seats.is_empty() {
            return Vec::new();
        }
        match self {
            Self::None => Vec::new(),
            Self::SandboxHasEnded => vec![
                "the sandbox ends with this command; nothing listens at its address any more"
                    .to_owned(),
            ],
            Self::Seats => {
                let heading = "the sandbox starts anew with each command, and has these seats:";
                let seats = seats.iter().map(|seat| format!("  {seat}"));
                [heading.to_owned()].into_iter().chain(seats).collect()
            }
        }
    }
}

/// Returns the seats of a sandbox at Datadog, as arguments; none if there is no sandbox.
pub fn datadog_seats(sandbox: Option<&Sandbox>) -> Vec<String> {
    let seats = sandbox.map(Sandbox::datadog_seats).unwrap_or_default();
    let arguments = seats
        .iter()
        .map(|seat| format!("--product {} {}", seat.product_code, seat.user_uuid));
    arguments.collect()
}

/// Returns the seats of a sandbox in the Store, as arguments; none if there is no sandbox.
pub fn store_seats(sandbox: Option<&Sandbox>) -> Vec<String> {
    let seats = sandbox.map(Sandbox::store_seats).unwrap_or_default();
    let arguments = seats.iter().map(|seat| {
        let offline = match seat.offline {
            true => "   (offline license)",
            false => "",
        };
        format!(
            "{} {} {}{offline}",
            seat.product_id, seat.sku_id, seat.username
        )
    });
    arguments.collect()
}
