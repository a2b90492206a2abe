//! `seats undo`: gives back exactly what a run took.

use std::fs::File;
use std::path::Path;
use std::time::SystemTime;

use seats_offboard::{Basis, Ledger, LedgerPlan, PlanBuilder, SqliteLedger, read_plan};

use super::apply::apply;
use super::failure::Failure;
use super::paths::{ledger_of, newest_ledger, undo_of};
use super::plan_file::PlanFile;
use super::plan_table;
use super::settings::Settings;
use super::vendors::{Needed, connect};
use crate::arguments;
use crate::run::start_log;

/// Plans what gives the run's seats back, and applies it; or goes on with that.
///
/// # Errors
/// There is no such run, or applying the plan fails.
pub async fn run(arguments: &arguments::Undo) -> Result<u8, Failure> {
    start_log(arguments.run.settings.verbose);
    let settings = Settings::of(&arguments.run.settings)?;
    let vendors = connect(&settings, Needed::Credentials)?;
    let ledger = match &arguments.plan {
        Some(plan) => ledger_of(plan),
        None => newest_ledger(false)?,
    };
    let path = undo_of(&ledger);
    write(&ledger, &path, &settings)?;
    apply(&path, &arguments.run, &settings, vendors).await
}

/// Writes the plan, unless it is there already.
fn write(ledger: &Path, path: &Path, settings: &Settings) -> Result<(), Failure> {
    // To write: a run that is still at work has not ended taking seats.
    if !ledger.exists() {
        return Err(Failure::input(format!(
            "there is no ledger {}: nothing was applied",
            ledger.display()
        )));
    }
    let ledger = SqliteLedger::open(ledger)?;
    let plan = ledger.plan()?;
    let plan = plan.ok_or_else(|| Failure::input("the ledger has no plan"))?;
    if path.exists() {
        return check(path, &plan);
    }
    let file = PlanFile::begin(Some(path))?;
    let mut writer = file.writer(PlanBuilder::undo_head(&ledger, SystemTime::now().into())?)?;
    PlanBuilder::undo_into(&ledger, &mut writer)?;
    writer.finish()?;
    plan_table::print(|| file.read(), settings.prices())?;
    file.keep(path)
}

/// A plan that is there has to be one that undoes this run.
fn check(path: &Path, plan: &LedgerPlan) -> Result<(), Failure> {
    let document = File::open(path)?;
    let end = read_plan(document, &mut |_| Ok(()))?;
    let undone = Basis::Undo {
        plan: plan.hash.clone(),
    };
    if end.head.basis == undone {
        Ok(())
    } else {
        Err(Failure::input(format!(
            "{} does not undo this run; move it away",
            path.display()
        )))
    }
}
