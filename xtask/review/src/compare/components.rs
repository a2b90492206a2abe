//! Components: which part of a spec they are.

use spec::Node;

use super::walk::{At, Walk};
use crate::finding::Site;
use crate::renames::component;
use crate::words::Words;

/// What a component of this kind is called.
fn kind(key: &str) -> &'static str {
    match key {
        "schemas" => "schema",
        "parameters" => "parameter",
        "responses" => "answer",
        "requestBodies" => "request body",
        "securitySchemes" => "security scheme",
        _ => "component",
    }
}

impl Walk<'_, '_> {
    /// The component that both nodes refer to, as the place of what is found in it.
    pub(super) fn shared(&mut self, old: &Node, new: &Node, at: &At) -> Option<At> {
        let (before, after) = (component(old), component(new));
        if before.is_none() && after.is_none() {
            return None;
        }
        let (Some((kind, old_name)), Some((new_kind, name))) = (before, after) else {
            let says = if after.is_some() {
                "refers to the component {} now, and said it here"
            } else {
                "says it here now, and referred to the component {}"
            };
            let name = before.or(after).map_or("", |(_, name)| name);
            // Where it makes another type of it, the generated crates tell.
            let finding = self.finding(at, says, &[name]).documentation();
            self.add(finding);
            return None;
        };
        let kind = if kind == new_kind {
            self::kind(kind)
        } else {
            "component"
        };
        let is_renamed = self.schemas.get(old_name).is_some_and(|heir| heir == name);
        if old_name != name && !(kind == "schema" && is_renamed) {
            let finding = self.finding(
                at,
                "refers to {} now, and referred to {}",
                &[name, old_name],
            );
            self.add(finding);
            return None;
        }
        let mut inner = at.clone();
        inner.site = Site::Component(kind, name.to_owned());
        inner.place = Words::default();
        if kind == "schema" && old_name != name {
            let says = "renamed: the schema was {} and is {}";
            let finding = self.finding(&inner, says, &[old_name, name]);
            self.add(finding);
        }
        Some(inner)
    }
}
