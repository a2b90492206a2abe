//! The findings as a person reads them: by operation, and once where several operations share a part
//! or say the same.

use std::collections::BTreeSet;

use crate::consequences::Placed;
use crate::finding::{Direction, Finding, Site};
use crate::pairs::{Pair, route};
use crate::report::{Item, Section};
use crate::snapshots::Snapshot;
use crate::words::{Words, say};

/// The sections, and the snapshots that are of no operation.
pub(crate) fn group(
    operations: &[Pair<'_>],
    findings: Vec<Finding>,
    consequences: Vec<Placed>,
    snapshots: Vec<(Option<usize>, Snapshot)>,
) -> (Vec<Section>, Vec<Snapshot>) {
    let mut parts = Parts::default();
    for finding in findings {
        let (site, place) = home(&finding.site, &finding.reach, &finding.place);
        let part = parts.at(operations, site);
        part.reach.extend(finding.reach.iter().copied());
        part.section.items.push(item(finding, &place));
    }
    for placed in consequences {
        let (site, _) = home(&placed.site, &placed.reach, &Words::default());
        let part = parts.at(operations, site);
        part.reach.extend(placed.reach);
        part.section.consequences.push(placed.consequence);
    }
    let mut homeless = Vec::new();
    for (operation, snapshot) in snapshots {
        match operation {
            Some(number) => {
                let part = parts.at(operations, Site::Operation(number));
                part.section.snapshots.push(snapshot);
            }
            None => homeless.push(snapshot),
        }
    }
    (parts.sections(operations), homeless)
}

/// What was found, by the site.
#[derive(Default)]
struct Parts(Vec<Part>);

struct Part {
    site: Site,
    reach: BTreeSet<(usize, Direction)>,
    section: Section,
}

impl Parts {
    fn at(&mut self, operations: &[Pair<'_>], site: Site) -> &mut Part {
        let found = self.0.iter().position(|part| part.site == site);
        let at = found.unwrap_or_else(|| {
            let section = Section {
                title: title(operations, &site),
                reaches: None,
                operations: BTreeSet::new(),
                items: Vec::new(),
                consequences: Vec::new(),
                snapshots: Vec::new(),
            };
            self.0.push(Part {
                site,
                reach: BTreeSet::new(),
                section,
            });
            self.0.len() - 1
        });
        &mut self.0[at]
    }

    /// The document first, then the operations, then what they share.
    fn sections(mut self, operations: &[Pair<'_>]) -> Vec<Section> {
        self.0.sort_by(|a, b| a.site.cmp(&b.site));
        let mut sections: Vec<Section> = Vec::new();
        for part in self.0 {
            let mut section = part.section;
            let id = |number: usize| operations.get(number).map(Pair::id).unwrap_or_default();
            let own = match part.site {
                Site::Operation(number) => Some(number),
                _ => None,
            };
            let reached = part.reach.iter().map(|(number, _)| *number).chain(own);
            section.operations = reached.map(|number| id(number).to_owned()).collect();
            if matches!(part.site, Site::Component(..)) {
                section.reaches = Some(reaches(operations, &part.reach));
            }
            section
                .items
                .sort_by_key(|item| (!item.security, !item.wire.breaks(), item.is_documentation));
            section.consequences.sort_by_key(|one| !one.breaks);
            // What a vendor says again of each operation is read once.
            let is_alike = |other: &&mut Section| {
                own.is_some()
                    && other.reaches.is_none()
                    && !other.items.is_empty()
                    && other.items == section.items
                    && !other.operations.is_empty()
            };
            match sections.iter_mut().find(is_alike) {
                Some(alike) => alike.join(section),
                None => sections.push(section),
            }
        }
        sections
    }
}

impl Section {
    /// Takes in what is said of another operation in the same words.
    fn join(&mut self, other: Self) {
        self.operations.extend(other.operations);
        let ids: Vec<&String> = self.operations.iter().collect();
        self.title = say(&format!("{} operations: ", ids.len()), &[]).then(&Words::list(&ids));
        self.consequences.extend(other.consequences);
        self.snapshots.extend(other.snapshots);
    }
}

/// A shared part that only one operation reaches is a part of that operation.
fn home(site: &Site, reach: &BTreeSet<(usize, Direction)>, place: &Words) -> (Site, Words) {
    let numbers: BTreeSet<usize> = reach.iter().map(|(number, _)| *number).collect();
    match (site, numbers.len(), numbers.first()) {
        (Site::Component(kind, name), 1, Some(number)) => {
            let mut within = say(&format!("{kind} {{}}"), &[name]);
            if !place.0.is_empty() {
                within = within.then(&say(", ", &[])).then(place);
            }
            (Site::Operation(*number), within)
        }
        _ => (site.clone(), place.clone()),
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
        security: finding.security,
        is_documentation: finding.is_documentation && !finding.security,
    }
}

fn title(operations: &[Pair<'_>], site: &Site) -> Words {
    match site {
        Site::Document => say("the whole document", &[]),
        Site::Operation(number) => operations.get(*number).map_or_else(Words::default, |pair| {
            let route = pair.latest().map(route).unwrap_or_default();
            say("{}: {}", &[pair.id(), &route])
        }),
        Site::Component(kind, name) => say(&format!("{kind} {{}}"), &[name]),
    }
}

fn reaches(operations: &[Pair<'_>], reach: &BTreeSet<(usize, Direction)>) -> Words {
    let of = |direction: Direction| -> Vec<&str> {
        let reached = reach.iter().filter(|(_, way)| *way == direction);
        let pairs = reached.filter_map(|(number, _)| operations.get(*number));
        pairs.map(Pair::id).collect()
    };
    let (sent, read) = (of(Direction::Sent), of(Direction::Read));
    let requests = say("requests of ", &[]).then(&Words::list(&sent));
    let answers = say("answers of ", &[]).then(&Words::list(&read));
    match (sent.is_empty(), read.is_empty()) {
        (true, true) => say("no operation", &[]),
        (false, true) => requests,
        (true, false) => answers,
        (false, false) => requests.then(&say(", and ", &[])).then(&answers),
    }
}
