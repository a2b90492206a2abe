//! Every operation gets a method of its own.

use std::collections::HashMap;

use spec::{Diagnostic, OperationNode, Rule, Source};

/// Methods that every generated client has already.
const TAKEN: [&str; 9] = [
    "new",
    "new_with_client",
    "api_version",
    "baseurl",
    "client",
    "inner",
    "exec",
    "pre",
    "post",
];

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    let mut found = idempotence(source);
    let mut seen: HashMap<String, OperationNode<'_>> = HashMap::new();
    for operation in source.operations() {
        let what = format!(
            "{} {}",
            operation.method.name.to_uppercase(),
            operation.path.name
        );
        let Some(id) = operation.id() else {
            found.push(
                source
                    .error(Rule::OperationIdMissing, &operation.method.place, format!("{what} has no `operationId`"))
                    .help("add `operationId: verb_and_noun` in snake case; it becomes the name of the method"),
            );
            continue;
        };
        let place = operation
            .node
            .get("operationId")
            .map_or(&operation.method.place, |node| &node.place);
        let method = method_name(id);
        if TAKEN.contains(&method.as_str()) || method.is_empty() {
            let message = format!("`{id}` cannot be the name of a method");
            found.push(
                source
                    .error(Rule::OperationIdDuplicate, place, message)
                    .help("use letters, digits and `_`, and none of the names that every client has already"),
            );
        } else if let Some(first) = seen.get(&method) {
            let message = format!(
                "`{id}` names two operations; {} {} on line {} has it too",
                first.method.name.to_uppercase(),
                first.path.name,
                first.method.place.line
            );
            found.push(
                source
                    .error(Rule::OperationIdDuplicate, place, message)
                    .help("give each operation an `operationId` of its own; case and punctuation do not count"),
            );
        } else {
            seen.insert(method, operation);
        }
    }
    found
}

/// Whether a request is sent again after its answer was lost depends on this.
fn idempotence(source: &Source) -> Vec<Diagnostic> {
    source
        .operations()
        .into_iter()
        .filter(|operation| {
            matches!(operation.method.name.as_str(), "post" | "patch" | "delete")
                && operation.node.get("x-idempotent").is_none()
        })
        .map(|operation| {
            let message = format!(
                "{} {} does not say whether it is idempotent",
                operation.method.name.to_uppercase(),
                operation.path.name
            );
            source
                .error(Rule::OperationIdempotence, &operation.method.place, message)
                .help("add `x-idempotent: true` where sending it twice is as sending it once, and `false` where not, or where nobody knows")
        })
        .collect()
}

/// Two ids that differ in case or punctuation alone make the same method.
fn method_name(id: &str) -> String {
    let letters: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
    let lower = letters.to_lowercase();
    // The taken names are written in snake case.
    TAKEN
        .iter()
        .find(|name| name.replace('_', "") == lower)
        .map_or(lower, |name| (*name).to_owned())
}
