//! What progenitor's output has to lose or to gain before it is ours.
//!
//! Each amendment is one function with its reason. Each one fails where it finds nothing to amend,
//! so that none outlives the behaviour that it was written for.

use std::collections::{HashMap, HashSet};

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ImplItem, ImplItemFn, Item, ItemImpl, Stmt, parse_quote};

use crate::{text_types, twins};
use spec::{Diagnostic, Node, Rule, Source, Spec};

/// An argument of a generated method.
#[derive(Clone)]
pub(super) struct Argument {
    pub name: String,
    pub ty: syn::Type,
}

/// One generated method: its name, and the types that it sends and reads.
#[derive(Clone)]
pub(super) struct Method {
    pub name: String,
    pub arguments: Vec<Argument>,
    /// The type of the argument `body`.
    pub body: Option<String>,
    /// The type of a success.
    pub success: Option<String>,
    /// The type of an error.
    pub error: Option<String>,
}

pub(super) struct Amended {
    pub file: syn::File,
    pub methods: Vec<Method>,
}

pub(super) fn amend(spec: &Spec, mut file: syn::File) -> Result<Amended, Vec<Diagnostic>> {
    let never_applied = |amendment: &str| {
        vec![
            spec.source
                .error(
                    Rule::GeneratorCannotHandle,
                    &spec.source.root.place,
                    format!("the amendment `{amendment}` was never applied"),
                )
                .help("progenitor writes something else now: see xtask/codegen/src/amend.rs"),
        ]
    };
    let operations = spec.source.operations().len();
    if !leave_one_constructor(&mut file) {
        return Err(never_applied("leave_one_constructor"));
    }
    if drop_api_version_header(&mut file) != operations {
        return Err(never_applied("drop_api_version_header"));
    }
    say_rules(spec, &mut file)?;
    text_types::implement_text_traits(&mut file);
    if let Some(name) = without_values(&file) {
        return Err(vec![no_value(&spec.source, &name)]);
    }
    if let Some(name) = defined_twice(&file) {
        return Err(vec![twice(&spec.source, &name)]);
    }
    let methods = methods(&file);
    if methods.len() != operations {
        return Err(never_applied("methods"));
    }
    Ok(Amended { file, methods })
}

fn no_value(source: &Source, name: &str) -> Diagnostic {
    let place = twins::place(source, name).map(|(place, _)| place);
    let place = place.unwrap_or_else(|| source.root.place.clone());
    let message = format!("no value fits `{name}`: it would be a type that nothing is of");
    source.error(Rule::SchemaEmpty, &place, message).help(
        "give it a value: an `enum` that is not empty, and parts of `allOf` that have one in common",
    )
}

fn twice(source: &Source, name: &str) -> Diagnostic {
    let (place, first) =
        twins::place(source, name).unwrap_or_else(|| (source.root.place.clone(), None));
    let other = first.map_or_else(String::new, |line| format!("; the other is on line {line}"));
    let message = format!("two parts of this document would both be `{name}` in Rust{other}");
    source
        .error(Rule::GeneratorCannotHandle, &place, message)
        .help("rename one of them; case and punctuation do not tell names apart, and a body without a named schema is named after its operation")
}

/// `impl Client { .. }`, as often as it stands there.
fn client_impls(file: &mut syn::File) -> impl Iterator<Item = &mut ItemImpl> {
    file.items.iter_mut().filter_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() && type_name(&item.self_ty) == "Client" => {
            Some(item)
        }
        _ => None,
    })
}

fn type_name(ty: &syn::Type) -> String {
    ty.to_token_stream().to_string().replace(' ', "")
}

/// Progenitor's `Client::new` makes an HTTP client of its own, which follows redirects, and panics
/// where it cannot; `new_with_client` takes anybody's. A client of ours comes from a transport.
fn leave_one_constructor(file: &mut syn::File) -> bool {
    let mut dropped = false;
    let mut hidden = false;
    for item in client_impls(file) {
        item.items.retain(|item| {
            let is_new = matches!(item, ImplItem::Fn(method) if method.sig.ident == "new");
            dropped |= is_new;
            !is_new
        });
        for item in &mut item.items {
            if let ImplItem::Fn(method) = item
                && method.sig.ident == "new_with_client"
            {
                method.vis = parse_quote!(pub(crate));
                hidden = true;
            }
        }
    }
    dropped && hidden
}

