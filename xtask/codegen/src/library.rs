//! The `src/lib.rs` of a generated crate: the list of its operations, and the way to its client.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::bounds;
use super::operations::Operation;
use crate::files::header;
use spec::{Spec, security};

pub(super) fn render(spec: &Spec, operations: &[Operation]) -> String {
    let mut text = header(&spec.source, "//");
    // Also a comment in a spec is reviewed; one that has changed must not go by unseen.
    let _ = writeln!(
        text,
        "// SHA-256 of the spec: {:x}\n",
        Sha256::digest(&spec.source.text)
    );
    let info = &spec.openapi.info;
    for line in crate_docs(spec).lines() {
        let _ = writeln!(text, "{}", format!("//! {line}").trim_end());
    }
    text.push_str(PREAMBLE);
    let _ = writeln!(
        text,
        "\n/// The version that the spec gives itself.\npub const SPEC_VERSION: &str = {};",
        quoted(&info.version)
    );
    servers(spec, &mut text);
    security_schemes(spec, &mut text);
    let _ = writeln!(
        text,
        "\n/// Every operation of the spec, in its order.\n#[rustfmt::skip]\npub const OPERATIONS: &[Operation] = &["
    );
    for operation in operations {
        let _ = writeln!(text, "    operations::{},", constant(operation));
    }
    let _ = writeln!(
        text,
        "];\n\n/// Each operation by the name of its method.\n#[rustfmt::skip]\npub mod operations {{"
    );
    for operation in operations {
        operation_constant(operation, &mut text);
    }
    text.push_str("}\n");
    bounds(spec, &mut text);
    hooks(operations, &mut text);
    text
}

fn crate_docs(spec: &Spec) -> String {
    let info = &spec.openapi.info;
    let mut docs = format!("{}.\n", info.title.trim_end_matches('.'));
    if let Some(description) = info.description.as_deref().filter(|text| !text.is_empty()) {
        let _ = write!(docs, "\n{}\n", description.trim_end());
    }
    docs.push_str("\nEvery request of the [`Client`] goes through a `seats_transport::Transport`.");
    docs
}

const PREAMBLE: &str = r"
#![forbid(unsafe_code)]
#![allow(clippy::all, rustdoc::all)]

#[allow(dead_code, unreachable_patterns)]
#[rustfmt::skip]
mod client;

pub use client::{ByteStream, Client, Error, ResponseValue, types};

use progenitor_client::{ClientHooks, OperationInfo};
use seats_transport::{Operation, SecurityScheme, Server, Transport};
";

fn servers(spec: &Spec, text: &mut String) {
    let _ = writeln!(
        text,
        "\n/// Where the vendor serves this API.\n#[rustfmt::skip]\npub const SERVERS: &[Server] = &["
    );
    for server in &spec.openapi.servers {
        let description = server.description.as_deref().unwrap_or_default();
        let _ = writeln!(
            text,
            "    Server {{ url: {}, description: {} }},",
            quoted(&server.url),
            quoted(description)
        );
    }
    text.push_str("];\n");
}

/// The schemes whose credential travels in a header; the transport signs with no other kind.
fn security_schemes(spec: &Spec, text: &mut String) {
    let schemes = security::in_headers(&spec.source);
    let _ = writeln!(
        text,
        "\n/// The credentials that travel in a header.\n#[rustfmt::skip]\npub const SECURITY_SCHEMES: &[SecurityScheme] = &["
    );
    for scheme in &schemes {
        let _ = writeln!(text, "    security_schemes::{},", scheme.constant);
    }
    text.push_str("];\n\n/// Each credential by its name in the spec.\n#[rustfmt::skip]\npub mod security_schemes {\n");
    for scheme in &schemes {
        let _ = writeln!(
            text,
            "    /// `{}`\n    pub const {}: seats_transport::SecurityScheme = seats_transport::SecurityScheme {{\n        id: {},\n        header: {},\n        prefix: {},\n        variable: {},\n    }};",
            scheme.id,
            scheme.constant,
            quoted(scheme.id),
            quoted(scheme.header),
            quoted(scheme.prefix),
            quoted(scheme.variable),
        );
    }
    text.push_str("}\n");
}

