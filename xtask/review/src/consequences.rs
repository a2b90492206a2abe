//! Reports each change of the generated crate once, under the part of the spec that it comes from.

use std::collections::BTreeSet;

use crate::api::{Api, Change, Owner};
use crate::finding::{Direction, Finding, Site, Wire};
use crate::pairs::{Pair, bare};
use crate::renames::Renamed;
use crate::words::{Words, say};

/// What a change does to code that calls the generated crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Consequence {
    /// What changed.
    pub says: Words,
    /// Whether code that compiled may compile no longer.
    pub breaks: bool,
}

/// A consequence, where it belongs, and the operations that it reaches.
pub(crate) struct Placed {
    pub site: Site,
    pub reach: BTreeSet<(usize, Direction)>,
    pub consequence: Consequence,
}

/// Both crates, and the parts of the specs that their items are named after.
pub(crate) struct Crates<'a> {
    pub operations: &'a [Pair<'a>],
    pub schemas: &'a Renamed,
    /// The names of all schemas, before and now.
    pub names: BTreeSet<String>,
    pub old: &'a Api,
    pub new: &'a Api,
}

impl Crates<'_> {
    pub fn place(&self, change: Change) -> Placed {
        let site = self.site(&change.owner);
        let reach = match &change.owner {
            Owner::Type(name) => self.reach(name),
            _ => BTreeSet::new(),
        };
        Placed {
            site,
            reach,
            consequence: Consequence {
                says: change.says,
                breaks: change.breaks,
            },
        }
    }

    /// An item is of what it is named after; a type without a schema of its own is named after that in
    /// which it stands.
    fn site(&self, owner: &Owner) -> Site {
        let name = match owner {
            Owner::Method(name) | Owner::Type(name) => bare(name),
            Owner::Constant(module, name) if module == "bounds" => bare(name),
            Owner::Constant(..) => return Site::Document,
        };
        let is_whole = |part: &str| bare(part) == name;
        let schema = |name: &String| {
            let heir = self.schemas.get(name).unwrap_or(name);
            Site::Component("schema", heir.clone())
        };
        if !matches!(owner, Owner::Method(_))
            && let Some(found) = self.names.iter().find(|name| is_whole(name))
        {
            return schema(found);
        }
        let ids = |pair: &Pair<'_>| [bare(pair.old_id()), bare(pair.new_id())];
        let operations = self
            .operations
            .iter()
            .enumerate()
            .flat_map(|(number, pair)| ids(pair).map(|id| (id, Site::Operation(number))));
        let schemas = self.names.iter().map(|name| (bare(name), schema(name)));
        operations
            .chain(schemas)
            .filter(|(part, _)| !part.is_empty() && name.starts_with(part.as_str()))
            .max_by_key(|(part, _)| part.len())
            .map_or(Site::Document, |(_, site)| site)
    }

    /// The operations whose methods have a type.
    pub fn reach(&self, name: &str) -> BTreeSet<(usize, Direction)> {
        let mut reach = BTreeSet::new();
        for (number, pair) in self.operations.iter().enumerate() {
            for (api, id) in [(self.old, pair.old_id()), (self.new, pair.new_id())] {
                let mut methods = api.methods.keys();
                let Some(method) = methods.find(|method| bare(method) == bare(id)) else {
                    continue;
                };
                let (sent, read) = api.reached(method);
                for (types, way) in [(sent, Direction::Sent), (read, Direction::Read)] {
                    if types.iter().any(|ty| bare(ty) == bare(name)) {
                        reach.insert((number, way));
                    }
                }
            }
        }
        reach
    }

    /// What a method does is the last word on the requests that it makes: one that does something
    /// else, where nothing is said of that, is a break by itself.
    pub fn unexplained(&self, findings: &[Finding]) -> Vec<Finding> {
        let mut found = Vec::new();
        for (number, pair) in self.operations.iter().enumerate() {
            let halves = |api: &Api, id: &str| -> Option<[String; 2]> {
                let (_, method) = api
                    .methods
                    .iter()
                    .find(|(name, _)| bare(name) == bare(id))?;
                Some(halves(&method.body))
            };
            let (Some(old), Some(new)) = (
                halves(self.old, pair.old_id()),
                halves(self.new, pair.new_id()),
            ) else {
                continue;
            };
            let is_told = |direction: Direction| {
                let mut told = findings.iter().filter(|finding| !finding.is_documentation);
                told.any(|finding| finding.reach.contains(&(number, direction)))
            };
            let [requests, answers] = [0, 1].map(|half| old.get(half) != new.get(half));
            let wire = Wire {
                requests: requests && !is_told(Direction::Sent),
                answers: answers && !is_told(Direction::Read),
            };
            if wire.breaks() {
                let says = "the generated method does something else, and no rule knows why";
                let site = Site::Operation(number);
                found.push(Finding::new(site, Words::default(), say(says, &[])).wire(wire));
            }
        }
        found
    }
}

/// What a method sends, and how it reads the answer. What kind of answer it asks for is of the latter.
fn halves(body: &str) -> [String; 2] {
    let (request, rest) = body
        .split_once("let info=OperationInfo{")
        .unwrap_or((body, ""));
    // The operation's id comes first; it is for hooks, and goes nowhere.
    let (_, answer) = rest.split_once('}').unwrap_or(("", rest));
    let pieces = request.split(".header(");
    let pieces: Vec<&str> = pieces.filter(|piece| !piece.contains("::ACCEPT")).collect();
    // The names of headers have no case; of what else has, other findings tell.
    [pieces.join(".header(").to_lowercase(), answer.to_owned()]
}
