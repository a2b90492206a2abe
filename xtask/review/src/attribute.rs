//! Which change of the spec made which change of the generated crate.
//!
//! The verdict for Rust comes from the crates alone; here each change of an item finds the changes of
//! the spec that it can come from. One that finds none is reported by itself.

use std::collections::BTreeSet;

use super::api::{Api, Change, Owner};
use super::compare::{Pair, Renamed};
use super::finding::{Direction, Finding, Rust, Site, Touch, Wire, Words, say};
use super::method;

/// What is needed to know whose type is whose.
pub(super) struct Crates<'a> {
    pub operations: &'a [Pair<'a>],
    pub schemas: &'a Renamed,
    pub old: &'a Api,
    pub new: &'a Api,
    /// The names of all schemas, before and now.
    pub names: BTreeSet<String>,
}

pub(super) fn attribute(crates: &Crates<'_>, findings: &mut Vec<Finding>, changes: Vec<Change>) {
    for change in changes {
        let mut is_known = false;
        for finding in findings.iter_mut() {
            if finding
                .touches
                .iter()
                .any(|touch| crates.fits(touch, &change))
            {
                is_known = true;
                take(finding, &change);
            }
        }
        if !is_known {
            findings.push(crates.unexplained(&change));
        }
    }
    methods(crates, findings);
    for finding in findings {
        if let (Site::Component("schema", name), true) = (&finding.site, finding.reach.is_empty()) {
            finding.reach = crates.reach(name);
        }
    }
}

/// What a method does is the last word on the requests that it makes. Only a finding that says that
/// requests break speaks of one that is another; one about an argument more says nothing of the rest.
fn methods(crates: &Crates<'_>, findings: &mut Vec<Finding>) {
    for number in 0..crates.operations.len() {
        let Some(another) = crates.another_method(number) else {
            continue;
        };
        let at = |finding: &&Finding| finding.reach.iter().any(|(reached, _)| *reached == number);
        let mut known = findings.iter().filter(at);
        let breaks_requests =
            known.any(|finding| finding.wire.requests || finding.is_up_to_the_method);
        let is_about_answers = findings.iter().filter(at).any(|finding| {
            !finding.is_documentation && finding.reach.contains(&(number, Direction::Read))
        });
        let requests = (another.sends || another.accepts && !is_about_answers) && !breaks_requests;
        let answers = another.reads && !is_about_answers;
        if requests || answers {
            let says = if requests {
                "the generated method sends something else; no rule knows why"
            } else {
                "the generated method reads answers another way; no rule knows why"
            };
            let mut finding =
                Finding::new(Site::Operation(number), Words::default(), say(says, &[]));
            finding.wire = Wire { requests, answers };
            findings.push(finding);
        }
    }
    for finding in findings
        .iter_mut()
        .filter(|finding| finding.is_up_to_the_method)
    {
        let mut reached = finding.reach.iter().map(|(number, _)| *number);
        let (more, wire) = if reached.any(|number| {
            crates
                .another_method(number)
                .is_none_or(|method| method.sends)
        }) {
            (
                say(": the value is written another way", &[]),
                Wire::REQUESTS,
            )
        } else {
            (
                say(": the generated code writes the value as before", &[]),
                Wire::SAME,
            )
        };
        finding.wire = wire;
        finding.says = finding.says.clone().then(&more);
    }
}

fn take(finding: &mut Finding, change: &Change) {
    finding.rust = finding.rust.max(if change.breaks {
        Rust::Breaks
    } else {
        Rust::Adds
    });
    finding.in_rust.push(change.says.clone());
}

/// Letters and digits in lower case: what the generator leaves of a name whatever case it chooses.
pub(super) fn bare(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .collect::<String>()
        .to_lowercase()
}

