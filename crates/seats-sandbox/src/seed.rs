//! The seats that every sandbox starts with.

use uuid::{Uuid, uuid};

use crate::state::{Licence, State};

const TWO_PRODUCTS: Uuid = uuid!("626a4e8e-64bd-409d-b80e-428f08ac0b62");

const INCIDENT_RESPONSE: [Uuid; 3] = [
    TWO_PRODUCTS,
    uuid!("9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80"),
    uuid!("c3b5a7d2-41f8-4e0b-9c66-5a0d8e2f7b13"),
];

const ON_CALL: [Uuid; 2] = [TWO_PRODUCTS, uuid!("5e7f0a94-2c1b-4d38-8f60-b9a4c7d21e05")];

const ONLINE: (&str, &str) = ("9NBLGGH4R2R6", "0016");
const OFFLINE: (&str, &str) = ("CFQ7TTC0K5DR", "0001");

const ADA: &str = "ada@contoso.example";
/// Known to the directory, without any seat.
const LINUS: &str = "linus@contoso.example";

/// Holders of the online product and when they got their seats. Between them:
/// a plain user name, one that has to travel as `%23`, one that is not ASCII and
/// the bare object id of one whom the directory lists by that alone.
const ONLINE_HOLDERS: [(&str, &str); 4] = [
    (ADA, "2015-07-13T14:02:25.6863382-07:00"),
    (
        "grace_fabrikam.example#EXT#@contoso.example",
        "2016-01-05T09:30:00.0000000-08:00",
    ),
    ("zoë@contoso.example", "2016-11-30T17:45:10.1200000Z"),
    (
        "8f2b1c64-7d3e-4a59-b0c8-16e5f9a2d473",
        "2017-03-21T08:15:59.9999999Z",
    ),
];

/// A fresh state.
pub(crate) fn state() -> State {
    let mut state = State::default();
    for user in INCIDENT_RESPONSE {
        state.seed_datadog("incident_response", user);
    }
    for user in ON_CALL {
        state.seed_datadog("on_call", user);
    }
    state.seed_product(ONLINE, Licence::Online);
    state.seed_product(OFFLINE, Licence::Offline);
    state.seed_user(LINUS);
    for (username, assigned) in ONLINE_HOLDERS {
        state.seed_user(username);
        state.seed_seat(ONLINE, username, assigned);
    }
    state.seed_seat(OFFLINE, ADA, "2015-07-14T10:00:00.5000000-07:00");
    state
}
