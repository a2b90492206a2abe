//! The calls that most tests make, and the part of their results that they compare.

use seats::{Done, Effect, RetryPolicy, Uuid, datadog, store};

use crate::clients::Server;

/// A user at Datadog who holds seats in a fresh sandbox.
pub const ADA: Uuid = Uuid::from_u128(0x626a4e8e_64bd_409d_b80e_428f08ac0b62);
/// Another one.
pub const GRACE: Uuid = Uuid::from_u128(0x9d1c2f60_0f6e_4c5a_8b3e_7f1d2a4c6e80);
/// A user at Datadog who holds none.
const LINUS: Uuid = Uuid::from_u128(0xe8a3f1d6_7b2c_4f95_a0d4_3c6b9e5f8217);

/// The Store's product of the tests, and its SKU.
pub const PRODUCT: &str = "9NBLGGH4R2R6";
pub const SKU: &str = "0016";

/// Takes Ada's seat of `incident_response` away.
pub async fn unassign(client: &datadog::Client) -> seats::Result<Done<()>> {
    client.unassign("incident_response", [ADA]).await
}

/// Takes Ada's seat in the Store away.
pub async fn reclaim(client: &store::Client) -> seats::Result<Done<store::Seat>> {
    client.reclaim(PRODUCT, SKU, "ada@contoso.example").await
}

/// What a caller learns from the result of a call.
#[derive(Debug, PartialEq)]
pub struct CallResult {
    pub effect: Effect,
    pub status: Option<u16>,
    pub attempts: u32,
}

impl CallResult {
    pub fn new(effect: Effect, status: Option<u16>, attempts: u32) -> Self {
        Self {
            effect,
            status,
            attempts,
        }
    }

    pub fn of<T>(result: seats::Result<Done<T>>) -> Self {
        match result {
            Ok(done) => Self::new(done.effect(), done.status(), done.attempts()),
            Err(error) => Self::new(error.effect(), error.status(), error.attempts()),
        }
    }
}

/// A call that changes something. Each can be made once in a fresh sandbox.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    Unassign,
    AssignAtDatadog,
    Reclaim,
    AssignInTheStore,
}

impl Change {
    pub const ALL: [Self; 4] = [
        Self::Unassign,
        Self::AssignAtDatadog,
        Self::Reclaim,
        Self::AssignInTheStore,
    ];
    pub const DELETES: [Self; 2] = [Self::Unassign, Self::Reclaim];
    pub const POSTS: [Self; 2] = [Self::AssignAtDatadog, Self::AssignInTheStore];

    pub fn operation(self) -> &'static str {
        match self {
            Self::Unassign => "unassign_seats_user",
            Self::AssignAtDatadog => "assign_seats_user",
            Self::Reclaim => "reclaim_seat_from_user",
            Self::AssignInTheStore => "assign_seat",
        }
    }

    pub fn is_idempotent(self) -> bool {
        Self::DELETES.contains(&self)
    }

    /// Makes the call with a client of its own.
    pub async fn call(self, server: &Server, policy: RetryPolicy) -> CallResult {
        match self {
            Self::Unassign => CallResult::of(unassign(&server.datadog(policy)).await),
            Self::AssignAtDatadog => {
                let datadog = server.datadog(policy);
                CallResult::of(datadog.assign("incident_response", [LINUS]).await)
            }
            Self::Reclaim => CallResult::of(reclaim(&server.store(policy)).await),
            Self::AssignInTheStore => {
                let store = server.store(policy);
                CallResult::of(store.assign(PRODUCT, SKU, "linus@contoso.example").await)
            }
        }
    }
}
