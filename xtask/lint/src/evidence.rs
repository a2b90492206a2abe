//! Every operation is known from somewhere, where the document wants that.

use spec::evidence::{self, EXTENSION};
use spec::{Diagnostic, Node, Rule, Source};

pub(super) fn check(source: &Source) -> Vec<Diagnostic> {
    if !evidence::is_required(source) {
        return Vec::new();
    }
    let is_text = |node: &Node| node.as_str().is_some_and(|text| !text.trim().is_empty());
    // What the whole document is known from says nothing of an operation that was added later.
    let own = [["externalDocs", "url"], [EXTENSION, "source"]];
    let operations = source.operations().into_iter();
    operations
        .filter(|operation| !own.iter().any(|path| operation.node.at(*path).is_some_and(is_text)))
        .map(|operation| {
            let name = operation.id().unwrap_or(&operation.path.name);
            let message = format!("nothing says where `{name}` is known from");
            source
                .error(Rule::EvidenceRequired, &operation.method.place, message)
                .help("add `externalDocs` with the page of this operation, or `x-evidence` with its own `source`")
        })
        .collect()
}
