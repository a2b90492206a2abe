//! For each fault of the sandbox, what the client reports is what the sandbox's log shows.

use std::num::NonZeroU32;
use std::time::Duration;

use seats::{Effect, Fate, store};
use seats_sandbox::{Fault, Outcome, Sandbox};

use crate::calls::{ADA, CallResult, Change, GRACE, PRODUCT, SKU, reclaim};
use crate::clients::{Server, attempts, fetching_tokens, without_backoff};

/// What the log shows of the requests of an operation.
struct Logged {
    requests: u32,
    /// The status of the last response, if there was one.
    status: Option<u16>,
    changed: bool,
}

fn logged(sandbox: &Sandbox, change: Change) -> Logged {
    let log = sandbox.log();
    let arrivals: Vec<_> = log
        .iter()
        .filter(|arrival| arrival.operation.as_deref() == Some(change.operation()))
        .collect();
    let status = arrivals.last().and_then(|last| match last.outcome {
        Outcome::Answered(status) => Some(status),
        // A truncated response: the client learns the status only if its head is complete.
        _ => None,
    });
    Logged {
        requests: u32::try_from(arrivals.len()).unwrap(),
        status,
        changed: arrivals.iter().any(|arrival| arrival.changed),
    }
}

/// The faults by name. The tests let each happen once.
fn faults() -> Vec<(&'static str, Fault)> {
    vec![
        ("delay", Fault::delay(Duration::from_millis(1))),
        ("429", Fault::too_many_requests(0)),
        ("429, for long", Fault::too_many_requests(3600)),
        ("500", Fault::server_error()),
        ("500, not applied", Fault::server_error().executed(false)),
        ("502", Fault::bad_gateway()),
        ("502, not applied", Fault::bad_gateway().executed(false)),
        ("503", Fault::unavailable().retry_after(0)),
        ("truncated head", Fault::cut(9)),
        ("truncated to nothing", Fault::cut(0)),
        ("lost", Fault::lost()),
        ("closed", Fault::closed()),
        ("content type", Fault::content_type("text/html")),
        ("303", Fault::redirect("https://elsewhere.example/")),
        ("303, applied", Fault::redirect("/").executed(true)),
    ]
}

#[tokio::test]
async fn the_client_reports_what_the_log_shows() {
    for change in Change::ALL {
        for (name, fault) in faults() {
            let fault = fault.on(change.operation()).call(1);
            let sandbox = Sandbox::builder().fault(fault).start().await.unwrap();
            let server = Server::sandbox(&sandbox);
            let result = change.call(&server, without_backoff()).await;
            let logged = logged(&sandbox, change);
            let what = format!("{change:?}, {name}: {result:?}");
            assert_eq!(result.attempts, logged.requests, "{what}");
            assert_eq!(result.status, logged.status, "{what}");
            match result.effect {
                Effect::Done => assert!(logged.changed, "{what}"),
                // Either may be true, but there has to be a reason not to know.
                Effect::Unknown => assert!(
                    matches!(logged.status, None | Some(303 | 422 | 500 | 502)),
                    "{what}"
                ),
                _ => assert!(!logged.changed, "{what}"),
            }
            let expected = if is_retried(name, change) { 2 } else { 1 };
            assert_eq!(result.attempts, expected, "{what}");
        }
    }
}

/// Whether a call is retried after the fault with this name.
fn is_retried(fault: &str, change: Change) -> bool {
    match fault {
        "429" | "503" => true,
        "502"
        | "502, not applied"
        | "truncated head"
        | "truncated to nothing"
        | "lost"
        | "closed" => change.is_idempotent(),
        _ => false,
    }
}

/// The head of the response is complete, so the status and the effect are known.
#[tokio::test]
async fn a_response_truncated_in_its_body_is_done() {
    for change in [
        Change::AssignAtDatadog,
        Change::Reclaim,
        Change::AssignInTheStore,
    ] {
        let fault = Fault::cut_body(5).on(change.operation()).call(1);
        let sandbox = Sandbox::builder().fault(fault).start().await.unwrap();
        let server = Server::sandbox(&sandbox);
        let result = change.call(&server, without_backoff()).await;
        assert_eq!(
            result,
            CallResult::new(Effect::Done, result.status, 1),
            "{change:?}"
        );
        let log = sandbox.log();
        let [arrival] = log.as_slice() else {
            panic!("{log:?}")
        };
        assert_eq!(arrival.status(), result.status);
        assert!(arrival.changed);
    }
}

