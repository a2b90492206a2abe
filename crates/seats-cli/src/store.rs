//! `seats store`: from arguments to what is said of the calls.

use futures_util::{StreamExt, stream};
use seats::store::api::bounds;
use seats::store::api::operations::{
    ASSIGN_SEAT, BULK_ASSIGN_AND_RECLAIM_SEATS, GET_INVENTORY, GET_SEAT, GET_SEATS,
    GET_SEATS_ASSIGNED_TO_USER, RECLAIM_SEAT_FROM_USER,
};
use seats::store::{
    Client, ClientBuilder, InventoryFilter, ProductId, Seat, SeatAction, SkuId, Username,
};
use seats::{Done, Error};
use seats_sandbox::{STORE_TOKEN, Sandbox};

use crate::arguments::{ChangeSeats, Inventory, ListSeats, ShowSeat, Store, StorePlace};
use crate::calls::{self, Call};
use crate::connection;
use crate::input;
use crate::list;
use crate::many::{self, Told};
use crate::report::{Report, Subject};
use crate::sandbox::{self, Answered};
use crate::session::Session;
use crate::users;

const SHOW: Call = calls::store(&GET_SEAT);
const LIST: Call = calls::store(&GET_SEATS);
const LIST_OF_USER: Call = calls::store(&GET_SEATS_ASSIGNED_TO_USER);
const INVENTORY: Call = calls::store(&GET_INVENTORY);

/// Runs the command, says what came of it, and gives the exit code.
///
/// # Errors
/// What is still to be said: why there was no call, or no list.
pub async fn run(command: &Store) -> Result<u8, Box<Report>> {
    match command {
        Store::Assign(arguments) => change(arguments, SeatAction::Assign).await,
        Store::Reclaim(arguments) => change(arguments, SeatAction::Reclaim).await,
        Store::Show(arguments) => show(arguments).await,
        Store::List(arguments) => list(arguments).await,
        Store::Inventory(arguments) => inventory(arguments).await,
    }
}

/// Gives the seats or takes them away: of one user, of each, or of many in one call.
async fn change(arguments: &ChangeSeats, action: SeatAction) -> Result<u8, Box<Report>> {
    let call = match (arguments.bulk, action) {
        (true, _) => calls::store(&BULK_ASSIGN_AND_RECLAIM_SEATS),
        (false, SeatAction::Assign) => calls::store(&ASSIGN_SEAT),
        (false, SeatAction::Reclaim) => calls::store(&RECLAIM_SEAT_FROM_USER),
    };
    let (product, sku, users) =
        input(arguments).map_err(|message| Report::unacceptable(Some(call), message))?;
    let session = begin(call, &arguments.place).await?;
    let seats = Seats {
        client: session.client.clone(),
        product,
        sku,
        action,
    };
    let output = arguments.place.options.output;
    let told_of = many::Users {
        names: users.iter().map(|user| user.as_str().to_owned()).collect(),
        per_call: match arguments.bulk {
            true => usize::try_from(*bounds::USERNAMES.end()).unwrap_or(usize::MAX),
            false => 1,
        },
    };
    // A file may hold any number of users; what is said of them has the same form for each number.
    let told = match users.as_slice() {
        [user] if !arguments.bulk && arguments.users.users_file.is_none() => {
            return Ok(seats.report(call, user, &session).await.print(output));
        }
        _ if arguments.bulk => {
            let outcomes = session
                .client
                .bulk(&seats.product, &seats.sku, action, &users)
                .map_err(|error| session.error(call, &error))?;
            outcomes
                .map(|outcome| Told::of_outcome(call, outcome, |user| user.as_str().to_owned()))
                .boxed_local()
        }
        _ => stream::iter(&users)
            .then(async |user| {
                let outcome = seats.change(user).await;
                Told::of_call(call, user.as_str().to_owned(), outcome, remark)
            })
            .boxed_local(),
    };
    let (exit_code, answered) =
        many::print(call, told, &told_of, output, &session.interruption).await;
    sandbox::say(&session.hint(answered));
    Ok(exit_code)
}

/// The seats of a product and SKU, and what to do with them.
struct Seats {
    client: Client,
    product: ProductId,
    sku: SkuId,
    action: SeatAction,
}

impl Seats {
    async fn change(&self, user: &Username) -> seats::Result<Seat> {
        match self.action {
            SeatAction::Assign => self.client.assign(&self.product, &self.sku, user).await,
            SeatAction::Reclaim => self.client.reclaim(&self.product, &self.sku, user).await,
        }
    }

    /// Does it for one user.
    async fn report(&self, call: Call, user: &Username, session: &Session<Client>) -> Report {
        let subject = |seat| Subject {
            seat,
            user: Some(user.as_str().to_owned()),
            ..Subject::default()
        };
        let done = match session.during(call, self.change(user)).await {
            Ok(done) => done,
            Err(report) => return report.about(subject(None)),
        };
        let (product, sku) = (self.product.as_str(), self.sku.as_str());
        let what = match self.action {
            SeatAction::Assign => format!("a seat of {product}/{sku} was given to"),
            SeatAction::Reclaim => format!("the seat of {product}/{sku} was taken away from"),
        };
        let seat = seat(&done).and_then(|seat| serde_json::to_value(seat).ok());
        let report = Report::done(call, &done, format!("{what} {}", user.as_str()));
        let report = report.about(subject(seat));
        match remark(&done) {
            Some(remark) => report.with_message(remark.to_owned()),
            None => report,
        }
    }
}

