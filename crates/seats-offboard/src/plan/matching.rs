//! Matches a vendor's user to a person in the list.

use std::collections::HashMap;

use crate::people::{Identity, IdentityKey, Person};

/// Who has which identity.
pub(super) struct PeopleIndex {
    places: HashMap<IdentityKey, usize>,
}

/// Which of the people a vendor's user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// None of them.
    Nobody,
    /// One of them, by the vendor's own id.
    ById(usize),
    /// One of them, by a name such as an email address, which several users of a vendor may have.
    ByName(usize),
    /// Several: the user's identities belong to different people.
    Several(usize, usize),
}

impl PeopleIndex {
    pub(super) fn new(people: &[Person]) -> Self {
        let of_person = |(place, person): (usize, &Person)| {
            let keys: Vec<_> = person.identities.iter().flat_map(Identity::keys).collect();
            keys.into_iter().map(move |key| (key, place))
        };
        Self {
            places: people.iter().enumerate().flat_map(of_person).collect(),
        }
    }

    pub(super) fn fit(&self, identities: &[Identity]) -> Fit {
        let mut fit = Fit::Nobody;
        for key in identities.iter().flat_map(Identity::keys) {
            let Some(place) = self.places.get(&key).copied() else {
                continue;
            };
            let is_name = matches!(key, IdentityKey::Name(_));
            fit = match fit {
                Fit::Nobody if is_name => Fit::ByName(place),
                Fit::Nobody => Fit::ById(place),
                Fit::ById(before) | Fit::ByName(before) if before != place => {
                    return Fit::Several(before, place);
                }
                Fit::ByName(_) if !is_name => Fit::ById(place),
                fit => fit,
            };
        }
        fit
    }
}
