//! Two generated crates side by side: what a caller finds other than it was.
//!
//! Callers build what is sent and read what comes. So a field that is new breaks who builds the
//! struct, and nobody who reads it; a variant that is new breaks who reads the enum with `match`,
//! and nobody who builds it. Cargo's own rules take either for a break of everybody.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{Api, Method, PRIVATE, Type, names};
use crate::words::{Words, say};

/// Which item changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A method, by its name now, or the one it had.
    Method(String),
    /// A type, by its name now, or the one it had.
    Type(String),
    /// A constant, by its module and its name.
    Constant(String, String),
}

/// One change of one item.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub owner: Owner,
    pub says: Words,
    pub breaks: bool,
}

/// What was renamed, from the old name to the new one, as Rust has them.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub methods: BTreeMap<String, String>,
    pub types: BTreeMap<String, String>,
}

pub(crate) fn compare(old: &Api, new: &Api, names: &Names) -> Vec<Change> {
    let mut changes = Vec::new();
    methods(old, new, names, &mut changes);
    types(old, new, names, &mut changes);
    constants(old, new, &mut changes);
    changes
}

fn constants(old: &Api, new: &Api, changes: &mut Vec<Change>) {
    for (key, ty) in &old.constants {
        let says = match new.constants.get(key) {
            None => say("the constant {} is gone", &[&full(key)]),
            Some(now) if now != ty => {
                say("the constant {} is {}, and was {}", &[&full(key), now, ty])
            }
            Some(_) => continue,
        };
        // Its method tells of it.
        if !is_of_a_method(key, old, new) {
            changes.push(change(constant(key), says, true));
        }
    }
    let is_new = |key: &&(String, String)| !old.constants.contains_key(*key);
    for key in new.constants.keys().filter(is_new) {
        if !is_of_a_method(key, new, old) {
            let says = say("the constant {} is new", &[&full(key)]);
            changes.push(change(constant(key), says, false));
        }
    }
}

/// Whether a constant stands beside a method that only one side has.
fn is_of_a_method((module, name): &(String, String), here: &Api, there: &Api) -> bool {
    let method = name.to_lowercase();
    module == "operations"
        && here.methods.contains_key(&method)
        && !there.methods.contains_key(&method)
}

fn constant((module, name): &(String, String)) -> Owner {
    Owner::Constant(module.clone(), name.clone())
}

fn full((module, name): &(String, String)) -> String {
    match module.as_str() {
        // Whoever calls the crate knows these by what they are.
        "" | "security_schemes" => name.clone(),
        _ => format!("{module}::{name}"),
    }
}

fn change(owner: Owner, says: Words, breaks: bool) -> Change {
    Change {
        owner,
        says,
        breaks,
    }
}

fn methods(old: &Api, new: &Api, names: &Names, changes: &mut Vec<Change>) {
    let mut heirs = BTreeSet::new();
    for (name, before) in &old.methods {
        let heir = names.methods.get(name).unwrap_or(name);
        heirs.insert(heir);
        let owner = Owner::Method(heir.clone());
        let Some(after) = new.methods.get(heir) else {
            changes.push(change(owner, say("the method {} is gone", &[name]), true));
            continue;
        };
        if heir != name {
            let says = say("the method {} is {} now", &[name, heir]);
            changes.push(change(owner.clone(), says, true));
        }
        method(&owner, &renamed(before, names), after, changes);
    }
    for name in new.methods.keys().filter(|name| !heirs.contains(name)) {
        let owner = Owner::Method(name.clone());
        changes.push(change(owner, say("the method {} is new", &[name]), false));
    }
}

fn renamed(method: &Method, names: &Names) -> Method {
    Method {
        arguments: method
            .arguments
            .iter()
            .map(|(name, ty)| (name.clone(), in_new_names(ty, names)))
            .collect(),
        returns: in_new_names(&method.returns, names),
        body: method.body.clone(),
    }
}