/// Progenitor sends `api-version: <info.version>` with each request; no vendor's reference has it.
fn drop_api_version_header(file: &mut syn::File) -> usize {
    let mut dropped = 0;
    for item in client_impls(file) {
        for item in &mut item.items {
            let ImplItem::Fn(method) = item else { continue };
            let before = method.block.stmts.len();
            method
                .block
                .stmts
                .retain(|statement| !appends_api_version(statement));
            if method.block.stmts.len() < before {
                dropped += 1;
                allow_unused_mut(method);
            }
        }
    }
    dropped
}

fn appends_api_version(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Expr(Expr::MethodCall(call), _)
    if call.method == "append" && call.args.first().is_some_and(|name| {
        name.to_token_stream().to_string().contains("from_static (\"api-version\")")
    }))
}

/// The map of headers stays empty now where the operation has no header of its own.
fn allow_unused_mut(method: &mut ImplItemFn) {
    for statement in &mut method.block.stmts {
        if let Stmt::Local(local) = statement
            && local.pat.to_token_stream().to_string() == "mut header_map"
        {
            local.attrs.push(parse_quote!(#[allow(unused_mut)]));
        }
    }
}

/// typify refuses a value by quoting the pattern. Where the spec has the rule in words (`x-rule`),
/// the words stand in the error instead.
fn say_rules(spec: &Spec, file: &mut syn::File) -> Result<(), Vec<Diagnostic>> {
    let mut words = Words {
        rules: HashMap::new(),
    };
    let mut places = Vec::new();
    collect_rules(&spec.source.root, &mut |schema, rule| {
        if let (Some(text), Some(pattern)) =
            (rule.as_str(), schema.get("pattern").and_then(Node::as_str))
        {
            let message = format!("doesn't match pattern \"{pattern}\"");
            let message = proc_macro2::Literal::string(&message).to_string();
            words.rules.insert(message.clone(), text.to_owned());
            places.push((message, rule.place.clone()));
        }
    });
    words.visit_file_mut(file);
    let text = file.to_token_stream().to_string();
    let missed = places
        .iter()
        .filter(|(message, _)| text.contains(message.as_str()));
    let never_applied = "the amendment `say_rules` was never applied";
    let found: Vec<Diagnostic> = missed
        .map(|(_, place)| {
            spec.source
                .error(Rule::GeneratorCannotHandle, place, never_applied)
        })
        .collect();
    if found.is_empty() { Ok(()) } else { Err(found) }
}

fn collect_rules<'a>(node: &'a Node, inspect: &mut impl FnMut(&'a Node, &'a Node)) {
    if let Some(rule) = node.get("x-rule") {
        inspect(node, rule);
    }
    node.entries()
        .iter()
        .map(|(_, value)| value)
        .chain(node.items())
        .for_each(|inner| collect_rules(inner, inspect));
}

struct Words {
    /// typify's message as a literal, and the rule in words.
    rules: HashMap<String, String>,
}

impl VisitMut for Words {
    fn visit_item_impl_mut(&mut self, item: &mut ItemImpl) {
        let is_from_str = |path: &syn::Path| {
            path.segments
                .last()
                .is_some_and(|one| one.ident == "FromStr")
        };
        if !item
            .trait_
            .as_ref()
            .is_some_and(|(path, _)| is_from_str(path))
        {
            return;
        }
        let text = item.to_token_stream().to_string();
        let mut rules = self.rules.iter();
        if let Some((_, rule)) = rules.find(|(message, _)| text.contains(message.as_str())) {
            Replace { rule }.visit_item_impl_mut(item);
        }
    }
}

/// Puts the rule into each `Err("...".into())` of that implementation; its length checks are part of
/// the same rule.
struct Replace<'a> {
    rule: &'a str,
}

impl VisitMut for Replace<'_> {
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        if call.func.to_token_stream().to_string() == "Err" {
            let rule = self.rule;
            call.args = parse_quote!(#rule.into());
        }
        visit_mut::visit_expr_call_mut(self, call);
    }
}

/// The items of the module `types`.
fn types(file: &syn::File) -> impl Iterator<Item = &Item> {
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    modules.flat_map(|(_, items)| items)
}

