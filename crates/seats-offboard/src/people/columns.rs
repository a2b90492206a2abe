//! Which column of the list holds what.

use std::fmt;

use super::IdentityKind;

/// The columns of a list that are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// The columns with identities, and the kind that a UUID in them has.
    pub identities: Vec<(usize, IdentityKind)>,
    /// The column with the person's name.
    pub name: Option<usize>,
}

/// The usual names of columns with a name at a vendor, without case, spaces and punctuation.
const NAMES: [&str; 22] = [
    "user",
    "username",
    "users",
    "userid",
    "email",
    "emails",
    "emailaddress",
    "mail",
    "mailaddress",
    "workemail",
    "companyemail",
    "businessemail",
    "primaryemail",
    "primarysmtpaddress",
    "smtpaddress",
    "upn",
    "userprincipalname",
    "principalname",
    "login",
    "signinname",
    "account",
    "identity",
];
const DATADOG_IDS: [&str; 6] = [
    "datadogid",
    "datadoguserid",
    "datadoguser",
    "datadoguuid",
    "datadoguseruuid",
    "useruuid",
];
const OBJECT_IDS: [&str; 8] = [
    "objectid",
    "aadobjectid",
    "azureadobjectid",
    "azureobjectid",
    "entraobjectid",
    "entraid",
    "externaldirectoryobjectid",
    "azureaduserid",
];
const PEOPLE: [&str; 5] = [
    "name",
    "displayname",
    "fullname",
    "employee",
    "employeename",
];

/// Error from finding the columns of a list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnError {
    /// No column has a usual name.
    #[error(
        "no column of the list is known to identify a person; its columns are {0}; name one with --column"
    )]
    NoneKnown(ColumnNames),
    /// The first line does not look like a header.
    #[error(
        "the list has several columns and no header: its first line is {0}; add a header such as \"email\", or leave one column"
    )]
    NoHeader(ColumnNames),
    /// A column that was asked for is not there.
    #[error(
        "the list has no column {asked:?}{}; its columns are {columns}",
        suggestion(nearest)
    )]
    Missing {
        /// The column that was asked for.
        asked: String,
        /// The most similar column.
        nearest: Option<String>,
        /// The columns that are there.
        columns: ColumnNames,
    },
}

fn suggestion(nearest: &Option<String>) -> String {
    nearest
        .as_ref()
        .map(|name| format!("; did you mean {name:?}?"))
        .unwrap_or_default()
}

/// The names of columns, as a message has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnNames(Vec<String>);

impl fmt::Display for ColumnNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<String> = self
            .0
            .iter()
            .take(20)
            .map(|name| format!("{name:?}"))
            .collect();
        f.write_str(&shown.join(", "))
    }
}

/// A name without case, spaces and punctuation.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Returns the kind of identity that a column of this name holds.
pub(super) fn kind(name: &str) -> Option<IdentityKind> {
    let name = plain(name);
    let is_in = |names: &[&str]| names.contains(&name.as_str());
    if is_in(&NAMES) {
        Some(IdentityKind::Id)
    } else if is_in(&DATADOG_IDS) {
        Some(IdentityKind::DatadogId)
    } else if is_in(&OBJECT_IDS) {
        Some(IdentityKind::ObjectId)
    } else {
        None
    }
}

impl Columns {
    /// The columns of a list of plain lines.
    pub(super) fn plain() -> Self {
        Self {
            identities: vec![(0, IdentityKind::Id)],
            name: None,
        }
    }

    /// Finds the columns by their usual names, or those that were asked for.
    pub(super) fn find(header: &[String], asked: &[String]) -> Result<Self, ColumnError> {
        let identities = if asked.is_empty() {
            let known = header.iter().enumerate();
            known
                .filter_map(|(n, name)| Some((n, kind(name)?)))
                .collect::<Vec<_>>()
        } else {
            let find = |name: &String| named(header, name);
            asked.iter().map(find).collect::<Result<_, _>>()?
        };
        if identities.is_empty() {
            let names = ColumnNames(header.to_vec());
            return Err(if header.iter().any(|cell| cell.contains('@')) {
                ColumnError::NoHeader(names)
            } else {
                ColumnError::NoneKnown(names)
            });
        }
        let name = header
            .iter()
            .position(|name| PEOPLE.contains(&plain(name).as_str()));
        let is_identity = |n: &usize| identities.iter().any(|(column, _)| column == n);
        Ok(Self {
            name: name.filter(|n| !is_identity(n)),
            identities,
        })
    }
}

fn named(header: &[String], asked: &str) -> Result<(usize, IdentityKind), ColumnError> {
    let wanted = plain(asked);
    if let Some(n) = header.iter().position(|name| plain(name) == wanted) {
        return Ok((n, kind(asked).unwrap_or(IdentityKind::Id)));
    }
    let distance = |name: &&String| strsim::damerau_levenshtein(&plain(name), &wanted);
    let nearest = header.iter().min_by_key(distance);
    Err(ColumnError::Missing {
        asked: asked.to_owned(),
        nearest: nearest.filter(|name| distance(name) <= 3).cloned(),
        columns: ColumnNames(header.to_vec()),
    })
}
