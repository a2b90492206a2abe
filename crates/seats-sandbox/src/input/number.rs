//! Numbers in seed and fault files, kept as text so that an error can show what was written.

use std::ops::RangeInclusive;

use serde::Deserialize;

use super::excerpt;

/// The largest number that the specs' `int64` holds.
pub(crate) const MOST: u64 = i64::MAX as u64;

/// Ten years in seconds: sums of such times do not overflow.
pub(crate) const LONGEST: u64 = 315_360_000;

/// A number as it was written.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Number(String);

impl Number {
    /// Returns the number.
    ///
    /// # Errors
    /// The text is no whole number within the bounds; the error names the value and the rule.
    pub(crate) fn within(&self, bounds: RangeInclusive<u64>) -> Result<u64, String> {
        let number = self.0.parse().ok();
        number
            .filter(|number| bounds.contains(number))
            .ok_or_else(|| {
                let (least, most) = bounds.into_inner();
                let value = excerpt::value(&self.0);
                format!("\"{value}\" must be a whole number from {least} to {most}")
            })
    }
}
