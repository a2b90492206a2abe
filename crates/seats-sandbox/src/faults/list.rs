//! A list of faults.

use super::check::check;
use super::fault::Fault;
use crate::input::error::InputError;
use crate::input::file::File;

/// A list of faults, of which the first that applies to a call counts.
///
/// As a file:
///
/// ```
/// let faults = seats_sandbox::Faults::from_yaml("
/// faults:
///   - {on: reclaim_seat_from_user, calls: 1, fault: lost}
///   - {on: get_seats, calls: [2, 4-6], fault: server_error, executed: false}
///   - {on: get_seats_users, calls: 9-, fault: too_many_requests, retry_after: 3}
///   - {on: token, calls: every, fault: delay, delay: 200ms}
/// ");
/// assert!(faults.is_ok());
/// ```
///
/// | field | meaning |
/// |---|---|
/// | `on` | the `operationId`; `token` or `discovery` for the authority |
/// | `calls` | a number, a range (`2-4`, or `9-` for the ninth and all later ones), a list of both, or `every` |
/// | `fault` | `delay`, `too_many_requests`, `server_error`, `bad_gateway`, `unavailable`, `cut`, `lost`, `closed`, `content_type` or `redirect`: the functions of [`Fault`] |
/// | `executed` | `true` or `false`: see [`Fault::executed`] |
/// | `delay` | a time to wait before the response, such as `200ms` |
/// | `retry_after` | seconds, for `too_many_requests` (1 by default) and `unavailable` |
/// | `bytes` or `body_bytes` | the number of bytes to send, for `cut` |
/// | `content_type` | the media type, for `content_type` |
/// | `location` | the `Location`, for `redirect` |
#[derive(Clone, Debug, Default)]
pub struct Faults(pub(super) Vec<Fault>);

impl Faults {
    pub(crate) fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn extend(&mut self, faults: Self) {
        self.0.extend(faults.0);
    }

    /// Checks every fault against the rules.
    pub(crate) fn check(&self, operations: &[&str]) -> Result<(), InputError> {
        for (index, fault) in self.0.iter().enumerate() {
            check(fault, operations).map_err(|invalid| {
                let field = format!("faults[{index}].{}", invalid.field);
                File::named("faults").whole(&field, invalid.problem)
            })?;
        }
        Ok(())
    }
}
