//! The README says what the specs say.

use std::fs;
use std::path::Path;

fn readme() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::read_to_string(root.join("README.md")).unwrap()
}

#[test]
fn the_table_of_operations_is_that_of_the_specs() {
    let readme = readme();
    let (_, table) = readme.split_once("## The operations\n").unwrap();
    let rows: Vec<&str> = table
        .lines()
        .skip_while(|line| !line.starts_with("|---"))
        .skip(1)
        .collect();
    let rows: Vec<&str> = rows
        .into_iter()
        .take_while(|line| line.starts_with('|'))
        .collect();
    let operations: Vec<_> = seats::datadog::api::OPERATIONS
        .iter()
        .chain(seats::store::api::OPERATIONS)
        .collect();
    assert_eq!(rows.len(), operations.len());
    for (row, operation) in rows.iter().zip(operations) {
        let start = format!(
            "| `{}` | `{} {}` | ",
            operation.id, operation.method, operation.path
        );
        assert!(
            row.starts_with(&start),
            "{row}\ndoes not begin with\n{start}"
        );
        assert!(
            row.contains(&format!("]({})", operation.reference.unwrap())),
            "{row} has another source"
        );
    }
}

#[test]
fn the_permissions_are_those_of_the_spec() {
    let permissions = seats::datadog::api::operations::UNASSIGN_SEATS_USER
        .permissions
        .join("`, `");
    assert!(readme().contains(&format!("`{permissions}`")));
}

#[test]
fn the_variables_are_those_of_the_specs() {
    let readme = readme();
    let schemes = seats::datadog::api::SECURITY_SCHEMES
        .iter()
        .chain(seats::store::api::SECURITY_SCHEMES);
    for scheme in schemes {
        assert!(
            readme.contains(&format!("`{}`", scheme.variable)),
            "{} is not in the README",
            scheme.variable
        );
    }
}

/// The facade refuses an empty list because the spec does.
#[test]
fn a_list_of_users_has_at_least_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("specs/datadog-seats.yaml")).unwrap();
    let spec: serde_json::Value = serde_saphyr::from_str(&text).unwrap();
    let schema = "/components/schemas/UnassignSeatsUserRequestDataAttributes";
    let least = spec.pointer(&format!("{schema}/properties/user_uuids/minItems"));
    assert_eq!(least.unwrap(), 1);
}
