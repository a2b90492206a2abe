//! The `Cargo.toml` of a generated crate.

use super::client::Uses;
use crate::files::header;
use spec::{Spec, version};

pub(super) fn render(spec: &Spec, uses: &Uses, tests: &[&str]) -> String {
    let name = &spec.source.name;
    let version = version::full(&spec.source)
        .map(|version| version.to_string())
        .unwrap_or_default();
    let title = toml_string(&format!("Generated client: {}.", spec.openapi.info.title));
    let mut dependencies = vec![
        "progenitor-client",
        "reqwest",
        "schemars",
        "seats-transport",
        "serde",
    ];
    let optional = [
        ("chrono", uses.chrono),
        ("regress", uses.regress),
        ("serde_json", uses.serde_json),
        ("uuid", uses.uuid),
    ];
    dependencies.extend(
        optional
            .into_iter()
            .filter_map(|(name, used)| used.then_some(name)),
    );
    dependencies.sort_unstable();
    let dependencies: String = dependencies
        .iter()
        .map(|name| format!("{name}.workspace = true\n"))
        .collect();
    // The targets are named, so that a file that is gone does not keep cargo from running codegen.
    let mut text = format!(
        r#"[package]
name = "{name}"
description = {title}
version = "{version}"
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish.workspace = true
autotests = false

[lib]
path = "src/lib.rs"
# The descriptions of a spec are prose, not examples in Rust.
doctest = false
# The only tests are those of the examples.
test = false

[dependencies]
{dependencies}"#
    );
    if !tests.is_empty() {
        text.push_str("\n[dev-dependencies]\nseats-tests.workspace = true\n");
    }
    for name in tests {
        text.push_str(&format!(
            "\n[[test]]\nname = \"{name}\"\npath = \"tests/{name}.rs\"\n"
        ));
    }
    header(&spec.source, "#") + &text
}

fn toml_string(text: &str) -> String {
    // A JSON string is a basic string of TOML, as long as it has no escaped slash or surrogate.
    serde_json::Value::from(text).to_string()
}