#[tokio::test]
async fn the_outcome_of_each_user_in_bulk_is_what_became_of_the_seat() {
    let holders = [
        "ada@contoso.example",
        "zoë@contoso.example",
        "linus@contoso.example",
    ];
    for (name, fault) in faults() {
        let fault = fault.on("bulk_assign_and_reclaim_seats").call(1);
        let sandbox = Sandbox::builder().fault(fault).start().await.unwrap();
        let store = Server::sandbox(&sandbox).store(without_backoff());
        let action = store::SeatAction::Reclaim;
        let outcomes = store.bulk(PRODUCT, SKU, action, holders).unwrap();
        let outcomes: Vec<_> = outcomes.collect().await;
        assert_eq!(outcomes.len(), holders.len());
        let left = sandbox.store_seats();
        let has_seat = |user: &str| {
            left.iter()
                .any(|seat| seat.product_id == PRODUCT && seat.username == user)
        };
        for outcome in &outcomes {
            let user = outcome.user.as_str();
            let what = format!("{name}, {user}: {:?}", outcome.fate);
            match &outcome.fate {
                Fate::Done => assert!(!has_seat(user), "{what}"),
                // Linus held no seat to begin with.
                Fate::Failed(_) => assert!(has_seat(user) || user.starts_with("linus"), "{what}"),
                _ => {
                    let log = sandbox.log();
                    let last = log.last().unwrap();
                    assert!(
                        matches!(last.status(), None | Some(200 | 303 | 500 | 502)),
                        "{what}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn the_outcome_of_each_user_in_a_batch_is_what_became_of_the_seat() {
    for (name, fault) in faults() {
        let fault = fault.on("unassign_seats_user").call(1);
        let sandbox = Sandbox::builder().fault(fault).start().await.unwrap();
        let datadog = Server::sandbox(&sandbox).datadog(without_backoff());
        let outcomes = datadog
            .unassign_in_batches("incident_response", [ADA, GRACE], NonZeroU32::MIN)
            .unwrap();
        let outcomes: Vec<_> = outcomes.collect().await;
        let left = sandbox.datadog_seats();
        for outcome in &outcomes {
            let has_seat = left.iter().any(|seat| {
                seat.product_code == "incident_response" && seat.user_uuid == outcome.user
            });
            let what = format!("{name}, {}: {:?}", outcome.user, outcome.fate);
            match &outcome.fate {
                Fate::Done => assert!(!has_seat, "{what}"),
                _ => assert!(has_seat, "the list shows who still has a seat: {what}"),
            }
        }
    }
}

#[tokio::test]
async fn a_list_is_complete_after_any_temporary_fault() {
    for (name, fault) in [
        ("429", Fault::too_many_requests(0)),
        ("502", Fault::bad_gateway()),
        ("503", Fault::unavailable().retry_after(0)),
        ("truncated", Fault::cut(9)),
        ("truncated body", Fault::cut_body(30)),
        ("lost", Fault::lost()),
        ("closed", Fault::closed()),
        ("content type", Fault::content_type("text/plain")),
    ] {
        let fault = fault.on("get_seats").call(2);
        let sandbox = Sandbox::builder().fault(fault).start().await.unwrap();
        let store = Server::sandbox(&sandbox).store(without_backoff());
        let seats = store
            .seats(PRODUCT, SKU)
            .unwrap()
            .page_size(1)
            .unwrap()
            .try_collect::<Vec<_>>()
            .await
            .unwrap();
        assert_eq!(seats.len(), 4, "{name}");
        let requests = if name == "content type" { 4 } else { 5 };
        assert_eq!(sandbox.log().len(), requests, "{name}");
    }
}

#[tokio::test]
async fn calls_with_client_credentials_fetch_one_token() {
    let sandbox = Sandbox::start().await.unwrap();
    let store = fetching_tokens(&sandbox, without_backoff());
    let ada = "ada@contoso.example";
    let seat = async || store.seat(PRODUCT, SKU, ada).await.unwrap();
    assert!(seat().await.is_some());
    reclaim(&store).await.unwrap();
    assert_eq!(seat().await, None);
    let of_user = store.seats_of_user(ada).unwrap();
    let of_user: Vec<_> = of_user.try_collect().await.unwrap();
    assert_eq!(of_user.len(), 1, "the seat of the other product is left");
    let log = sandbox.log();
    let operations: Vec<&str> = log
        .iter()
        .filter_map(|arrival| arrival.operation.as_deref())
        .collect();
    assert_eq!(
        operations,
        [
            "token",
            "get_seat",
            "reclaim_seat_from_user",
            "get_seat",
            "get_seats_assigned_to_user"
        ]
    );
}

#[tokio::test]
async fn nothing_is_sent_without_a_token() {
    for fault in [
        Fault::server_error(),
        Fault::bad_gateway(),
        Fault::lost(),
        Fault::content_type("text/html"),
    ] {
        let sandbox = Sandbox::builder()
            .fault(fault.on("token").every_call())
            .start()
            .await
            .unwrap();
        match reclaim(&fetching_tokens(&sandbox, attempts(1))).await {
            // The token came, with a wrong content type.
            Ok(_) => assert!(sandbox.log().iter().any(|arrival| arrival.changed)),
            Err(error) => {
                assert_eq!(error.effect(), Effect::NotSent, "{error}");
                assert!(
                    sandbox
                        .log()
                        .iter()
                        .all(|arrival| arrival.operation.as_deref() == Some("token"))
                );
            }
        }
    }
}
