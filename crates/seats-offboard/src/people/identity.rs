//! An identity: one of the ways in which vendors know a person.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One of the ways in which vendors know a person.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// What kind of identity it is.
    pub kind: IdentityKind,
    /// The identity as it was written, without the space around it.
    pub value: String,
}

/// The kind of an identity.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// An email address or a user principal name.
    Name,
    /// The id of a Datadog user.
    DatadogId,
    /// The object id of an Entra user.
    ObjectId,
    /// A UUID without a known vendor; it is tried at each vendor.
    Id,
}

/// An identity in the form in which two spellings of it are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdentityKey {
    /// A name, with its ASCII letters in lower case. Letters beyond ASCII stay as they are, because folding
    /// their case would merge people who differ.
    Name(String),
    /// The id of a Datadog user.
    DatadogId(Uuid),
    /// The object id of an Entra user.
    ObjectId(Uuid),
}

impl Identity {
    /// Reads an identity: a UUID, with or without braces, is of the kind `id_kind`; a text with an `@` in
    /// it is a name. Returns none for anything else.
    pub fn parse(id_kind: IdentityKind, text: &str) -> Option<Self> {
        let value = text.trim();
        if let Some(id) = uuid(value) {
            let kind = match id_kind {
                IdentityKind::Name => IdentityKind::Id,
                kind => kind,
            };
            return Some(Self {
                kind,
                value: id.to_string(),
            });
        }
        let (local, domain) = value.rsplit_once('@')?;
        let is_separator =
            |c: char| c.is_whitespace() || c.is_control() || "\",;<>()[]\\/|".contains(c);
        let is_name = !local.is_empty()
            && !domain.is_empty()
            && value.len() <= 320
            && !value.contains(is_separator);
        is_name.then(|| Self {
            kind: IdentityKind::Name,
            value: value.to_owned(),
        })
    }

    /// Returns the keys under which the identity is found; a UUID of an unknown kind has one of each kind.
    pub fn keys(&self) -> Vec<IdentityKey> {
        let id = uuid(&self.value);
        match (self.kind, id) {
            (IdentityKind::DatadogId, Some(id)) => vec![IdentityKey::DatadogId(id)],
            (IdentityKind::ObjectId, Some(id)) => vec![IdentityKey::ObjectId(id)],
            (IdentityKind::Id, Some(id)) => {
                vec![IdentityKey::DatadogId(id), IdentityKey::ObjectId(id)]
            }
            _ => vec![IdentityKey::Name(self.value.trim().to_ascii_lowercase())],
        }
    }
}

/// Reads a UUID with or without braces, in any case.
fn uuid(text: &str) -> Option<Uuid> {
    // The shorter forms that the parser takes would make names of them.
    (text.len() == 36 || text.starts_with('{'))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_an_id_and_a_text_with_an_at_is_a_name() {
        let read = |text| Identity::parse(IdentityKind::Name, text);
        let id = read(" {8F2B1C64-7D3E-4A59-B0C8-16E5F9A2D473} ").unwrap();
        assert_eq!(id.kind, IdentityKind::Id);
        assert_eq!(id.value, "8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473");
        assert_eq!(id.keys().len(), 2);
        let name = read("Ada@Contoso.example ").unwrap();
        assert_eq!(name.value, "Ada@Contoso.example");
        assert_eq!(
            name.keys(),
            [IdentityKey::Name("ada@contoso.example".to_owned())]
        );
        assert!(read("grace_fabrikam.example#EXT#@contoso.example").is_some());
        for text in [
            "",
            "n/a",
            "@contoso.example",
            "ada@",
            "a b@c",
            "a@x;b@y",
            "a@x,b@y",
            "..",
            "CONTOSO\\ada@x",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn letters_beyond_ascii_keep_their_case() {
        let key = |text| Identity::parse(IdentityKind::Name, text).unwrap().keys();
        assert_ne!(key("\u{212a}im@x.example"), key("kim@x.example"));
    }
}
