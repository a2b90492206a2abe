//! Writes a plan of any size.

use std::fs::File;
use std::io::{BufWriter, Write};

use anyhow::Result;
use chrono::Utc;
use seats_offboard::{
    Action, Basis, FORMAT, HeldSeat, Identity, IdentityKind, Person, PlanHead, PlanWriter, Row,
};
use uuid::Uuid;

use crate::vendor;

/// The user of a row.
pub fn user(row: u64) -> String {
    Uuid::from_u128(u128::from(row) + 1).to_string()
}

/// Writes a plan of so many rows.
pub fn write(file: &str, rows: u64) -> Result<()> {
    let head = PlanHead {
        format: FORMAT,
        action: Action::Reclaim,
        basis: Basis::Leavers,
        made: Utc::now(),
        accounts: vec![vendor::account()],
        products: vec![vendor::product()],
    };
    let mut plan = PlanWriter::new(BufWriter::new(File::create(file)?), head)?;
    for row in 0..rows {
        plan.row(&change(row))?;
    }
    let (mut document, ..) = plan.finish()?;
    document.flush()?;
    Ok(())
}

fn change(row: u64) -> Row {
    let person = Person {
        line: Some(row + 2),
        name: None,
        identities: vec![Identity {
            kind: IdentityKind::Name,
            value: format!("user.{row}@contoso.example"),
        }],
    };
    let seat = HeldSeat {
        product: vendor::product(),
        user: user(row),
        held_since: None,
    };
    Row::Change { person, seat }
}