fn method(owner: &Owner, old: &Method, new: &Method, changes: &mut Vec<Change>) {
    let types = |method: &Method| -> Vec<String> {
        method.arguments.iter().map(|(_, ty)| ty.clone()).collect()
    };
    let is_among =
        |name: &str, method: &Method| method.arguments.iter().any(|(one, _)| one == name);
    if types(old) != types(new) {
        arguments(owner, old, new, changes);
    } else if old.arguments != new.arguments
        && old.arguments.iter().all(|(name, _)| is_among(name, new))
    {
        // It compiles still, and sends one argument in the place of another.
        let says = say(
            "the arguments changed places: {} and now {}",
            &[&list(old), &list(new)],
        );
        changes.push(change(owner.clone(), says, true));
    }
    if old.returns != new.returns {
        let says = say(
            "the method returns {}, and returned {}",
            &[&new.returns, &old.returns],
        );
        changes.push(change(owner.clone(), says, true));
    }
}

fn arguments(owner: &Owner, old: &Method, new: &Method, changes: &mut Vec<Change>) {
    let of = |method: &Method| -> BTreeMap<String, String> {
        method.arguments.iter().cloned().collect()
    };
    let (before, after) = (of(old), of(new));
    let mut found = Vec::new();
    for (name, ty) in &before {
        let full = format!("{name}: {ty}");
        match after.get(name) {
            None => found.push(say("the method has lost the argument {}", &[&full])),
            Some(now) if now != ty => {
                let now = format!("{name}: {now}");
                found.push(say("the method takes {}, and took {}", &[&now, ty]));
            }
            Some(_) => {}
        }
    }
    for (name, ty) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        let full = format!("{name}: {ty}");
        found.push(say("the method has a new argument {}", &[&full]));
    }
    if found.is_empty() {
        let says = "the arguments changed places: {} and now {}";
        found.push(say(says, &[&list(old), &list(new)]));
    }
    changes.extend(
        found
            .into_iter()
            .map(|says| change(owner.clone(), says, true)),
    );
}

fn list(method: &Method) -> String {
    let names: Vec<&str> = method
        .arguments
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    format!("({})", names.join(", "))
}

fn in_new_names(text: &str, renames: &Names) -> String {
    let mut result = text.to_owned();
    for name in names(text).collect::<BTreeSet<_>>() {
        if let Some(heir) = renames.types.get(name) {
            result = replace_name(&result, name, heir);
        }
    }
    result
}

/// Replaces a name where it stands alone.
fn replace_name(text: &str, name: &str, heir: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, tail) = rest.split_at(at);
        let (found, after) = tail.split_at(name.len());
        let is_alone = !before.ends_with(is_part) && !after.starts_with(is_part);
        result.push_str(before);
        result.push_str(if is_alone { heir } else { found });
        rest = after;
    }
    result + rest
}

/// Whether callers build a type, and whether they read it. One that no method has is taken for both.
struct Used {
    sent: BTreeSet<String>,
    read: BTreeSet<String>,
}

impl Used {
    fn of(api: &Api) -> Self {
        let mut used = Self {
            sent: BTreeSet::new(),
            read: BTreeSet::new(),
        };
        for name in api.methods.keys() {
            let (sent, read) = api.reached(name);
            used.sent.extend(sent);
            used.read.extend(read);
        }
        used
    }

    fn is_built(&self, name: &str) -> bool {
        self.sent.contains(name) || !self.read.contains(name)
    }

    fn is_read(&self, name: &str) -> bool {
        self.read.contains(name) || !self.sent.contains(name)
    }
}

fn types(old: &Api, new: &Api, names: &Names, changes: &mut Vec<Change>) {
    let used = Used::of(new);
    let mut heirs = BTreeSet::new();
    for (name, before) in &old.types {
        let heir = names.types.get(name).unwrap_or(name);
        heirs.insert(heir);
        let owner = Owner::Type(heir.clone());
        let Some(after) = new.types.get(heir) else {
            changes.push(change(owner, say("the type {} is gone", &[name]), true));
            continue;
        };
        if heir != name {
            let says = say("the type {} is {} now", &[name, heir]);
            changes.push(change(owner, says, true));
        }
        one_type(heir, before, after, names, &used, changes);
    }
    for name in new.types.keys().filter(|name| !heirs.contains(name)) {
        let owner = Owner::Type(name.clone());
        changes.push(change(owner, say("the type {} is new", &[name]), false));
    }
}

