//! `seats datadog unassign`: one request for all users, one per user, or one per batch.

use std::num::NonZeroU32;

use futures_util::{StreamExt, stream};
use seats::datadog::api::operations::UNASSIGN_SEATS_USER;
use seats::datadog::{Client, ProductCode};
use seats::{Outcome, Uuid};

use super::connect::connect;
use super::users::{self, count, subject};
use crate::arguments::Unassign;
use crate::outcome::{Endpoint, Report, UserOutcome};
use crate::output::print_report;
use crate::output::printable::quoted;
use crate::run::{Interrupted, Session, Users, report_each, report_interrupted};

const UNASSIGN: Endpoint = Endpoint::datadog(&UNASSIGN_SEATS_USER);

/// Unassigns seats of a product from users.
///
/// # Errors
/// The report that is still to be printed.
pub async fn run(arguments: &Unassign) -> Result<u8, Box<Report>> {
    let (product, users) = users::parse(UNASSIGN, &arguments.product, &arguments.users)?;
    let about_users = |report: Report| report.about(subject(&users));
    let session = connect(UNASSIGN, &arguments.options)
        .await
        .map_err(|report| about_users(*report))?;
    let run = Run {
        session,
        product,
        users: &users,
    };
    let result = if arguments.one_by_one {
        run.one_by_one().await
    } else if let Some(size) = arguments.batch_size {
        run.in_batches(size).await
    } else {
        run.at_once().await
    };
    result.map_err(|report| Box::new(about_users(*report)))
}

/// What to unassign, and how to call.
struct Run<'u> {
    session: Session<Client>,
    product: ProductCode,
    users: &'u [Uuid],
}

impl Run<'_> {
    async fn at_once(&self) -> Result<u8, Box<Report>> {
        let call = self.session.client.unassign(&self.product, self.users);
        let done = self.session.during(UNASSIGN, call).await?;
        let (product, users) = (quoted(self.product.as_str()), count(self.users));
        let sentence = format!("seats of {product} unassigned from {users}");
        let report = Report::done(UNASSIGN, &done, sentence).about(subject(self.users));
        Ok(print_report(&report, self.session.format))
    }

    async fn one_by_one(&self) -> Result<u8, Box<Report>> {
        let client = &self.session.client;
        let outcomes = client
            .unassign_each(&self.product, self.users)
            .map_err(|error| self.session.error(UNASSIGN, &error))?;
        Ok(self.report(outcomes, 1).await)
    }

    async fn in_batches(&self, size: NonZeroU32) -> Result<u8, Box<Report>> {
        let client = &self.session.client;
        let outcomes = client.unassign_in_batches(&self.product, self.users, size);
        // The outcome of every user depends on the list that is read at the end.
        let per_call = self.users.len();
        match self.session.interruption.during(outcomes).await {
            Ok(outcomes) => {
                let outcomes = outcomes.map_err(|error| self.session.error(UNASSIGN, &error))?;
                Ok(self.report(stream::iter(outcomes), per_call).await)
            }
            Err(Interrupted) => {
                let users = self.named(per_call);
                Ok(report_interrupted(UNASSIGN, &users, self.session.format).0)
            }
        }
    }

    async fn report(
        &self,
        outcomes: impl futures_util::Stream<Item = Outcome<Uuid>> + Unpin,
        per_call: usize,
    ) -> u8 {
        let outcomes =
            outcomes.map(|outcome| UserOutcome::of_outcome(UNASSIGN, &outcome, Uuid::to_string));
        let (users, session) = (self.named(per_call), &self.session);
        let (format, interruption) = (session.format, &session.interruption);
        let (exit_code, hint) = report_each(UNASSIGN, outcomes, &users, format, interruption).await;
        session.print_hint(hint);
        exit_code
    }

    fn named(&self, per_call: usize) -> Users {
        Users {
            names: self.users.iter().map(Uuid::to_string).collect(),
            per_call,
        }
    }
}