/// The limits of named schemas: the generated types do not check them.
fn bounds(spec: &Spec, text: &mut String) {
    let bounds = bounds::read(&spec.source);
    if bounds.is_empty() {
        return;
    }
    text.push_str("\n/// What the spec allows: how large a number may be, or how many items a list may have.\n#[rustfmt::skip]\npub mod bounds {\n    use std::ops::RangeInclusive;\n");
    for bound in &bounds {
        let _ = writeln!(
            text,
            "\n    /// `{}`: {}\n    pub const {}: RangeInclusive<u64> = {}..={};",
            bound.schema,
            one_line(&bound.description),
            bound.constant,
            bound.least,
            bound
                .most
                .map_or_else(|| "u64::MAX".to_owned(), |most| most.to_string()),
        );
    }
    text.push_str("}\n");
}

fn operation_constant(operation: &Operation, text: &mut String) {
    let summary = one_line(&operation.summary);
    let _ = writeln!(text, "\n    /// `{}`: {summary}", operation.id);
    let permissions: Vec<String> = operation
        .permissions
        .iter()
        .map(|name| quoted(name))
        .collect();
    let _ = writeln!(
        text,
        "    pub const {}: seats_transport::Operation = seats_transport::Operation {{\n        id: {},\n        method: {},\n        path: {},\n        idempotent: {},\n        permissions: &[{}],\n        reference: {},\n    }};",
        constant(operation),
        quoted(&operation.id),
        quoted(&operation.http_method),
        quoted(&operation.path),
        operation.idempotent,
        permissions.join(", "),
        operation
            .reference
            .as_deref()
            .map_or_else(|| "None".to_owned(), |url| format!("Some({})", quoted(url))),
    );
}

/// The methods call the transport: it decides whether a request may go, signs it and sends it.
fn hooks(operations: &[Operation], text: &mut String) {
    text.push_str("\n/// The operation that a method carries out.\n#[rustfmt::skip]\nfn operation(info: &OperationInfo) -> Option<&'static Operation> {\n    match info.operation_id {\n");
    for operation in operations {
        let _ = writeln!(
            text,
            "        {} => Some(&operations::{}),",
            quoted(&operation.method.name),
            constant(operation)
        );
    }
    text.push_str("        _ => None,\n    }\n}\n");
    if operations
        .iter()
        .all(|operation| operation.unasked.is_empty())
    {
        text.push_str(HOOKS);
        return;
    }
    text.push_str("\n/// The headers of the credentials that an operation does not ask for.\n#[rustfmt::skip]\nfn unasked(info: &OperationInfo) -> &'static [&'static str] {\n    match info.operation_id {\n");
    for operation in operations {
        let headers: Vec<String> = operation.unasked.iter().map(|one| quoted(one)).collect();
        let name = quoted(&operation.method.name);
        let _ = writeln!(text, "        {name} => &[{}],", headers.join(", "));
    }
    text.push_str("        _ => &[],\n    }\n}\n");
    text.push_str(&HOOKS.replace(SIGNED, SIGNED_AS_ASKED));
}

/// The transport signs with whatever credentials it was given.
const SIGNED: &str = r"
            .map_err(|refusal| Error::InvalidRequest(refusal.to_string()))
";

const SIGNED_AS_ASKED: &str = r"
            .map_err(|refusal| Error::InvalidRequest(refusal.to_string()))?;
        for header in unasked(info) {
            request.headers_mut().remove(*header);
        }
        Ok(())
";

const HOOKS: &str = r"
impl Client {
    /// A client whose every request goes through `transport`.
    pub fn new(transport: Transport) -> Self {
        let base_url = transport.base_url().to_owned();
        Self::new_with_client(&base_url, transport.http_client(), transport)
    }
}

impl ClientHooks<Transport> for Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        info: &OperationInfo,
    ) -> Result<(), Error<E>> {
        self.inner
            .prepare(request, operation(info))
            .await
            .map_err(|refusal| Error::InvalidRequest(refusal.to_string()))
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        self.inner.send(request, operation(info)).await
    }
}
";

fn constant(operation: &Operation) -> String {
    operation.method.name.trim_end_matches('_').to_uppercase()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn quoted(text: &str) -> String {
    proc_macro2::Literal::string(text).to_string()
}
