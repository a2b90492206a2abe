//! `seats store assign` and `seats store reclaim`: for one user, for each of many, or in bulk.

use futures_util::{Stream, StreamExt, stream};
use seats::store::api::bounds;
use seats::store::api::operations::{
    ASSIGN_SEAT, BULK_ASSIGN_AND_RECLAIM_SEATS, RECLAIM_SEAT_FROM_USER,
};
use seats::store::{Client, Seat, SeatAction, Username};
use seats::{Done, Result as CallResult};

use super::connect::connect;
use super::ids::{self, ProductSku};
use crate::arguments::ChangeSeats;
use crate::outcome::{Endpoint, Report, Subject, UserOutcome};
use crate::output::print_report;
use crate::output::printable::quoted;
use crate::run::{Session, Users, report_each};

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
    let change = Change {
        session: connect(endpoint, &arguments.options).await?,
        endpoint,
        product,
        action,
    };
    match users.as_slice() {
        _ if arguments.bulk => change.in_bulk(&users).await,
        // A file may hold any number of users, and its output has the same form for each number.
        [user] if arguments.users.users_file.is_none() => Ok(change.one(user).await),
        _ => Ok(change.each(&users).await),
    }
}

/// What to change, and how to call.
struct Change {
    session: Session<Client>,
    endpoint: Endpoint,
    product: ProductSku,
    action: SeatAction,
}

impl Change {
    async fn one(&self, user: &Username) -> u8 {
        let subject = |seat| Subject {
            seat,
            user: Some(user.as_str().to_owned()),
            ..Subject::default()
        };
        let report = match self.session.during(self.endpoint, self.call(user)).await {
            Ok(done) => {
                let seat = seat(&done).and_then(|seat| serde_json::to_value(seat).ok());
                let report = Report::done(self.endpoint, &done, self.sentence(user));
                let report = report.about(subject(seat));
                match remark(&done) {
                    Some(remark) => report.with_message(remark.to_owned()),
                    None => report,
                }
            }
            Err(report) => report.about(subject(None)),
        };
        print_report(&report, self.session.format)
    }

    async fn each(&self, users: &[Username]) -> u8 {
        let outcomes = stream::iter(users).then(async |user| {
            let result = self.call(user).await;
            UserOutcome::of_call(self.endpoint, user.as_str().to_owned(), result, remark)
        });
        self.report(outcomes.boxed_local(), users, 1).await
    }

    async fn in_bulk(&self, users: &[Username]) -> Result<u8, Box<Report>> {
        let outcomes = self
            .session
            .client
            .bulk(&self.product.product, &self.product.sku, self.action, users)
            .map_err(|error| self.session.error(self.endpoint, &error))?;
        let name = |user: &Username| user.as_str().to_owned();
        let outcomes =
            outcomes.map(|outcome| UserOutcome::of_outcome(self.endpoint, &outcome, name));
        let per_call = usize::try_from(*bounds::USERNAMES.end()).unwrap_or(usize::MAX);
        Ok(self.report(outcomes, users, per_call).await)
    }

    async fn report(
        &self,
        outcomes: impl Stream<Item = UserOutcome> + Unpin,
        users: &[Username],
        per_call: usize,
    ) -> u8 {
        let users = Users {
            names: users.iter().map(|user| user.as_str().to_owned()).collect(),
            per_call,
        };
        let (format, interruption) = (self.session.format, &self.session.interruption);
        let (exit_code, hint) =
            report_each(self.endpoint, outcomes, &users, format, interruption).await;
        self.session.print_hint(hint);
        exit_code
    }

    async fn call(&self, user: &Username) -> CallResult<Seat> {
        let (client, ids) = (&self.session.client, &self.product);
        match self.action {
            SeatAction::Assign => client.assign(&ids.product, &ids.sku, user).await,
            SeatAction::Reclaim => client.reclaim(&ids.product, &ids.sku, user).await,
        }
    }

    /// What a person reads if it is done.
    fn sentence(&self, user: &Username) -> String {
        let (product, user) = (self.product.quoted(), quoted(user.as_str()));
        match self.action {
            SeatAction::Assign => format!("a seat of {product} assigned to {user}"),
            SeatAction::Reclaim => format!("the seat of {product} reclaimed from {user}"),
        }
    }
}

/// Returns the seat in the response; none if nothing in its body is recognised.
fn seat(done: &Done<Seat>) -> Option<&Seat> {
    done.value().filter(|&seat| *seat != Seat::default())
}

/// Returns what is unusual about the response of a call that is done.
fn remark(done: &Done<Seat>) -> Option<&'static str> {
    if done.status().is_none_or(|status| status >= 300) {
        // The 404 of a retry says that the seat is gone, and nothing else.
        return Some("the response to an earlier attempt was lost, and the seat is gone");
    }
    let is_unreadable = seat(done).is_none() && !done.body().is_empty();
    is_unreadable.then_some("the body of the response could not be read")
}
