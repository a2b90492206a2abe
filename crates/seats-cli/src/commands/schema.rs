//! `seats schema`: prints the schema of a document.

use seats_offboard::plan_schema;

use crate::arguments::Schema;
use crate::output::streams;

/// Prints the schema, and returns the exit code.
pub fn run(arguments: &Schema) -> u8 {
    let Schema::Plan = arguments;
    match serde_json::to_string_pretty(&plan_schema()) {
        Ok(schema) => streams::print("the schema", &(schema + "\n")),
        Err(error) => {
            streams::note(&format!("error: {error}"));
            1
        }
    }
}
