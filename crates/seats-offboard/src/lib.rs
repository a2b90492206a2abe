//! Off-boards people: plans, applies, resumes and undoes taking back their seats.
//!
//! 1. [`People::read`] reads the list of people who have left, as a personnel department sends it.
//! 2. [`PlanBuilder`] finds the seats that they hold. It only reads. The [`Plan`] is a JSON document with a
//!    hash; [`PlanWriter`] and [`read_plan`] write and read it row by row.
//! 3. [`prepare`] checks the plan and brings it into a [`Ledger`]: a [`SqliteLedger`], or a [`MemoryLedger`]
//!    for tests.
//! 4. [`Run`] takes the seats back and reports it as a stream of [`Event`]s. A run that was stopped, or killed
//!    at any moment, goes on with the same ledger.
//! 5. [`Summary`], [`write_csv`] and [`write_html`] say what became of it.
//! 6. [`PlanBuilder::undo`] plans to give back exactly what a run took.
//!
//! Vendors are behind the trait [`Vendor`]: [`Datadog`] and [`Store`] implement it over the crate `seats`, and
//! [`MemoryVendor`] for tests. There is an example at [`Run`].
//!
//! # What a run promises
//!
//! - An intent is durable in the ledger before its request is sent, and an outcome before the next request.
//! - A row that has ended is left alone. A row with an intent and no outcome is read at the vendor first, and
//!   begun again only if its seat is still held.
//! - A row whose outcome is unknown is read again before the run ends; if it cannot be read, it stays unknown.
//! - If the ledger cannot be written, nothing more is sent.
//!
//! # Runtime
//!
//! Runs need a tokio runtime, of either flavor, as the clients of `seats` do. A ledger in SQLite has a thread
//! of its own for its commits; its reads are short, and block.

mod config;
mod ledger;
mod people;
mod plan;
mod record;
mod run;
mod vendor;

pub use config::{
    Config, ConfigError, ConfigFile, DatadogConfig, Money, Prices, RetryConfig, Source, Sourced,
    StoreConfig,
};
pub use ledger::{
    Entry, Ledger, LedgerError, LedgerPlan, LedgerRow, Load, MemoryLedger, RowId, RowOutcome,
    RowQuery, RowState, SCHEMA, Session, SqliteLedger,
};
pub use people::{
    ColumnError, Identity, IdentityKey, IdentityKind, People, PeopleError, Person, ReadOptions,
    UnusableLine, UnusableReason,
};
pub use plan::{
    Basis, FORMAT, HeldSeat, MaxShare, Plan, PlanBuilder, PlanEnd, PlanError, PlanHead,
    PlanProgress, PlanReadError, PlanWriter, ProductShare, ProductTotal, Row, RowSink, Totals,
    UndecidedReason, plan_schema, read_plan,
};
pub use record::{CsvRows, ProductSummary, Savings, Summary, write_csv, write_html};
pub use run::{
    Applied, ApplyError, Checks, Counts, Event, Events, Run, RunEnd, RunError, RunOptions,
    StopReason, prepare,
};
pub use vendor::{
    Account, Action, CallEnd, CallReport, DATADOG, Datadog, Found, FoundSeat, Holder, Lookup,
    MemoryVendor, Product, ProductOffer, STORE, Store, Vendor, VendorError, VendorErrorKind,
    VendorName,
};
