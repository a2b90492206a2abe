//! `seats store assign` and `seats store reclaim`: for one user, for each of many, or in bulk.

use seats::Done;
use seats::store::api::operations::{
    ASSIGN_SEAT, BULK_ASSIGN_AND_RECLAIM_SEATS, RECLAIM_SEAT_FROM_USER,
};
use seats::store::{Client, Product, Seat, SeatAction, Username};

use super::connect::connect;
use super::ids;
use crate::arguments::ChangeSeats;
use crate::input::ask_for_many;
use crate::outcome::{Endpoint, LOST, Report, Subject};
use crate::output::print_report;
use crate::output::printable::quoted;
use crate::run::{Session, report_each};

/// Assigns or reclaims the seats.
///
/// # Errors
/// The report that is still to be printed.
pub async fn run(arguments: &ChangeSeats, action: SeatAction) -> Result<u8, Box<Report>> {
    let endpoint = Endpoint::store(match (arguments.bulk, action) {
        (true, _) => &BULK_ASSIGN_AND_RECLAIM_SEATS,
        (false, SeatAction::Assign) => &ASSIGN_SEAT,
        (false, SeatAction::Reclaim) => &RECLAIM_SEAT_FROM_USER,
    });
    let (product, users) =
        ids::parse(arguments).map_err(|message| Report::invalid_input(Some(endpoint), message))?;
    if action == SeatAction::Reclaim && !arguments.options.call.dry_run {
        ask_for_many("Reclaim seats from", users.len(), arguments.yes)
            .map_err(|message| Report::invalid_input(Some(endpoint), message))?;
    }
    let session = connect(endpoint, &arguments.options).await?;
    let change = Change {
        product: product
            .at(&session.client)
            .map_err(|error| session.error(endpoint, &error))?,
        session,
        endpoint,
        action,
    };
    match users.as_slice() {
        // A file may hold any number of users, and its output has the same form for each number.
        [user] if !arguments.bulk && arguments.users.users_file.is_none() => {
            Ok(change.one(user).await)
        }
        users => change.each(users, arguments).await,
    }
}

/// What to change, and how to call.
struct Change {
    session: Session<Client>,
    endpoint: Endpoint,
    product: Product,
    action: SeatAction,
}

impl Change {
    async fn one(&self, user: &Username) -> u8 {
        let subject = |seat| Subject {
            seat,
            user: Some(user.to_string()),
            ..Subject::default()
        };
        let call = async {
            match self.action {
                SeatAction::Assign => self.product.assign(user).await,
                SeatAction::Reclaim => self.product.reclaim(user).await,
            }
        };
        let report = match self.session.during(self.endpoint, call).await {
            Ok(done) => {
                let seat = seat(&done).and_then(|seat| serde_json::to_value(seat).ok());
                let sentence = self.sentence(&done, user);
                let report = Report::done(self.endpoint, &done, sentence).about(subject(seat));
                match remark(&done) {
                    Some(remark) => report.with_message(remark.to_owned()),
                    None => self.session.with_hint(report),
                }
            }
            Err(report) => report.about(subject(None)),
        };
        print_report(&report, self.session.format)
    }

    async fn each(&self, users: &[Username], arguments: &ChangeSeats) -> Result<u8, Box<Report>> {
        let outcomes = match (arguments.bulk, self.action) {
            (true, action) => self.product.bulk(action, users),
            (false, SeatAction::Assign) => self.product.assign_each(users),
            (false, SeatAction::Reclaim) => self.product.reclaim_each(users),
        };
        let outcomes = outcomes.map_err(|error| self.session.error(self.endpoint, &error))?;
        let outcomes = outcomes.concurrency(arguments.concurrency.calls());
        Ok(report_each(&self.session, self.endpoint, outcomes).await)
    }

    /// The text of a successful call.
    fn sentence(&self, done: &Done<Seat>, user: &Username) -> String {
        let (product, user) = (ids::quoted_ids(&self.product), quoted(user.as_str()));
        match self.action {
            _ if done.is_already_free() => format!("{user} holds no seat of {product}"),
            SeatAction::Assign => format!("a seat of {product} assigned to {user}"),
            SeatAction::Reclaim => format!("the seat of {product} reclaimed from {user}"),
        }
    }
}

/// Returns the seat in the response; none if nothing in its body is recognized.
fn seat(done: &Done<Seat>) -> Option<&Seat> {
    done.value().filter(|&seat| *seat != Seat::default())
}

/// Returns what is unusual about the response of a call that is done.
fn remark(done: &Done<Seat>) -> Option<&'static str> {
    if done.is_already_free() {
        return None;
    }
    if done.status().is_none_or(|status| status >= 300) {
        // The 404 of a retry says that the seat is gone, and nothing else.
        return Some(LOST);
    }
    let is_unreadable = seat(done).is_none() && !done.body().is_empty();
    is_unreadable.then_some("the body of the response could not be read")
}
