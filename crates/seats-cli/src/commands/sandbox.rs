//! `seats sandbox`: serves both vendors on this machine until it is interrupted.

use std::io;

use seats_sandbox::{Arrival, Builder, Outcome, Sandbox, StartError, Tenant};

use crate::arguments;
use crate::outcome::Ending;
use crate::output::{QueuedStderr, printable, streams};
use crate::run::Signals;

/// Serves until it is interrupted, and returns the exit code.
pub async fn run(arguments: &arguments::Sandbox) -> u8 {
    match serve(arguments).await {
        Ok(exit_code) => exit_code,
        Err(message) => {
            streams::stderr(&printable::lines(&format!("error: {message}\n")));
            Ending::InvalidInput.exit_code()
        }
    }
}

async fn serve(arguments: &arguments::Sandbox) -> Result<u8, String> {
    // Before the environment is printed: its reader may interrupt at once.
    let mut signals = Signals::catch().map_err(|error| error.to_string())?;
    let log = QueuedStderr::start().map_err(|error| error.to_string())?;
    let sandbox = builder(arguments, log.clone()).start().await;
    let sandbox = sandbox.map_err(|error| explain(&error))?;
    match streams::stdout(&environment(&sandbox)) {
        Ok(()) => {}
        // A reader that has gone has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => {
            streams::unwritten("the environment", &error);
            return Ok(Ending::Refused.exit_code());
        }
    }
    signals.next().await;
    log.finish();
    Ok(Ending::Done.exit_code())
}

fn builder(arguments: &arguments::Sandbox, log: QueuedStderr) -> Builder {
    let mut builder = Sandbox::builder()
        .port(arguments.port)
        .on_arrival(move |arrival| log.write(log_line(arrival)));
    if let Some(seed) = &arguments.seed {
        builder = builder.seed_file(seed);
    }
    if let Some(faults) = &arguments.faults {
        builder = builder.faults_file(faults);
    }
    builder
}

fn explain(error: &StartError) -> String {
    match error {
        StartError::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse => {
            format!("{error}\nhelp: choose another --port, or omit it for any free port")
        }
        _ => error.to_string(),
    }
}

/// Returns the environment that points `seats` at the sandbox, as a shell reads it.
fn environment(sandbox: &Sandbox) -> String {
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
    lines.push("# To fetch a token, instead of SEATS_STORE_TOKEN:".to_owned());
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

/// Returns the log line of a request; it contains no secret.
fn log_line(arrival: &Arrival) -> String {
    let outcome = match arrival.outcome {
        Outcome::Answered(status) => status.to_string(),
        Outcome::Cut(status) => format!("{status}, truncated"),
        Outcome::Lost => "executed, no response".to_owned(),
        Outcome::Closed => "not executed, no response".to_owned(),
        _ => String::new(),
    };
    format!("{} {} {outcome}", arrival.method, arrival.target)
}
