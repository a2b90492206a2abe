//! Puts openapi-generator's clients and Seats before the same responses, and prints what each does, as
//! rows of JSON.

mod vendor;

use std::fmt::{Debug, Display};

use openapi_datadog::apis::configuration::{ApiKey, Configuration as DatadogConfiguration};
use openapi_datadog::{apis::seats_api, models};
use openapi_store::apis::configuration::Configuration as StoreConfiguration;
use serde_json::json;
use vendor::{Vendor, header};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const USER: &str = "626a4e8e-64bd-409d-b80e-428f08ac0b62";
const PRODUCT: &str = "incident_response";
/// Not as long as Datadog's keys: what arrives is printed.
const API_KEY: &str = "the-api-key";
const APP_KEY: &str = "the-app-key";
const HTML: &str = "<html><body><h1>Proxy says no</h1></body></html>";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    two_keys().await?;
    for status in ["200 OK", "202 Accepted", "304 Not Modified"] {
        unexpected_status(status).await?;
    }
    dots().await?;
    error_body("403 Forbidden", r#"{"errors":["Forbidden"]}"#).await?;
    error_body("403 Forbidden", HTML).await?;
    redirect().await
}

fn row(hazard: &str, generated: impl Display, seats: impl Display) {
    let row = json!({
        "hazard": hazard,
        "openapi_generator": generated.to_string(),
        "seats": seats.to_string(),
    });
    println!("{row}");
}

fn ended<T, E: Display>(result: &Result<T, E>) -> String {
    match result {
        Ok(_) => "success".to_owned(),
        Err(error) => format!("error: {error}"),
    }
}

/// Calls the generated client, which has a field for one key.
async fn unassign_generated(url: &str) -> Result<(), seats_api_error::Unassign> {
    let configuration = DatadogConfiguration {
        base_path: url.to_owned(),
        api_key: Some(ApiKey {
            prefix: None,
            key: API_KEY.to_owned(),
        }),
        ..DatadogConfiguration::default()
    };
    let attributes = models::UnassignSeatsUserRequestDataAttributes::new(
        PRODUCT.to_owned(),
        vec![USER.parse().unwrap_or_default()],
    );
    let data = models::UnassignSeatsUserRequestData::new(
        attributes,
        models::SeatAssignmentsDataType::SeatAssignments,
    );
    let body = models::UnassignSeatsUserRequest::new(data);
    seats_api::unassign_seats_user(&configuration, body).await
}

mod seats_api_error {
    use openapi_datadog::apis::{Error, seats_api::UnassignSeatsUserError};

    pub type Unassign = Error<UnassignSeatsUserError>;
}

async fn unassign_seats(url: &str) -> Result<(), seats::Error> {
    let client = seats::datadog::Client::builder()
        .base_url(url)
        .api_key(API_KEY)
        .app_key(APP_KEY)
        .build()?;
    client.unassign(PRODUCT, [USER]).await.map(drop)
}

async fn two_keys() -> Result<(), Failure> {
    let keys = |vendor: &Vendor| {
        let request = vendor.request().unwrap_or_default();
        format!(
            "DD-API-KEY: {}; DD-APPLICATION-KEY: {}",
            header(&request, "dd-api-key"),
            header(&request, "dd-application-key")
        )
    };
    let vendor = Vendor::start("204 No Content", "")?;
    unassign_generated(&vendor.url).await?;
    let generated = keys(&vendor);
    unassign_seats(&vendor.url).await?;
    row("two API keys in two headers", generated, keys(&vendor));
    Ok(())
}

async fn unexpected_status(status: &str) -> Result<(), Failure> {
    let vendor = Vendor::start(status, "")?;
    let generated = unassign_generated(&vendor.url).await;
    let seats = unassign_seats(&vendor.url).await;
    row(
        &format!("{status} in place of 204"),
        ended(&generated),
        with_effect(&seats),
    );
    Ok(())
}

fn with_effect(result: &Result<(), seats::Error>) -> String {
    match result {
        Ok(()) => "success".to_owned(),
        Err(error) => format!("error ({:?}): {error}", error.effect()),
    }
}

async fn dots() -> Result<(), Failure> {
    let vendor = Vendor::start("404 Not Found", "")?;
    let sent = |vendor: &Vendor| {
        let request = vendor.request().unwrap_or_default();
        request.first().map_or_else(
            || "nothing sent".to_owned(),
            |line| format!("sends {}", line.trim_end_matches(" HTTP/1.1")),
        )
    };
    let configuration = StoreConfiguration {
        base_path: vendor.url.clone(),
        bearer_access_token: Some("token".to_owned()),
        ..StoreConfiguration::default()
    };
    let result = openapi_store::apis::seats_api::reclaim_seat_from_user(
        &configuration,
        "9NBLGGH4R2R6",
        "0016",
        "..",
    );
    let _ = result.await;
    let generated = sent(&vendor);
    let client = seats::store::Client::builder()
        .base_url(&vendor.url)
        .token("token")
        .build()?;
    let result = client.reclaim("9NBLGGH4R2R6", "0016", "..").await.map(drop);
    let seats = format!("{}; {}", sent(&vendor), with_effect(&result));
    row("user name `..` in the path", generated, seats);
    Ok(())
}

async fn error_body(status: &str, body: &str) -> Result<(), Failure> {
    let vendor = Vendor::start(status, body)?;
    let generated = unassign_generated(&vendor.url).await;
    let entity = match &generated {
        Err(openapi_datadog::apis::Error::ResponseError(response)) => debug(&response.entity),
        _ => "none".to_owned(),
    };
    let seats = unassign_seats(&vendor.url).await;
    let messages = match &seats {
        Err(error) => debug(error.messages()),
        Ok(()) => "none".to_owned(),
    };
    row(
        &format!("{status} with the body {body}"),
        format!("{}; entity: {entity}", ended(&generated)),
        format!("{}; messages: {messages}", with_effect(&seats)),
    );
    Ok(())
}

fn debug(value: impl Debug) -> String {
    format!("{value:?}")
}

async fn redirect() -> Result<(), Failure> {
    let elsewhere = Vendor::start("204 No Content", "")?;
    let host = elsewhere.url.replace("127.0.0.1", "localhost");
    let head = format!("307 Temporary Redirect\r\nlocation: {host}/elsewhere");
    let vendor = Vendor::start(&head, "")?;
    let received = || match elsewhere.request() {
        Some(request) => format!(
            "the other host got {} with DD-API-KEY: {}",
            request.first().map_or("", |line| line.trim_end_matches(" HTTP/1.1")),
            header(&request, "dd-api-key")
        ),
        None => "the other host got nothing".to_owned(),
    };
    let result = unassign_generated(&vendor.url).await;
    let generated = format!("{}; {}", ended(&result), received());
    let result = unassign_seats(&vendor.url).await;
    let seats = format!("{}; {}", with_effect(&result), received());
    row("307 to another host", generated, seats);
    Ok(())
}
