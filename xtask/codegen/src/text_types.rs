//! Gives generated newtypes of text what callers expect of an id: `Display` and `AsRef<str>`.
//!
//! The facade cannot: neither the trait nor the type is its own.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Ident, Item, ItemMod, Type, parse_quote};

/// Adds the implementations beside each newtype of text.
pub(crate) fn implement_text_traits(file: &mut syn::File) {
    Implement.visit_file_mut(file);
}

struct Implement;

impl VisitMut for Implement {
    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        if let Some((_, items)) = &mut module.content {
            let names: Vec<Ident> = items.iter().filter_map(text_newtype).collect();
            items.extend(names.iter().flat_map(implementations));
        }
        visit_mut::visit_item_mod_mut(self, module);
    }
}

/// The name of a type that derefs to a `String`.
fn text_newtype(item: &Item) -> Option<Ident> {
    let Item::Impl(item) = item else { return None };
    let (name, _) = item.trait_.as_ref()?;
    let is_deref = name.segments.last()?.ident == "Deref";
    let targets_string = item.items.iter().any(|item| match item {
        syn::ImplItem::Type(target) => {
            target.ty.to_token_stream().to_string().replace(' ', "") == "::std::string::String"
        }
        _ => false,
    });
    let Type::Path(owner) = &*item.self_ty else {
        return None;
    };
    let name = owner.path.get_ident().cloned();
    name.filter(|_| is_deref && targets_string)
}

fn implementations(name: &Ident) -> [Item; 2] {
    let display: Item = parse_quote! {
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
    let as_ref: Item = parse_quote! {
        impl ::std::convert::AsRef<str> for #name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
    [display, as_ref]
}
