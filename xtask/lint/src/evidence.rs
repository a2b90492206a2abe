//! Every operation is known from somewhere.

use spec::Diagnostic;
use spec::Rule;
use spec::evidence::{self, EXTENSION};
use spec::{Node, OperationNode, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    source
        .operations()
        .into_iter()
        .filter_map(|operation| operation_evidence(source, operation))
        .collect()
}

fn operation_evidence(source: &Source, operation: OperationNode<'_>) -> Option<Diagnostic> {
    let place = &operation.method.place;
    let name = operation.id().unwrap_or(&operation.path.name);
    if evidence::is_required(source) {
        // What the whole document is known from says nothing of an operation that was added later.
        let own = [&["externalDocs", "url"][..], &[EXTENSION, "source"]];
        let has_own = own
            .into_iter()
            .any(|path| operation.node.at(path.iter().copied()).is_some_and(is_text));
        if has_own {
            return None;
        }
        let message = format!("nothing says where `{name}` is known from");
        return Some(
            source
                .error(Rule::EvidenceRequired, place, message)
                .help("add `externalDocs` with the page of this operation, or `x-evidence` with its own `source`"),
        );
    }
    let known = evidence::of_operation(source, &operation);
    if known.source.is_some() && known.certainty.is_some() {
        return None;
    }
    let message = format!("nothing says where `{name}` is known from, and how well");
    Some(
        source
            .error(Rule::OperationEvidence, place, message)
            .help("add `x-evidence: {source: .., date: .., certainty: ..}` to the operation, or to the whole document"),
    )
}

fn is_text(node: &Node) -> bool {
    node.as_str().is_some_and(|text| !text.trim().is_empty())
}
