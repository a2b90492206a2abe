//! The findings as a person reads them: by operation, and once where several operations share a part.

use std::collections::BTreeSet;

use super::compare::Pair;
use super::compare::route;
use super::finding::{Direction, Finding, Rust, Site, Wire, Words, say};
use super::snapshots::Snapshot;

/// What changed of one operation, of one shared part, or of the document as a whole.
#[derive(Debug)]
pub struct Section {
    /// What it is of.
    pub title: Words,
    /// What a shared part reaches, in words.
    pub reaches: Option<Words>,
    /// The operations that it is of or reaches.
    pub operations: BTreeSet<String>,
    /// The changes, the gravest first.
    pub items: Vec<Item>,
    /// The recorded requests that changed.
    pub snapshots: Vec<Snapshot>,
    /// What a reviewer should look into.
    pub notes: Vec<Words>,
}

/// One change.
#[derive(Debug)]
pub struct Item {
    /// What changed.
    pub says: Words,
    /// What it means on the wire.
    pub wire: Wire,
    /// What it means for Rust callers.
    pub rust: Rust,
    /// Whether it is a matter of security.
    pub security: bool,
    /// Whether only readers of the documents see it.
    pub is_documentation: bool,
    /// What it does to the generated crate.
    pub in_rust: Vec<Words>,
}

