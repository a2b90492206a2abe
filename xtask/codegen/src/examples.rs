//! The `tests/examples.rs` of a generated crate: the spec's examples against the generated types.

use std::fmt::Write;

use super::operations::{Example, Operation, Role};
use crate::files::header;
use spec::Spec;

/// None where no operation has an example.
pub(super) fn render(spec: &Spec, operations: &[Operation]) -> Option<String> {
    let module = spec.source.name.replace('-', "_");
    let mut text = header(&spec.source, "//");
    let _ = writeln!(
        text,
        "//! Every example of the spec survives the generated types; every request example fits the schema\n//! that is derived from them, and none does without one of its required fields."
    );
    let mut any = false;
    for operation in operations {
        for (number, example) in operation.examples.iter().enumerate() {
            any |= test(&module, operation, number, example, &mut text);
        }
    }
    any.then_some(text)
}

fn test(
    module: &str,
    operation: &Operation,
    number: usize,
    example: &Example,
    text: &mut String,
) -> bool {
    let types = &operation.method;
    let ty = match example.role {
        Role::Request => &types.body,
        Role::Success => &types.success,
        Role::Error => &types.error,
    };
    let Some(ty) = ty else { return false };
    let ty = qualified(module, ty);
    let _ = writeln!(text, "\n/// {} of `{}`", example.title, operation.id);
    let _ = writeln!(
        text,
        "#[rustfmt::skip]\n#[test]\nfn {}_example_{}() {{",
        types.name.trim_matches('_').to_lowercase(),
        number + 1
    );
    let json = proc_macro2::Literal::string(&example.value.to_string());
    let _ = writeln!(text, "    let example = {json};");
    let _ = writeln!(
        text,
        "    seats_tests::examples::survives::<{ty}>(example);"
    );
    if example.role == Role::Request {
        let _ = writeln!(
            text,
            "    seats_tests::examples::fits_schema::<{ty}>(example);"
        );
        for path in &example.required {
            let path: Vec<String> = path
                .iter()
                .map(|step| proc_macro2::Literal::string(step).to_string())
                .collect();
            let _ = writeln!(
                text,
                "    seats_tests::examples::does_not_fit_without::<{ty}>(example, &[{}]);",
                path.join(", ")
            );
        }
    }
    text.push_str("}\n");
    true
}

/// `types::X`, as written inside the crate, from outside it.
fn qualified(module: &str, ty: &str) -> String {
    ty.replace("types::", &format!("{module}::types::"))
}
