//! The JSON Schema of a plan.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

use super::{PlanHead, Row, Totals};

/// A plan as a document. It is never built: plans are read and written row by row.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "A plan of seats")]
struct PlanDocument {
    #[serde(flatten)]
    head: PlanHead,
    /// A seat to change each, or why something is not changed.
    rows: Vec<Row>,
    /// How many rows there are of each kind.
    totals: Totals,
    /// SHA-256 over each row, then the head, then the totals, each as JSON without spaces and with a line
    /// feed after it.
    #[schemars(regex(pattern = "^sha256:[0-9a-f]{64}$"))]
    hash: String,
}

/// Returns the JSON Schema of a plan's document.
pub fn plan_schema() -> Schema {
    schema_for!(PlanDocument)
}
