//! Head of a plan: format, action, accounts and time.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::vendor::{Account, Action, Product};

/// Head of a plan: format, action, accounts and time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanHead {
    /// The version of the format; 1.
    pub format: u32,
    /// What is done with the seats.
    pub action: Action,
    /// What the plan was made from.
    pub basis: Basis,
    /// When it was made, in UTC.
    pub made: DateTime<Utc>,
    /// The accounts against which it was made.
    pub accounts: Vec<Account>,
    /// The products whose holders were listed.
    pub products: Vec<Product>,
}

/// What a plan was made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "of", deny_unknown_fields)]
pub enum Basis {
    /// A list of people who have left.
    Leavers,
    /// A list of the people who are here: the seats of all others.
    EveryoneExcept {
        /// The largest share of a product's seats that the plan may hold, from 0 to 1.
        max_share: f64,
    },
    /// What a run took.
    Undo {
        /// The hash of that run's plan.
        plan: String,
    },
}
