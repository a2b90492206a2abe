//! The README and the facade agree with the specs.

use std::fs;

fn readme() -> String {
    fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap()
}

#[test]
fn the_table_of_operations_matches_the_specs() {
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
            "{row}\ndoes not start with\n{start}"
        );
        assert!(
            row.contains(&format!("]({})", operation.reference.unwrap())),
            "{row} has another source"
        );
    }
}

#[test]
fn the_permissions_match_the_spec() {
    let permissions = seats::datadog::api::operations::UNASSIGN_SEATS_USER
        .permissions
        .join("`, `");
    assert!(readme().contains(&format!("`{permissions}`")));
}

#[test]
fn the_variables_match_the_specs() {
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
fn the_spec_requires_at_least_one_user() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/datadog-seats.yaml");
    let text = fs::read_to_string(file).unwrap();
    let spec: serde_json::Value = serde_saphyr::from_str(&text).unwrap();
    let schema = "/components/schemas/UnassignSeatsUserRequestDataAttributes";
    let least = spec.pointer(&format!("{schema}/properties/user_uuids/minItems"));
    assert_eq!(least.unwrap(), 1);
}
