//! `seats apply`: applies a plan, or goes on with one.

use std::env;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use seats_offboard::{
    Action, Checks, DATADOG, Ledger, PlanEnd, RowOutcome, Run, RunEnd, RunOptions, STORE,
    SqliteLedger, StopReason, Vendor, prepare,
};

use super::confirm::confirm;
use super::failure::Failure;
use super::paths::ledger_of;
use super::settings::{Settings, variable};
use super::vendors::{Needed, connect};
use crate::arguments;
use crate::outcome::Ending;
use crate::output::streams;
use crate::run::{drive, start_log};

/// Applies the plan, and returns the exit code.
///
/// # Errors
/// The plan or its ledger cannot be used, the plan does not fit, or the answer to the question is no.
pub async fn run(plan: &Path, options: &arguments::RunOptions) -> Result<u8, Failure> {
    start_log(options.settings.verbose);
    let settings = Settings::of(&options.settings)?;
    let vendors = connect(&settings, Needed::Credentials)?;
    apply(plan, options, &settings, vendors).await
}

/// Applies the plan at these vendors.
///
/// # Errors
/// As those of [`run`].
pub async fn apply(
    plan: &Path,
    options: &arguments::RunOptions,
    settings: &Settings,
    vendors: Vec<Arc<dyn Vendor>>,
) -> Result<u8, Failure> {
    let document = File::open(plan)
        .map_err(|error| Failure::input(format!("cannot open {}: {error}", plan.display())))?;
    let path = options.ledger.clone().unwrap_or_else(|| ledger_of(plan));
    let ledger = Arc::new(SqliteLedger::open(&path)?);
    let mut checks = Checks::new(&vendors);
    checks.max_age = options.max_age;
    let applied = prepare(document, ledger.as_ref(), &checks)?;
    let open = applied.counts.open();
    let done = applied.counts.total() - open;
    if applied.is_resumed && done > 0 {
        streams::note(&format!(
            "going on with {}: {done} rows have ended, {open} are to do",
            path.display()
        ));
    }
    if open > 0 {
        confirm(&question(&applied.plan, open), options.yes)?;
    }
    let vendors = of_plan(vendors, &applied.plan);
    let run = Run::new(
        Arc::clone(&ledger) as Arc<dyn Ledger>,
        vendors,
        run_options(options, settings),
    );
    let end = drive(run.start(), open).await?;
    streams::note(&format!(
        "recorded in {}; see `seats status {}`",
        path.display(),
        plan.display()
    ));
    Ok(exit_code(&end))
}

/// The vendors that the plan is about.
fn of_plan(vendors: Vec<Arc<dyn Vendor>>, plan: &PlanEnd) -> Vec<Arc<dyn Vendor>> {
    let is_of_plan = |vendor: &Arc<dyn Vendor>| {
        let name = vendor.account().vendor;
        plan.head
            .accounts
            .iter()
            .any(|account| account.vendor == name)
    };
    vendors.into_iter().filter(is_of_plan).collect()
}

/// Returns the question before a run: the number of seats, by product and account.
fn question(plan: &PlanEnd, open: u64) -> String {
    let verb = match plan.head.action {
        Action::Reclaim => "Take back",
        Action::Assign => "Give back",
    };
    let products: Vec<String> = plan
        .totals
        .by_product
        .iter()
        .map(|total| {
            format!(
                "{} {} ({})",
                total.product.vendor, total.product, total.seats
            )
        })
        .collect();
    let accounts: Vec<String> = plan.head.accounts.iter().map(ToString::to_string).collect();
    format!(
        "{verb} {open} of {} seats: {}?\nAccount: {}.",
        plan.totals.seats,
        products.join(", "),
        accounts.join("; ")
    )
}

fn run_options(options: &arguments::RunOptions, settings: &Settings) -> RunOptions {
    let mut run = RunOptions::default();
    run.max_failures = options.max_failures;
    run.operator = operator();
    run.program = concat!("seats ", env!("CARGO_PKG_VERSION")).to_owned();
    if options.one_by_one {
        run.bulk_from = None;
    }
    match (options.concurrency, settings.concurrency()) {
        (Some(calls), _) => run.concurrency = calls,
        (None, (datadog, store)) => {
            let of_vendor = [(DATADOG, datadog), (STORE, store)].into_iter();
            run.vendor_concurrency = of_vendor
                .filter_map(|(vendor, calls)| Some((vendor, calls?)))
                .collect();
        }
    }
    run
}

/// The operating-system user, as the system's environment has it.
fn operator() -> String {
    let names = if cfg!(windows) {
        ["USERNAME", "USER"]
    } else {
        ["LOGNAME", "USER"]
    };
    let user = names.iter().find_map(|name| variable(name));
    let host = env::var("HOSTNAME").ok().filter(|host| !host.is_empty());
    let user = user.unwrap_or_else(|| "unknown".to_owned());
    host.map_or(user.clone(), |host| format!("{user}@{host}"))
}

/// The worst row counts. A run that stopped early has rows to do.
fn exit_code(end: &RunEnd) -> u8 {
    let any = |outcome: RowOutcome| end.counts.ended(outcome) > 0;
    let denied = matches!(end.stopped, Some(StopReason::AccessDenied { .. }));
    let ending = if any(RowOutcome::Unknown) || end.counts.of(seats_offboard::RowState::Begun) > 0 {
        Ending::Unknown
    } else if denied {
        Ending::Denied
    } else if any(RowOutcome::Refused) {
        Ending::Refused
    } else if end.counts.open() > 0 {
        Ending::TryLater
    } else {
        Ending::Done
    };
    ending.exit_code()
}