fn one_type(
    name: &str,
    old: &Type,
    new: &Type,
    names: &Names,
    used: &Used,
    changes: &mut Vec<Change>,
) {
    let owner = || Owner::Type(name.to_owned());
    if old.kind != new.kind {
        let says = say(
            &format!("the type {{}} was a {} and is a {}", old.kind, new.kind),
            &[name],
        );
        changes.push(change(owner(), says, true));
        return;
    }
    let (old, new) = (&visible(name, old, new, changes), &visible_only(new));
    let what = if old.kind == "enum" {
        "variant"
    } else {
        "field"
    };
    for (member, before) in &old.members {
        let before = in_new_names(before, names);
        let full = format!("{name}::{member}");
        let says = match new.members.get(member) {
            None => say(&format!("the {what} {{}} is gone"), &[&full]),
            Some(after) if *after != before && what == "variant" => say(
                "the variant {} holds {}, and held {}",
                &[&full, after, &before],
            ),
            Some(after) if *after != before => {
                say("the field {} is {}, and was {}", &[&full, after, &before])
            }
            Some(_) => continue,
        };
        changes.push(change(owner(), says, true));
    }
    for member in new
        .members
        .keys()
        .filter(|member| !old.members.contains_key(*member))
    {
        let full = format!("{name}::{member}");
        let (says, breaks) = match (what, used.is_built(name), used.is_read(name)) {
            ("variant", _, true) => ("the variant {} is new: a `match` needs an arm for it", true),
            ("variant", _, false) => ("the variant {} is new", false),
            (_, true, _) => (
                "the field {} is new: callers that build the struct must set it",
                true,
            ),
            (_, false, _) => ("the field {} is new", false),
        };
        changes.push(change(owner(), say(says, &[&full]), breaks));
    }
    traits(name, old, new, names, changes);
}

fn traits(name: &str, old: &Type, new: &Type, names: &Names, changes: &mut Vec<Change>) {
    let before: BTreeSet<String> = old
        .traits
        .iter()
        .map(|one| in_new_names(one, names))
        .collect();
    let gone: Vec<&String> = before.difference(&new.traits).collect();
    let added: Vec<&String> = new.traits.difference(&before).collect();
    for (list, says, breaks) in [
        (gone, "the type {} no longer has ", true),
        (added, "the type {} has ", false),
    ] {
        if !list.is_empty() {
            let says = say(says, &[name]).then(&Words::list(&list));
            changes.push(change(Owner::Type(name.to_owned()), says, breaks));
        }
    }
}

/// A private field is nobody's but the crate's; that it is one, is everybody's.
fn visible(name: &str, old: &Type, new: &Type, changes: &mut Vec<Change>) -> Type {
    let mut seen = visible_only(old);
    let owner = || Owner::Type(name.to_owned());
    for field in private_fields(new).filter(|field| old.members.contains_key(*field)) {
        let full = format!("{name}::{field}");
        let says = say(
            "the field {} is private now: not every value is one",
            &[&full],
        );
        changes.push(change(owner(), says, true));
        seen.members.remove(field);
    }
    for field in private_fields(old) {
        if let Some(ty) = new.members.get(field) {
            let full = format!("{name}::{field}");
            let says = say("the field {} is public now: any value is one", &[&full]);
            changes.push(change(owner(), says, false));
            seen.members.insert(field.to_owned(), ty.clone());
        }
    }
    seen
}

fn private_fields(ty: &Type) -> impl Iterator<Item = &str> {
    ty.members
        .keys()
        .filter_map(|field| field.strip_prefix(PRIVATE))
}

fn visible_only(ty: &Type) -> Type {
    let mut ty = ty.clone();
    ty.members.retain(|field, _| !field.starts_with(PRIVATE));
    ty
}