/// A body in which nothing of a seat was recognised says nothing of it.
fn seat(done: &Done<Seat>) -> Option<&Seat> {
    done.value().filter(|&seat| *seat != Seat::default())
}

/// What there is to say of an answer that is done.
fn remark(done: &Done<Seat>) -> Option<&'static str> {
    if done.status().is_none_or(|status| status >= 300) {
        // The 404 of a repeated call says that the seat is gone, and nothing else.
        return Some("the answer to an earlier attempt was lost, and the seat is gone");
    }
    let is_unreadable = seat(done).is_none() && !done.body().is_empty();
    is_unreadable.then_some("the body of the answer could not be read")
}

/// Shows a user's seat.
async fn show(arguments: &ShowSeat) -> Result<u8, Box<Report>> {
    let refuse = |message| Report::unacceptable(Some(SHOW), message);
    let (product, sku) = ids(&arguments.product_id, &arguments.sku_id).map_err(refuse)?;
    let user: Username = input::parse("USERNAME", &arguments.username).map_err(refuse)?;
    let session = begin(SHOW, &arguments.place).await?;
    let error = |error| Box::new(session.error(SHOW, &error));
    let seat = session.client.seat(&product, &sku, &user);
    match session.during(SHOW, seat).await? {
        Some(seat) => {
            let seats = stream::iter([Ok(seat)]);
            let output = arguments.place.options.output;
            list::print(seats, output, "").await.map_err(error)
        }
        None => {
            let (product, sku) = (product.as_str(), sku.as_str());
            let message = format!("{} holds no seat of {product}/{sku}", user.as_str());
            let report = Report::absent(SHOW, message);
            Err(Box::new(report.with_notes(session.hint(Answered::Refusal))))
        }
    }
}

/// Lists the seats of a product and SKU, or those of a user.
async fn list(arguments: &ListSeats) -> Result<u8, Box<Report>> {
    let place = &arguments.place;
    if let Some(user) = &arguments.user {
        let user: Username = input::parse("--user", user)
            .map_err(|message| Report::unacceptable(Some(LIST_OF_USER), message))?;
        let session = begin(LIST_OF_USER, place).await?;
        let seats = session.client.seats_of_user(&user);
        let nothing = format!("{} holds no seat", user.as_str());
        return session
            .list(LIST_OF_USER, seats, arguments.page.size(), &nothing)
            .await;
    }
    let (product, sku) = (&arguments.product_id, &arguments.sku_id);
    let texts = (
        product.as_deref().unwrap_or_default(),
        sku.as_deref().unwrap_or_default(),
    );
    let (product, sku) =
        ids(texts.0, texts.1).map_err(|message| Report::unacceptable(Some(LIST), message))?;
    let session = begin(LIST, place).await?;
    let seats = session.client.seats(&product, &sku);
    let nothing = format!(
        "nobody holds a seat of {}/{}",
        product.as_str(),
        sku.as_str()
    );
    session
        .list(LIST, seats, arguments.page.size(), &nothing)
        .await
}

/// Lists the products.
async fn inventory(arguments: &Inventory) -> Result<u8, Box<Report>> {
    let place = &arguments.place;
    let session = begin(INVENTORY, place).await?;
    let mut filter = InventoryFilter::new();
    for license_type in &arguments.license_types {
        filter = filter.license_type((*license_type).into());
    }
    if let Some(instant) = arguments.modified_since {
        filter = filter.modified_since(instant);
    }
    let products = session.client.inventory(&filter);
    let nothing = "there is no such product";
    session
        .list(INVENTORY, products, arguments.page.size(), nothing)
        .await
}

fn ids(product: &str, sku: &str) -> Result<(ProductId, SkuId), String> {
    Ok((
        input::parse("PRODUCT_ID", product)?,
        input::parse("SKU_ID", sku)?,
    ))
}

/// Product, SKU, and each user once.
fn input(arguments: &ChangeSeats) -> Result<(ProductId, SkuId, Vec<Username>), String> {
    let (product, sku) = ids(&arguments.product_id, &arguments.sku_id)?;
    let who = &arguments.users;
    let written = users::written(&who.users, who.users_file.as_deref())?;
    let users: Result<Vec<Username>, String> =
        written.iter().map(|user| user.parse("USERNAME")).collect();
    let users = users::once(users?, |user| seats::store::same_name(user.as_str()));
    Ok((product, sku, users))
}

/// The client, and what is around its calls.
async fn begin(call: Call, place: &StorePlace) -> Result<Session<Client>, Box<Report>> {
    let client = |sandbox: Option<&Sandbox>| client(place, sandbox);
    Session::begin(call, place.options, client, sandbox::store_seats).await
}

fn client(place: &StorePlace, sandbox: Option<&Sandbox>) -> Result<Client, Error> {
    let builder = match sandbox {
        // Not a word of the environment: its token is for the real place.
        Some(sandbox) => Client::builder()
            .base_url(sandbox.store_url())
            .token(STORE_TOKEN),
        None => match &place.base_url {
            Some(url) => ClientBuilder::from_env()?.base_url_named("--base-url", url),
            None => ClientBuilder::from_env()?,
        },
    };
    connection::apply!(builder, place.options).build()
}
