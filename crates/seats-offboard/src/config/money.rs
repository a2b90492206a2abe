//! Amounts of money.

use std::fmt;
use std::ops::{AddAssign, Mul};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount of money, in hundredths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(u64);

/// The largest price of a seat.
const MOST: f64 = 1_000_000.0;

impl Money {
    /// Creates an amount of so many hundredths.
    pub fn of_hundredths(hundredths: u64) -> Self {
        Self(hundredths)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:02}", self.0 / 100, self.0 % 100))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.saturating_add(other.0);
    }
}

impl Mul<u64> for Money {
    type Output = Self;

    fn mul(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Number {
            Whole(i64),
            Decimal(f64),
        }
        let amount = match Number::deserialize(deserializer) {
            #[expect(clippy::cast_precision_loss, reason = "a price is at most a million")]
            Ok(Number::Whole(amount)) => amount as f64,
            Ok(Number::Decimal(amount)) => amount,
            Err(_) => return Err(D::Error::custom("a price must be a number")),
        };
        if !(0.0..=MOST).contains(&amount) {
            return Err(D::Error::custom("a price must be from 0 to 1000000"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is from 0 to 100000000"
        )]
        Ok(Self((amount * 100.0).round() as u64))
    }
}

impl Serialize for Money {
    /// As text, such as `20.00`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
