//! A number in a seed or fault file, as it was written: what is wrong with it is said with its text.

use std::ops::RangeInclusive;

use serde::Deserialize;

/// More than any counter of a sandbox needs; what the specs' `int64` holds.
pub(crate) const MOST: u64 = i64::MAX as u64;

/// A time in seconds that no sum of times overflows with: ten years.
pub(crate) const LONGEST: u64 = 315_360_000;

/// A whole number, or what stands in its place.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Number(String);

impl Number {
    /// The number.
    ///
    /// # Errors
    /// It is none, or not within these bounds: the value and the rule.
    pub(crate) fn within(&self, bounds: RangeInclusive<u64>) -> Result<u64, String> {
        let number = self.0.parse().ok();
        number
            .filter(|number| bounds.contains(number))
            .ok_or_else(|| {
                let (least, most) = bounds.into_inner();
                format!("{:?} must be a whole number from {least} to {most}", self.0)
            })
    }
}
