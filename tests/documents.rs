//! What the code assumes about the specs.

/// The facade refuses an empty list because the spec does.
#[test]
fn a_list_of_users_has_at_least_one() {
    let sources = xtask::spec::read_all(&xtask::workspace_root()).unwrap();
    let datadog = sources
        .iter()
        .find(|source| source.name == "datadog-seats")
        .unwrap();
    let path = [
        "components",
        "schemas",
        "UnassignSeatsUserRequestDataAttributes",
        "properties",
        "user_uuids",
    ];
    let least = datadog
        .root
        .at(path)
        .and_then(|node| node.get("minItems"))
        .unwrap();
    assert_eq!(least.to_json(), 1);
}
