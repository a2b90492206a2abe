//! What there is in a generated crate.

use std::collections::{BTreeMap, BTreeSet};

/// The public items of a generated crate.
#[derive(Debug, Default)]
pub(crate) struct Api {
    /// The methods of the client by their names.
    pub methods: BTreeMap<String, Method>,
    /// The types of the module `types`.
    pub types: BTreeMap<String, Type>,
    /// The types of the constants, by their modules and names; those of the crate itself are in "".
    pub constants: BTreeMap<(String, String), String>,
    /// All of the client's code, without what is documented in it.
    pub code: String,
}

/// A method of the client.
#[derive(Clone, Debug)]
pub(crate) struct Method {
    /// The names and types of the arguments.
    pub arguments: Vec<(String, String)>,
    /// The type of the outcome.
    pub returns: String,
    /// What the method does, as it is written.
    pub body: String,
}

/// What stands before the name of a field that is private.
pub(super) const PRIVATE: &str = "private ";

/// A type.
#[derive(Clone, Debug)]
pub(crate) struct Type {
    /// `struct`, `enum` or `type`.
    pub kind: &'static str,
    /// Fields or variants, with what they hold.
    pub members: BTreeMap<String, String>,
    /// The traits that are implemented or derived.
    pub traits: BTreeSet<String>,
}

impl Api {
    /// The types that a method takes, and those that it gives, with all that these hold.
    pub fn reached(&self, method: &str) -> (BTreeSet<String>, BTreeSet<String>) {
        let Some(method) = self.methods.get(method) else {
            return Default::default();
        };
        let sent = method.arguments.iter().map(|(_, ty)| ty.as_str());
        (self.held(sent.collect()), self.held(vec![&method.returns]))
    }

    fn held<'a>(&'a self, mut texts: Vec<&'a str>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        while let Some(text) = texts.pop() {
            for name in names(text) {
                if let Some(ty) = self.types.get(name)
                    && found.insert(name.to_owned())
                {
                    texts.extend(ty.members.values().map(String::as_str));
                }
            }
        }
        found
    }
}

/// The names in a piece of Rust.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|name| !name.is_empty())
}
