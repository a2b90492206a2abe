//! Runs progenitor on one spec, and catches what it throws.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use quote::quote;

use super::amend;
use spec::{Diagnostic, METHODS, OperationNode, Place, Rule, Spec};

/// The generated client and what the rest of its crate needs to know of it.
pub(super) struct Client {
    /// The text of the module.
    pub text: String,
    /// Its methods, in the order of the spec's operations.
    pub methods: Vec<amend::Method>,
    /// The crates that the text refers to.
    pub uses: Uses,
}

/// Which crates a generated client refers to, beyond those that every client does.
pub(super) struct Uses {
    pub chrono: bool,
    pub regress: bool,
    pub serde_json: bool,
    pub uuid: bool,
}

pub(super) fn generate(spec: &Spec) -> Result<Client, Vec<Diagnostic>> {
    let output = run(&spec.openapi).map_err(|reason| blame(spec, &reason))?;
    let amended = amend::amend(spec, output.file)?;
    let text =
        quietly(|| prettyplease::unparse(&amended.file)).map_err(|reason| blame(spec, &reason))?;
    Ok(Client {
        text,
        methods: amended.methods,
        uses: output.uses,
    })
}

struct Output {
    file: syn::File,
    uses: Uses,
}

/// Progenitor's answer, its error, or the message that it panicked with.
fn run(openapi: &OpenAPI) -> Result<Output, String> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote! { seats_transport::Transport })
        .with_derive("schemars::JsonSchema");
    let mut generator = Generator::new(&settings);
    let tokens =
        quietly(|| generator.generate_tokens(openapi))?.map_err(|error| error.to_string())?;
    let types = generator.get_type_space();
    let uses = Uses {
        chrono: types.uses_chrono(),
        regress: types.uses_regress(),
        serde_json: types.uses_serde_json(),
        uuid: types.uses_uuid(),
    };
    let file = syn::parse2(tokens).map_err(|error| format!("its output is not Rust: {error}"))?;
    Ok(Output { file, uses })
}

/// Runs `work`; a panic becomes an error, and does not print.
fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    thread_local! {
        static QUIET: Cell<bool> = const { Cell::new(false) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                previous(info);
            }
        }));
    });
    QUIET.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    outcome.map_err(|payload| {
        payload
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| {
                payload
                    .downcast_ref::<&str>()
                    .map(|text| (*text).to_owned())
            })
            .unwrap_or_else(|| "it panicked without a message".to_owned())
    })
}

/// Finds what the generator fails on: the schemas alone, or each operation with them.
fn blame(spec: &Spec, reason: &str) -> Vec<Diagnostic> {
    let source = &spec.source;
    let mut document = spec.openapi.clone();
    document.paths.paths.clear();
    if let Err(reason) = run(&document) {
        let (place, what) = blame_schema(spec, &document);
        return vec![cannot_handle(spec, &place, &what, &reason)];
    }
    let mut found = Vec::new();
    for operation in source.operations() {
        if let Err(reason) = run(&only(&spec.openapi, operation)) {
            let what = format!(
                "the operation `{}`",
                operation.id().unwrap_or(&operation.path.name)
            );
            let place = operation
                .node
                .get("operationId")
                .map_or(&operation.method.place, |node| &node.place);
            found.push(cannot_handle(spec, place, &what, &reason));
        }
    }
    if found.is_empty() {
        let place = &source.root.place;
        found.push(cannot_handle(spec, place, "this document", reason));
    }
    found
}

fn blame_schema(spec: &Spec, document: &OpenAPI) -> (Place, String) {
    let schemas = spec.source.root.at(["components", "schemas"]);
    let entries = schemas.map(spec::Node::entries).unwrap_or_default();
    // Each by itself, beside others that could be anything.
    for (key, _) in entries {
        let mut alone = document.clone();
        let others = alone.components.iter_mut().flat_map(|all| &mut all.schemas);
        for (_, other) in others.filter(|(name, _)| **name != key.name) {
            *other = openapiv3::ReferenceOr::Item(anything());
        }
        if run(&alone).is_err() {
            return (key.place.clone(), format!("the schema `{}`", key.name));
        }
    }
    let place = schemas.unwrap_or(&spec.source.root).place.clone();
    (place, "one of the schemas".to_owned())
}

fn anything() -> openapiv3::Schema {
    openapiv3::Schema {
        schema_data: openapiv3::SchemaData::default(),
        schema_kind: openapiv3::SchemaKind::Any(openapiv3::AnySchema::default()),
    }
}

/// The document with one operation in it.
fn only(openapi: &OpenAPI, operation: OperationNode<'_>) -> OpenAPI {
    let (mut document, path) = (openapi.clone(), &operation.path.name);
    document.paths.paths.retain(|name, _| name == path);
    for item in document.paths.paths.values_mut() {
        let mut json = serde_json::to_value(&item).unwrap_or_default();
        if let Some(members) = json.as_object_mut() {
            let is_other = |key: &str| METHODS.contains(&key) && key != operation.method.name;
            members.retain(|key, _| !is_other(key));
        }
        if let Ok(alone) = serde_json::from_value(json) {
            *item = alone;
        }
    }
    document
}

fn cannot_handle(spec: &Spec, place: &Place, what: &str, reason: &str) -> Diagnostic {
    let reason = reason.lines().next().unwrap_or_default();
    spec.source
        .error(Rule::GeneratorCannotHandle, place, format!("the generator cannot handle {what}: {reason}"))
        .help("describe it in a simpler way: a named schema under `components`, without mixed `allOf`, `oneOf` and `not`")
}
