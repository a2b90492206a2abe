//! Off-boards people: plans, applies, resumes and undoes taking back their seats.

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
