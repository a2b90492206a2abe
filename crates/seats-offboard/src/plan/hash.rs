//! The hash of a plan.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{PlanHead, Row, Totals};

/// Computes the hash of a plan: SHA-256 over each row, then the head, then the totals, each as JSON without
/// spaces and with a line feed after it. So it does not depend on how the document is laid out.
#[derive(Clone, Debug, Default)]
pub(super) struct Hasher(Sha256, Vec<u8>);

impl Hasher {
    pub(super) fn row(&mut self, row: &Row) -> serde_json::Result<()> {
        self.update(row)
    }

    fn update(&mut self, value: &impl Serialize) -> serde_json::Result<()> {
        self.1.clear();
        serde_json::to_writer(&mut self.1, value)?;
        self.1.push(b'\n');
        self.0.update(&self.1);
        Ok(())
    }

    pub(super) fn finish(mut self, head: &PlanHead, totals: &Totals) -> serde_json::Result<String> {
        self.update(head)?;
        self.update(totals)?;
        let hex = self
            .0
            .finalize()
            .iter()
            .fold(String::new(), |mut hex, byte| {
                use std::fmt::Write;
                // Writing to a string cannot fail.
                let _ = write!(hex, "{byte:02x}");
                hex
            });
        Ok(format!("sha256:{hex}"))
    }
}