/// An enum without a variant: the generator found that nothing fits its schema.
fn without_values(file: &syn::File) -> Option<String> {
    types(file).find_map(|item| match item {
        Item::Enum(item) if item.variants.is_empty() => Some(item.ident.to_string()),
        _ => None,
    })
}

/// A type, or an argument of a method, that the generator has written twice.
fn defined_twice(file: &syn::File) -> Option<String> {
    let names = types(file).filter_map(|item| match item {
        Item::Struct(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        _ => None,
    });
    let arguments = file.items.iter().filter_map(|item| match item {
        Item::Impl(item) => Some(&item.items),
        _ => None,
    });
    let methods = arguments.flatten().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(method),
        _ => None,
    });
    let twice_in_a_method = methods.into_iter().find_map(|method| {
        first_repeated(method.sig.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(argument) => Some(argument.pat.to_token_stream().to_string()),
            syn::FnArg::Receiver(_) => None,
        }))
    });
    let mut fields = Fields { twice: None };
    syn::visit::Visit::visit_file(&mut fields, file);
    first_repeated(names.map(ToString::to_string))
        .or(twice_in_a_method)
        .or(fields.twice)
}

/// Looks for a struct with two fields, or an enum with two variants, of one name.
struct Fields {
    twice: Option<String>,
}

impl<'ast> syn::visit::Visit<'ast> for Fields {
    fn visit_fields_named(&mut self, fields: &'ast syn::FieldsNamed) {
        let names = fields.named.iter().filter_map(|field| field.ident.as_ref());
        self.twice = self
            .twice
            .take()
            .or_else(|| first_repeated(names.map(ToString::to_string)));
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        let names = item
            .variants
            .iter()
            .map(|variant| variant.ident.to_string());
        self.twice = self.twice.take().or_else(|| first_repeated(names));
    }
}

fn first_repeated(names: impl Iterator<Item = String>) -> Option<String> {
    let mut seen = HashSet::new();
    names.into_iter().find(|name| !seen.insert(name.clone()))
}

/// The methods of the operations, in the order in which they stand there.
fn methods(file: &syn::File) -> Vec<Method> {
    let impls = file.items.iter().filter_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() && type_name(&item.self_ty) == "Client" => {
            Some(item)
        }
        _ => None,
    });
    impls
        .flat_map(|item| &item.items)
        .filter_map(|item| match item {
            ImplItem::Fn(method) if method.sig.asyncness.is_some() => Some(describe(method)),
            _ => None,
        })
        .collect()
}

fn describe(method: &ImplItemFn) -> Method {
    let arguments = method.sig.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(argument) => Some(Argument {
            name: argument.pat.to_token_stream().to_string(),
            ty: (*argument.ty).clone(),
        }),
        syn::FnArg::Receiver(_) => None,
    });
    let arguments: Vec<Argument> = arguments.collect();
    let body = arguments.iter().find(|argument| argument.name == "body");
    let body = body.and_then(|argument| named_type(&argument.ty));
    // `Result<ResponseValue<Success>, Error<Failure>>`
    let mut outcome = match &method.sig.output {
        syn::ReturnType::Type(_, ty) => type_arguments(ty).into_iter(),
        syn::ReturnType::Default => Vec::new().into_iter(),
    };
    let mut inner = || {
        outcome
            .next()
            .and_then(|ty| type_arguments(&ty).first().and_then(named_type))
    };
    Method {
        name: method.sig.ident.to_string(),
        arguments,
        body,
        success: inner(),
        error: inner(),
    }
}

/// The type arguments of the last part of a path.
fn type_arguments(ty: &syn::Type) -> Vec<syn::Type> {
    let syn::Type::Path(path) = ty else {
        return Vec::new();
    };
    let Some(syn::PathSegment {
        arguments: syn::PathArguments::AngleBracketed(list),
        ..
    }) = path.path.segments.last()
    else {
        return Vec::new();
    };
    list.args
        .iter()
        .filter_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => Some(ty.clone()),
            _ => None,
        })
        .collect()
}

/// The type as it is written from outside the module, where it is one that has JSON.
fn named_type(ty: &syn::Type) -> Option<String> {
    let ty = match ty {
        syn::Type::Reference(reference) => &reference.elem,
        ty => ty,
    };
    let name = type_name(ty);
    (name != "()" && name != "ByteStream" && name != "B").then_some(name)
}
