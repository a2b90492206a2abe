//! Reads the items of a generated crate out of its syntax tree.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Fields, FnArg, ImplItem, Item, ItemImpl, ReturnType, Visibility};

use super::items::{Api, Method, PRIVATE, Type};

/// Reads the text of `src/client.rs` and of `src/lib.rs`; None where it is no Rust.
pub(crate) fn read(client: &str, library: &str) -> Option<Api> {
    let mut api = Api::default();
    let mut code = syn::parse_file(client).ok()?;
    self::client(&code, &mut api);
    self::library(&syn::parse_file(library).ok()?, &mut api);
    WithoutDocuments.visit_file_mut(&mut code);
    // It says the API's version, which nobody asks for.
    code.items
        .retain(|item| !written(item).contains("ClientInfo<"));
    api.code = compact(&code.to_token_stream().to_string());
    Some(api)
}

struct WithoutDocuments;

impl VisitMut for WithoutDocuments {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }
}

/// The methods of `Client`, and what stands in the module `types`.
fn client(file: &syn::File, api: &mut Api) {
    for item in &file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                if let Some((_, items)) = &module.content {
                    types(items, api);
                }
            }
            Item::Impl(item) if item.trait_.is_none() && written(&item.self_ty) == "Client" => {
                methods(item, api);
            }
            _ => {}
        }
    }
}

/// The constants: of the crate, of its operations, of its credentials, of the limits that it knows.
fn library(file: &syn::File, api: &mut Api) {
    constants("", &file.items, api);
}

fn constants(module: &str, items: &[Item], api: &mut Api) {
    for item in items {
        match item {
            Item::Const(item) if matches!(item.vis, Visibility::Public(_)) => {
                let name = (module.to_owned(), item.ident.to_string());
                api.constants.insert(name, written(&item.ty));
            }
            Item::Mod(inner) if matches!(inner.vis, Visibility::Public(_)) => {
                if let Some((_, items)) = &inner.content {
                    constants(&inner.ident.to_string(), items, api);
                }
            }
            _ => {}
        }
    }
}

fn methods(item: &ItemImpl, api: &mut Api) {
    for item in &item.items {
        let ImplItem::Fn(method) = item else { continue };
        if !matches!(method.vis, Visibility::Public(_)) {
            continue;
        }
        let arguments = method.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(argument) => Some((written(&argument.pat), written(&argument.ty))),
            FnArg::Receiver(_) => None,
        });
        let returns = match &method.sig.output {
            ReturnType::Type(_, ty) => written(ty),
            ReturnType::Default => "()".to_owned(),
        };
        let described = Method {
            arguments: arguments.collect(),
            returns,
            body: written(&method.block),
        };
        api.methods.insert(method.sig.ident.to_string(), described);
    }
}

fn types(items: &[Item], api: &mut Api) {
    for item in items {
        let (name, kind, members, attributes) = match item {
            Item::Struct(item) => (&item.ident, "struct", fields(&item.fields), &item.attrs),
            Item::Enum(item) => {
                let variants = item
                    .variants
                    .iter()
                    .map(|variant| (variant.ident.to_string(), written(&variant.fields)));
                (&item.ident, "enum", variants.collect(), &item.attrs)
            }
            Item::Type(item) => {
                let target = BTreeMap::from([("0".to_owned(), written(&item.ty))]);
                (&item.ident, "type", target, &item.attrs)
            }
            _ => continue,
        };
        let described = Type {
            kind,
            members,
            traits: derived(attributes),
        };
        api.types.insert(name.to_string(), described);
    }
    for item in items {
        if let Item::Impl(item) = item
            && let Some((path, _)) = &item.trait_
            && let Some(ty) = api.types.get_mut(&written(&item.self_ty))
        {
            ty.traits.insert(last_part(&written(path)));
        }
    }
}

fn fields(fields: &Fields) -> BTreeMap<String, String> {
    let described = fields.iter().enumerate().map(|(n, field)| {
        let name = field
            .ident
            .as_ref()
            .map_or_else(|| n.to_string(), ToString::to_string);
        // Nobody can name a private one, but it keeps others from building the type.
        let name = match field.vis {
            Visibility::Public(_) => name,
            _ => format!("{PRIVATE}{name}"),
        };
        (name, written(&field.ty))
    });
    described.collect()
}

fn derived(attributes: &[Attribute]) -> BTreeSet<String> {
    let derives = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"));
    derives
        .filter_map(|attribute| attribute.meta.require_list().ok())
        .flat_map(|list| {
            let text = compact(&list.tokens.to_string());
            text.split(',')
                .map(|name| last_part(name.trim()))
                .collect::<Vec<_>>()
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// `::std::convert::TryFrom<&str>` as `TryFrom<&str>`.
fn last_part(path: &str) -> String {
    let (path, arguments) = path.split_at(path.find('<').unwrap_or(path.len()));
    let name = path.rsplit("::").next().unwrap_or(path);
    format!("{name}{arguments}")
}

/// The Rust of a node as a person writes it, without the paths that say nothing.
fn written(node: &impl ToTokens) -> String {
    let noise = [
        "::std::string::",
        "::std::vec::",
        "::std::option::",
        "::std::num::",
        "::std::collections::",
        "::std::boxed::",
        "types::",
        "'a ",
    ];
    let text = compact(&node.to_token_stream().to_string());
    noise
        .iter()
        .fold(text, |text, noise| text.replace(noise, ""))
        .replace("'a", "")
        .replace("<'de>", "")
        .replace(", >", ">")
        .replace("<::", "<")
        .trim_start_matches("::")
        .to_owned()
}

/// Tokens are written with a blank between any two.
fn compact(tokens: &str) -> String {
    let mut text = String::new();
    let mut rest = tokens.split_whitespace().peekable();
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '\'');
    while let Some(part) = rest.next() {
        if is_word(text.chars().last()) && is_word(part.chars().next()) {
            text.push(' ');
        }
        text.push_str(part);
        if text.ends_with(',') && rest.peek().is_some() {
            text.push(' ');
        }
    }
    text
}
