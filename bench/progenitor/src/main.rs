//! Writes what progenitor makes of Datadog's spec, for the peer of that name.
//!
//! From `bench/`: `cargo run --manifest-path progenitor/Cargo.toml`

use std::error::Error;
use std::fs;

use openapiv3::OpenAPI;
use progenitor::Generator;

fn main() -> Result<(), Box<dyn Error>> {
    let root = env!("CARGO_MANIFEST_DIR");
    let spec = fs::read_to_string(format!("{root}/../../specs/datadog-seats.yaml"))?;
    let spec: OpenAPI = serde_saphyr::from_str(&spec)?;
    let tokens = Generator::default().generate_tokens(&spec)?;
    let text = prettyplease::unparse(&syn::parse2(tokens)?);
    let text = format!("// progenitor's output; see bench/progenitor.\n\n{text}");
    fs::write(
        format!("{root}/../peers/progenitor/src/datadog.rs"),
        text,
    )?;
    Ok(())
}