impl Crates<'_> {
    fn fits(&self, touch: &Touch, change: &Change) -> bool {
        let is_rename = change.former.is_some();
        match (touch, &change.owner) {
            (Touch::Operation(number), Owner::Method(name)) => {
                change.member.is_none() && self.is_method(*number, name)
            }
            (Touch::Part(number, part), Owner::Method(name)) => {
                let fits = |member: &str| member.is_empty() || bare(member) == bare(part);
                self.is_method(*number, name) && change.member.as_deref().is_some_and(fits)
            }
            (Touch::Operation(number), Owner::Type(name)) => self
                .ids(*number)
                .iter()
                .any(|id| self.is_named_after(name, id)),
            (Touch::Part(number, part), Owner::Type(name)) => {
                let endings: &[&str] = match part.as_str() {
                    "" => &[],
                    "returns" => &["response", "error"],
                    _ => &[part],
                };
                self.ids(*number).iter().any(|id| {
                    let after = |ending: &&str| self.is_named_after(name, &format!("{id}{ending}"));
                    endings.iter().any(after)
                })
            }
            (Touch::Name(schema), Owner::Type(name)) => {
                is_rename && self.is_type(schema, name, change)
            }
            (Touch::Schema(schema), Owner::Type(name)) => {
                !is_rename
                    && (self.is_type(schema, name, change) || self.is_named_after(name, schema))
            }
            (Touch::Property(schema, property), Owner::Type(name)) => {
                let fits = |member: &str| bare(member) == bare(property);
                !is_rename
                    && (self.is_type(schema, name, change)
                        && change.member.as_deref().is_none_or(fits)
                        || self.is_named_after(name, &format!("{schema}{property}")))
            }
            (Touch::Scheme(id), Owner::Constant(module, name)) => {
                module == "security_schemes" && bare(id) == bare(name)
            }
            (Touch::Schema(schema) | Touch::Name(schema), Owner::Constant(module, name)) => {
                let former = self.schemas.iter().find(|(_, heir)| *heir == schema);
                let mut names = former.map(|(name, _)| name).into_iter().chain([schema]);
                module == "bounds" && names.any(|schema| bare(schema) == bare(name))
            }
            _ => false,
        }
    }

    fn ids(&self, number: usize) -> Vec<&str> {
        self.operations
            .get(number)
            .map(|pair| vec![pair.old_id(), pair.new_id()])
            .unwrap_or_default()
    }

    fn is_method(&self, number: usize, name: &str) -> bool {
        self.ids(number).iter().any(|id| bare(id) == bare(name))
    }

    /// What the method of an operation does otherwise; None where it has one on one side.
    fn another_method(&self, number: usize) -> Option<method::Another> {
        let pair = self.operations.get(number)?;
        let find = |api: &'_ Api, id: &str| {
            let (_, method) = api
                .methods
                .iter()
                .find(|(name, _)| bare(name) == bare(id))?;
            Some(method.clone())
        };
        let old = find(self.old, pair.old_id())?;
        Some(method::compare(&old, &find(self.new, pair.new_id())?))
    }

    fn is_type(&self, schema: &str, name: &str, change: &Change) -> bool {
        let names = [Some(name), change.former.as_deref()];
        names
            .into_iter()
            .flatten()
            .any(|name| bare(name) == bare(schema))
    }

    /// Whether a type without a schema of its own got its name from where it stands.
    fn is_named_after(&self, name: &str, start: &str) -> bool {
        let name = bare(name);
        let start = bare(start);
        !start.is_empty()
            && name.starts_with(&start)
            && !self.names.iter().any(|schema| bare(schema) == name)
    }

    /// A change of an item that no change of the spec accounts for.
    fn unexplained(&self, change: &Change) -> Finding {
        let site = match &change.owner {
            Owner::Method(name) => (0..self.operations.len())
                .find(|number| self.is_method(*number, name))
                .map_or(Site::Document, Site::Operation),
            Owner::Type(name) => {
                let schema = self.names.iter().find(|schema| bare(schema) == bare(name));
                schema.map_or(Site::Document, |schema| {
                    let heir = self.schemas.get(schema).unwrap_or(schema);
                    Site::Component("schema", heir.clone())
                })
            }
            Owner::Constant(..) => Site::Document,
        };
        let mut finding = Finding::new(site, Words::default(), change.says.clone());
        finding.rust = if change.breaks {
            Rust::Breaks
        } else {
            Rust::Adds
        };
        if let Owner::Type(name) = &change.owner {
            finding.reach = self.reach(name);
            if let (Site::Document, [number]) = (
                &finding.site,
                finding
                    .reach
                    .iter()
                    .map(|(number, _)| *number)
                    .collect::<BTreeSet<_>>()
                    .into_iter()
                    .collect::<Vec<_>>()
                    .as_slice(),
            ) {
                finding.site = Site::Operation(*number);
            }
        }
        finding
    }

    /// The operations whose methods have a type.
    fn reach(&self, name: &str) -> BTreeSet<(usize, Direction)> {
        let mut reach = BTreeSet::new();
        for (number, pair) in self.operations.iter().enumerate() {
            for (api, id) in [(self.old, pair.old_id()), (self.new, pair.new_id())] {
                let Some(method) = api.methods.keys().find(|method| bare(method) == bare(id))
                else {
                    continue;
                };
                let (sent, read) = api.reached(method);
                let holds =
                    |types: &BTreeSet<String>| types.iter().any(|ty| bare(ty) == bare(name));
                if holds(&sent) {
                    reach.insert((number, Direction::Sent));
                }
                if holds(&read) {
                    reach.insert((number, Direction::Read));
                }
            }
        }
        reach
    }
}
