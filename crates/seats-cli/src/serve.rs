//! `seats sandbox`: both vendors on this machine, for as long as it takes.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use seats_sandbox::{Arrival, Builder, Outcome, Sandbox, StartError, Tenant};

use crate::interruption::Signals;
use crate::notes::Notes;
use crate::printable;

/// The help after the options of `seats sandbox`.
pub const EXAMPLE: &str = "\
Example, in a POSIX shell:
  seats sandbox >sandbox.env &
  . ./sandbox.env                  # once the file has its lines
  seats store reclaim 9NBLGGH4R2R6 0016 ada@contoso.example

The documents of the crate seats-sandbox (cargo doc --package seats-sandbox --open) have the form of
both files: Seed and Faults.";

/// The arguments of `seats sandbox`.
#[derive(Debug, Args)]
pub struct Serve {
    /// The port to listen on [default: any that is free]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// The tenants, users, products and seats to begin with, as YAML
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// What goes wrong, at which call of which operation, as YAML
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
}

impl Serve {
    fn builder(&self, notes: Notes) -> Builder {
        let mut builder = Sandbox::builder()
            .port(self.port)
            .on_arrival(move |arrival| notes.say(note(arrival)));
        if let Some(seed) = &self.seed {
            builder = builder.seed_file(seed);
        }
        if let Some(faults) = &self.faults {
            builder = builder.faults_file(faults);
        }
        builder
    }
}

/// Serves until somebody ends it.
pub async fn run(arguments: &Serve) -> ExitCode {
    // Before anybody is told that it is there: who reads the lines may end it at once.
    let mut signals = match Signals::begin() {
        Ok(signals) => signals,
        Err(error) => return fail(&error.to_string()),
    };
    let notes = match Notes::begin() {
        Ok(notes) => notes,
        Err(error) => return fail(&error.to_string()),
    };
    let sandbox = match arguments.builder(notes.clone()).start().await {
        Ok(sandbox) => sandbox,
        Err(error) => return fail(&explain(&error)),
    };
    // A reader that goes away has its reasons; the sandbox is there all the same.
    let mut stdout = io::stdout();
    drop(stdout.write_all(introduction(&sandbox).as_bytes()));
    drop(stdout.flush());
    signals.next().await;
    notes.end();
    ExitCode::SUCCESS
}

fn fail(message: &str) -> ExitCode {
    eprintln!("error: {message}");
    ExitCode::from(2)
}

fn explain(error: &StartError) -> String {
    match error {
        StartError::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse => {
            format!("{error}\nhelp: name another --port, or none for any that is free")
        }
        _ => error.to_string(),
    }
}

/// The environment that leads `seats` here, as a shell reads it.
fn introduction(sandbox: &Sandbox) -> String {
    let mut lines = vec!["# Both vendors, on this machine, until Ctrl-C.".to_owned()];
    let tenants = sandbox.tenants();
    let first = tenants.first();
    let of_first = |field: fn(&Tenant) -> &String| first.map(field).cloned().unwrap_or_default();
    for (name, value) in [
        ("SEATS_DATADOG_URL", sandbox.datadog_url()),
        ("SEATS_STORE_URL", sandbox.store_url()),
        ("DD_API_KEY", of_first(|tenant| &tenant.api_key)),
        ("DD_APP_KEY", of_first(|tenant| &tenant.application_key)),
        ("SEATS_STORE_TOKEN", of_first(|tenant| &tenant.store_token)),
    ] {
        lines.push(format!("export {name}={}", shell_words::quote(&value)));
    }
    lines.push("# To have a token fetched, in place of SEATS_STORE_TOKEN:".to_owned());
    lines.push("# unset SEATS_STORE_TOKEN".to_owned());
    for (name, value) in [
        ("AZURE_AUTHORITY_HOST", sandbox.authority_url()),
        ("AZURE_TENANT_ID", of_first(|tenant| &tenant.tenant_id)),
        ("AZURE_CLIENT_ID", of_first(|tenant| &tenant.client_id)),
        (
            "AZURE_CLIENT_SECRET",
            of_first(|tenant| &tenant.client_secret),
        ),
    ] {
        lines.push(format!("# export {name}={}", shell_words::quote(&value)));
    }
    lines.join("\n") + "\n"
}

/// One line a request; the log has no secret in it.
fn note(arrival: &Arrival) -> String {
    let outcome = match arrival.outcome {
        Outcome::Answered(status) => status.to_string(),
        Outcome::Cut(status) => format!("{status}, cut"),
        Outcome::Lost => "acted out, no answer".to_owned(),
        Outcome::Closed => "not acted out, no answer".to_owned(),
        _ => String::new(),
    };
    let target = printable::text(&arrival.target);
    format!("{} {target} {outcome}", arrival.method)
}
