//! `seats sandbox`: serves both vendors on this machine until it is interrupted.

use std::io;

use seats_sandbox::{Builder, LogEntry, Outcome, Sandbox, StartError, Tenant};

use crate::arguments;
use crate::outcome::Ending;
use crate::output::{QueuedStderr, printable, streams};
use crate::run::{Signals, child};

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
    if let Some((program, rest)) = arguments.command.split_first() {
        return child::run(program, rest, &variables(&sandbox), signals).await;
    }
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
    let mut builder = Sandbox::builder().port(arguments.port);
    // The command's own output is what its user wants to see.
    if arguments.command.is_empty() {
        builder = builder.on_request(move |entry| log.write(log_line(entry)));
    }
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

/// Returns the variables that point `seats` at the sandbox. A vendor that the first tenant does not have is
/// left out.
fn variables(sandbox: &Sandbox) -> Vec<(&'static str, String)> {
    let mut variables = Vec::new();
    if let Some(tenant) = sandbox.tenants().first() {
        if !tenant.api_key.is_empty() {
            variables.extend([
                ("SEATS_DATADOG_URL", sandbox.datadog_url()),
                ("DD_API_KEY", tenant.api_key.clone()),
                ("DD_APP_KEY", tenant.application_key.clone()),
            ]);
        }
        if !tenant.store_token.is_empty() {
            variables.extend([
                ("SEATS_STORE_URL", sandbox.store_url()),
                ("SEATS_STORE_TOKEN", tenant.store_token.clone()),
            ]);
        }
    }
    variables
}

/// Returns the environment as a shell reads it.
fn environment(sandbox: &Sandbox) -> String {
    let mut lines = vec!["# Both vendors, on this machine, until Ctrl-C.".to_owned()];
    let variables = variables(sandbox);
    lines.extend(variables.iter().map(|(name, value)| export(name, value)));
    if let Some(tenant) = sandbox
        .tenants()
        .first()
        .filter(|tenant| !tenant.store_token.is_empty())
    {
        lines.extend(authority_lines(sandbox, tenant));
    }
    lines.join("\n") + "\n"
}

fn authority_lines(sandbox: &Sandbox, tenant: &Tenant) -> Vec<String> {
    let authority = [
        ("AZURE_AUTHORITY_HOST", &sandbox.authority_url()),
        ("AZURE_TENANT_ID", &tenant.tenant_id),
        ("AZURE_CLIENT_ID", &tenant.client_id),
        ("AZURE_CLIENT_SECRET", &tenant.client_secret),
    ];
    let mut lines = vec![
        "# To fetch a token, instead of SEATS_STORE_TOKEN:".to_owned(),
        "# unset SEATS_STORE_TOKEN".to_owned(),
    ];
    lines.extend(authority.map(|(name, value)| format!("# {}", export(name, value))));
    lines
}

fn export(name: &str, value: &str) -> String {
    format!("export {name}={}", shell_words::quote(value))
}

/// Returns the log line of a request; it contains no secret.
fn log_line(entry: &LogEntry) -> String {
    let outcome = match entry.outcome {
        Outcome::Answered(status) => status.to_string(),
        Outcome::Cut(status) => format!("{status}, truncated"),
        Outcome::Lost => "executed, no response".to_owned(),
        Outcome::Closed => "not executed, no response".to_owned(),
        _ => String::new(),
    };
    format!("{} {} {outcome}", entry.method, entry.target)
}