/// The sections, and the snapshots that are of no operation.
pub(super) fn group(
    operations: &[Pair<'_>],
    findings: Vec<Finding>,
    snapshots: Vec<(Option<usize>, Snapshot)>,
) -> (Vec<Section>, Vec<Snapshot>) {
    let mut sent_otherwise = BTreeSet::new();
    for finding in findings.iter().filter(|finding| finding.wire.requests) {
        let sent = finding
            .reach
            .iter()
            .filter(|(_, direction)| *direction == Direction::Sent);
        sent_otherwise.extend(sent.map(|(number, _)| *number));
    }
    let of_operations = snapshots.iter().filter_map(|(number, _)| *number);
    let by_site = by_site(findings, of_operations);
    let mut sections: Vec<Section> = by_site
        .into_iter()
        .map(|at| section(operations, &at.site, &at.reach, at.items))
        .collect();
    let mut homeless = Vec::new();
    let mut with_snapshots = BTreeSet::new();
    for (operation, snapshot) in snapshots {
        let id = operation
            .and_then(|number| operations.get(number))
            .map(title);
        with_snapshots.extend(operation);
        match sections
            .iter_mut()
            .find(|section| Some(&section.title) == id.as_ref())
        {
            Some(section) => section.snapshots.push(snapshot),
            None => homeless.push(snapshot),
        }
    }
    let without: Vec<usize> = sent_otherwise
        .difference(&with_snapshots)
        .copied()
        .collect();
    note(operations, &without, &mut sections);
    (sections, homeless)
}

/// What was found at one site.
struct AtSite {
    site: Site,
    reach: BTreeSet<(usize, Direction)>,
    items: Vec<Item>,
}

/// The findings by their sites; an operation whose snapshots changed has one in any case.
fn by_site(findings: Vec<Finding>, also: impl Iterator<Item = usize>) -> Vec<AtSite> {
    let mut by_site: Vec<AtSite> = Vec::new();
    for finding in findings {
        let (site, place) = home(&finding);
        let reach = finding.reach.clone();
        let item = item(finding, &place);
        match by_site.iter_mut().find(|known| known.site == site) {
            Some(known) => {
                known.reach.extend(reach);
                known.items.push(item);
            }
            None => by_site.push(AtSite {
                site,
                reach,
                items: vec![item],
            }),
        }
    }
    for number in also {
        let site = Site::Operation(number);
        if !by_site.iter().any(|known| known.site == site) {
            by_site.push(AtSite {
                site,
                reach: BTreeSet::new(),
                items: Vec::new(),
            });
        }
    }
    by_site.sort_by_key(|at| order(&at.site));
    by_site
}

/// Requests that break without a recorded request that is another one.
fn note(operations: &[Pair<'_>], numbers: &[usize], sections: &mut [Section]) {
    let pairs = numbers.iter().filter_map(|number| operations.get(*number));
    let mut left: Vec<&Pair<'_>> = pairs
        .filter(|pair| pair.old.is_some() && pair.new.is_some())
        .collect();
    for section in sections {
        let breaks = section.items.iter().any(|item| item.wire.requests);
        let (here, others) = left
            .into_iter()
            .partition::<Vec<_>, _>(|pair| breaks && section.operations.contains(pair.id()));
        left = others;
        if !here.is_empty() {
            let ids: Vec<&str> = here.iter().map(|pair| pair.id()).collect();
            let words = say("no recorded request of ", &[])
                .then(&Words::list(&ids))
                .then(&say(
                    " changed: is there a row for it in {}?",
                    &["tests/product/request_shapes.rs"],
                ));
            section.notes.push(words);
        }
    }
}

/// A shared part that only one operation reaches is a part of that operation.
fn home(finding: &Finding) -> (Site, Words) {
    let Site::Component(kind, name) = &finding.site else {
        return (finding.site.clone(), finding.place.clone());
    };
    let numbers: BTreeSet<usize> = finding.reach.iter().map(|(number, _)| *number).collect();
    match (numbers.len(), numbers.first()) {
        (1, Some(number)) => {
            let mut place = say(&format!("{kind} {{}}"), &[name]);
            if !finding.place.0.is_empty() {
                place = place.then(&say(", ", &[])).then(&finding.place);
            }
            (Site::Operation(*number), place)
        }
        _ => (finding.site.clone(), finding.place.clone()),
    }
}

fn item(finding: Finding, place: &Words) -> Item {
    let says = if place.0.is_empty() {
        finding.says
    } else {
        place.clone().then(&say(": ", &[])).then(&finding.says)
    };
    Item {
        says,
        wire: finding.wire,
        rust: finding.rust,
        security: finding.security,
        is_documentation: finding.is_documentation
            && finding.rust == Rust::Same
            && !finding.security,
        in_rust: finding.in_rust,
    }
}

/// The document first, then the operations, then what they share.
fn order(site: &Site) -> (u8, usize, String) {
    match site {
        Site::Document => (0, 0, String::new()),
        Site::Operation(number) => (1, *number, String::new()),
        Site::Component(kind, name) => (2, 0, format!("{kind} {name}")),
    }
}

fn title(pair: &Pair<'_>) -> Words {
    let route = pair.latest().map(route).unwrap_or_default();
    say("{}: {}", &[pair.id(), &route])
}

fn section(
    operations: &[Pair<'_>],
    site: &Site,
    reach: &BTreeSet<(usize, Direction)>,
    mut items: Vec<Item>,
) -> Section {
    items.sort_by_key(|item| {
        let breaks = item.wire.breaks() || item.rust == Rust::Breaks;
        (!item.security, !breaks, item.is_documentation)
    });
    let id = |number: usize| {
        operations
            .get(number)
            .map(Pair::id)
            .unwrap_or_default()
            .to_owned()
    };
    let (title, reaches) = match site {
        Site::Document => (say("the whole document", &[]), None),
        Site::Operation(number) => (operations.get(*number).map(title).unwrap_or_default(), None),
        Site::Component(kind, name) => (
            say(&format!("{kind} {{}}"), &[name]),
            Some(reached(operations, reach)),
        ),
    };
    let own = match site {
        Site::Operation(number) => vec![id(*number)],
        _ => Vec::new(),
    };
    let ids = reach.iter().map(|(number, _)| id(*number)).chain(own);
    Section {
        title,
        reaches,
        operations: ids.collect(),
        items,
        snapshots: Vec::new(),
        notes: Vec::new(),
    }
}

fn reached(operations: &[Pair<'_>], reach: &BTreeSet<(usize, Direction)>) -> Words {
    let of = |direction: Direction| -> Vec<&str> {
        reach
            .iter()
            .filter(|(_, way)| *way == direction)
            .filter_map(|(number, _)| operations.get(*number))
            .map(Pair::id)
            .collect()
    };
    let (sent, read) = (of(Direction::Sent), of(Direction::Read));
    match (sent.is_empty(), read.is_empty()) {
        (true, true) => say("no operation", &[]),
        (false, true) => say("requests of ", &[]).then(&Words::list(&sent)),
        (true, false) => say("answers of ", &[]).then(&Words::list(&read)),
        (false, false) => say("requests of ", &[])
            .then(&Words::list(&sent))
            .then(&say(", and answers of ", &[]))
            .then(&Words::list(&read)),
    }
}
