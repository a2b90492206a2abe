//! `--sandbox`: the sandbox for one command, and what it knows.

use std::io::{self, Write};

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

/// How the vendor answered, as far as it matters to who uses a sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answered {
    /// Well, or not at all.
    Otherwise,
    /// It was not asked, because nothing is to be sent.
    DryRun,
    /// It refused.
    Refusal,
}

impl Answered {
    /// What the error of a call says.
    pub fn by(error: &Error) -> Self {
        if error.kind() == ErrorKind::DryRun {
            Self::DryRun
        } else if error.status().is_some() {
            Self::Refusal
        } else {
            Self::Otherwise
        }
    }
}

/// The seats that a sandbox knows, as arguments; none where there is no sandbox.
pub fn datadog_seats(sandbox: Option<&Sandbox>) -> Vec<String> {
    let seats = sandbox.map(Sandbox::datadog_seats).unwrap_or_default();
    let arguments = seats
        .iter()
        .map(|seat| format!("--product {} {}", seat.product_code, seat.user_uuid));
    arguments.collect()
}

/// As [`datadog_seats`], for the Store.
pub fn store_seats(sandbox: Option<&Sandbox>) -> Vec<String> {
    let seats = sandbox.map(Sandbox::store_seats).unwrap_or_default();
    let arguments = seats.iter().map(|seat| {
        let offline = if seat.offline {
            "   (offline licence)"
        } else {
            ""
        };
        format!(
            "{} {} {}{offline}",
            seat.product_id, seat.sku_id, seat.username
        )
    });
    arguments.collect()
}

/// What helps after an answer, where these are the seats of a sandbox as it began.
pub fn hint(answered: Answered, seats: &[String]) -> Vec<String> {
    if seats.is_empty() {
        return Vec::new();
    }
    let heading = match answered {
        Answered::Otherwise => return Vec::new(),
        Answered::DryRun => {
            let ended =
                "the sandbox ends with this command; nothing listens at its address any more";
            return vec![ended.to_owned()];
        }
        Answered::Refusal => {
            "the sandbox begins anew with each command, and knows these seats:".to_owned()
        }
    };
    [heading]
        .into_iter()
        .chain(seats.iter().map(|seat| format!("  {seat}")))
        .collect()
}

/// Says the hint on stderr, whatever the output.
pub fn say(hint: &[String]) {
    for line in hint {
        drop(writeln!(io::stderr(), "{line}"));
    }
}
