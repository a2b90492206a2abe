//! For each fault of the sandbox, what the client says that it did is what the sandbox's log has.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::time::Duration;

use seats::{Effect, Fate, Uuid, datadog, store};
use seats_sandbox::{
    API_KEY, APPLICATION_KEY, CLIENT_ID, CLIENT_SECRET, Fault, Outcome, STORE_TOKEN, Sandbox,
    TENANT_ID,
};

/// What the client says of a call.
#[derive(Debug, PartialEq)]
struct Said {
    effect: Effect,
    status: Option<u16>,
    attempts: u32,
}

fn said<T>(outcome: seats::Result<T>) -> Said {
    match outcome {
        Ok(done) => Said {
            effect: Effect::Done,
            status: done.status(),
            attempts: done.attempts(),
        },
        Err(error) => Said {
            effect: error.effect(),
            status: error.status(),
            attempts: error.attempts(),
        },
    }
}

/// The operations that change something; each of them can be done once in a fresh sandbox.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Call {
    Unassign,
    AssignAtDatadog,
    Reclaim,
    AssignInTheStore,
}

const CALLS: [Call; 4] = [
    Call::Unassign,
    Call::AssignAtDatadog,
    Call::Reclaim,
    Call::AssignInTheStore,
];

impl Call {
    fn operation(self) -> &'static str {
        match self {
            Self::Unassign => "unassign_seats_user",
            Self::AssignAtDatadog => "assign_seats_user",
            Self::Reclaim => "reclaim_seat_from_user",
            Self::AssignInTheStore => "assign_seat",
        }
    }

    fn is_idempotent(self) -> bool {
        matches!(self, Self::Unassign | Self::Reclaim)
    }

    async fn make(self, sandbox: &Sandbox) -> Said {
        let datadog = || {
            datadog::Client::builder()
                .base_url(sandbox.datadog_url())
                .api_key(API_KEY)
                .app_key(APPLICATION_KEY)
                .backoff(Duration::ZERO)
                .build()
                .unwrap()
        };
        let store = || {
            store::Client::builder()
                .base_url(sandbox.store_url())
                .token(STORE_TOKEN)
                .backoff(Duration::ZERO)
                .build()
                .unwrap()
        };
        let code = "incident_response".parse().unwrap();
        let (product, sku) = ("9NBLGGH4R2R6".parse().unwrap(), "0016".parse().unwrap());
        match self {
            Self::Unassign => {
                let holder = "626a4e8e-64bd-409d-b80e-428f08ac0b62".parse().unwrap();
                said(datadog().unassign(&code, &[holder]).await)
            }
            Self::AssignAtDatadog => {
                let user = "e8a3f1d6-7b2c-4f95-a0d4-3c6b9e5f8217".parse().unwrap();
                said(datadog().assign(&code, &[user]).await)
            }
            Self::Reclaim => {
                let ada = "ada@contoso.example".parse().unwrap();
                said(store().reclaim(&product, &sku, &ada).await)
            }
            Self::AssignInTheStore => {
                let linus = "linus@contoso.example".parse().unwrap();
                said(store().assign(&product, &sku, &linus).await)
            }
        }
    }
}

/// What the log has of the arrivals of an operation.
struct Logged {
    arrivals: u32,
    /// The status that came back last, where one did.
    status: Option<u16>,
    changed: bool,
}

fn logged(sandbox: &Sandbox, call: Call) -> Logged {
    let log = sandbox.log();
    let arrivals: Vec<_> = log
        .iter()
        .filter(|arrival| arrival.operation.as_deref() == Some(call.operation()))
        .collect();
    let status = arrivals.last().and_then(|last| match last.outcome {
        Outcome::Answered(status) => Some(status),
        // An answer that was cut: the client knows the status where its head came whole.
        _ => None,
    });
    Logged {
        arrivals: u32::try_from(arrivals.len()).unwrap(),
        status,
        changed: arrivals.iter().any(|arrival| arrival.changed),
    }
}

/// The faults, each at the first call alone.
fn faults() -> Vec<(&'static str, Fault)> {
    vec![
        ("delay", Fault::delay(Duration::from_millis(1))),
        ("429", Fault::too_many_requests(0)),
        ("429, for long", Fault::too_many_requests(3600)),
        ("500", Fault::server_error()),
        ("500, not acted", Fault::server_error().acted(false)),
        ("502", Fault::bad_gateway()),
        ("502, not acted", Fault::bad_gateway().acted(false)),
        ("503", Fault::unavailable().retry_after(0)),
        ("cut in the head", Fault::cut(9)),
        ("cut before the answer", Fault::cut(0)),
        ("lost", Fault::lost()),
        ("closed", Fault::closed()),
        ("content type", Fault::content_type("text/html")),
        ("303", Fault::redirect("https://elsewhere.example/")),
        ("303, acted", Fault::redirect("/").acted(true)),
    ]
}

#[tokio::test]
async fn what_the_client_says_is_what_the_log_has() {
    for call in CALLS {
        for (name, fault) in faults() {
            let fault = fault.on(call.operation()).call(1);
            let sandbox = Sandbox::builder().fault(fault).start().await.unwrap();
            let said = call.make(&sandbox).await;
            let logged = logged(&sandbox, call);
            let what = format!("{call:?}, {name}: {said:?}");
            assert_eq!(said.attempts, logged.arrivals, "{what}");
            assert_eq!(said.status, logged.status, "{what}");
            match said.effect {
                Effect::Done => assert!(logged.changed, "{what}"),
                Effect::Refused | Effect::TryLater | Effect::NotSent => {
                    assert!(!logged.changed, "{what}");
                }
                // What cannot be known is no lie either way; but it has to have a reason.
                Effect::Unknown => assert!(
                    matches!(logged.status, None | Some(303 | 422 | 500 | 502)),
                    "{what}"
                ),
            }
            let may_have_happened = matches!(
                name,
                "502"
                    | "502, not acted"
                    | "cut in the head"
                    | "cut before the answer"
                    | "lost"
                    | "closed"
            );
            let refused_for_now = matches!(name, "429" | "503");
            let again = refused_for_now || may_have_happened && call.is_idempotent();
            assert_eq!(said.attempts, if again { 2 } else { 1 }, "{what}");
        }
    }
}

/// The cut leaves the head of the answer whole: the status is known, and so is what happened.
#[tokio::test]
async fn an_answer_that_is_cut_in_its_body_is_done() {
    for call in [Call::AssignAtDatadog, Call::Reclaim, Call::AssignInTheStore] {
        let fault = Fault::cut_body(5).on(call.operation()).call(1);
        let sandbox = Sandbox::builder().fault(fault).start().await.unwrap();
        let said = call.make(&sandbox).await;
        assert_eq!((said.effect, said.attempts), (Effect::Done, 1), "{call:?}");
        let log = sandbox.log();
        let [arrival] = log.as_slice() else {
            panic!("{log:?}")
        };
        assert_eq!(arrival.status(), said.status);
        assert!(arrival.changed);
    }
}

/// Each user's fate against the seats that there are afterwards.
#[tokio::test]
async fn what_is_said_of_each_of_many_users_is_what_became_of_their_seats() {
    let holders = [
        "ada@contoso.example",
        "zoë@contoso.example",
        "linus@contoso.example",
    ];
    for (name, fault) in faults() {
        let fault = fault.on("bulk_assign_and_reclaim_seats").call(1);
        let sandbox = Sandbox::builder().fault(fault).start().await.unwrap();
        let store = store::Client::builder()
            .base_url(sandbox.store_url())
            .token(STORE_TOKEN)
            .backoff(Duration::ZERO)
            .build()
            .unwrap();
        let (product, sku) = ("9NBLGGH4R2R6".parse().unwrap(), "0016".parse().unwrap());
        let users: Vec<store::Username> =
            holders.iter().map(|user| user.parse().unwrap()).collect();
        let action = store::SeatAction::Reclaim;
        let outcomes = store
            .bulk(&product, &sku, action, &users)
            .unwrap()
            .collect()
            .await;
        assert_eq!(outcomes.len(), holders.len());
        let left = sandbox.store_seats();
        let has_seat = |user: &str| {
            left.iter()
                .any(|seat| seat.product_id == "9NBLGGH4R2R6" && seat.username == user)
        };
        for outcome in &outcomes {
            let user = outcome.user.as_str();
            let what = format!("{name}, {user}: {:?}", outcome.fate);
            match &outcome.fate {
                Fate::Done => assert!(!has_seat(user), "{what}"),
                // Linus holds none to begin with.
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
async fn what_is_said_of_a_batch_is_what_became_of_its_seats() {
    let users: Vec<Uuid> = [
        "626a4e8e-64bd-409d-b80e-428f08ac0b62",
        "9d1c2f60-0f6e-4c5a-8b3e-7f1d2a4c6e80",
    ]
    .iter()
    .map(|user| user.parse().unwrap())
    .collect();
    for (name, fault) in faults() {
        let fault = fault.on("unassign_seats_user").call(1);
        let sandbox = Sandbox::builder().fault(fault).start().await.unwrap();
        let datadog = datadog::Client::builder()
            .base_url(sandbox.datadog_url())
            .api_key(API_KEY)
            .app_key(APPLICATION_KEY)
            .backoff(Duration::ZERO)
            .build()
            .unwrap();
        let code = "incident_response".parse().unwrap();
        let size = 1.try_into().unwrap();
        let outcomes = datadog
            .unassign_in_batches(&code, &users, size)
            .await
            .unwrap();
        let left = sandbox.datadog_seats();
        for outcome in &outcomes {
            let has_seat = left.iter().any(|seat| {
                seat.product_code == "incident_response" && seat.user_uuid == outcome.user
            });
            let what = format!("{name}, {}: {:?}", outcome.user, outcome.fate);
            match &outcome.fate {
                Fate::Done => assert!(!has_seat, "{what}"),
                _ => assert!(has_seat, "the list tells who is gone: {what}"),
            }
        }
    }
}

/// A list is read again where its answer was lost or broke off, and comes whole.
#[tokio::test]
async fn a_list_comes_whole_through_every_fault_that_passes() {
    for (name, fault) in [
        ("429", Fault::too_many_requests(0)),
        ("502", Fault::bad_gateway()),
        ("503", Fault::unavailable().retry_after(0)),
        ("cut", Fault::cut(9)),
        ("cut in the body", Fault::cut_body(30)),
        ("lost", Fault::lost()),
        ("closed", Fault::closed()),
        ("content type", Fault::content_type("text/plain")),
    ] {
        let fault = fault.on("get_seats").call(2);
        let sandbox = Sandbox::builder().fault(fault).start().await.unwrap();
        let store = store::Client::builder()
            .base_url(sandbox.store_url())
            .token(STORE_TOKEN)
            .backoff(Duration::ZERO)
            .build()
            .unwrap();
        let (product, sku) = ("9NBLGGH4R2R6".parse().unwrap(), "0016".parse().unwrap());
        let seats = store
            .seats(&product, &sku)
            .page_size(1)
            .unwrap()
            .collect()
            .await
            .unwrap();
        assert_eq!(seats.len(), 4, "{name}");
        let arrivals = if name == "content type" { 4 } else { 5 };
        assert_eq!(sandbox.log().len(), arrivals, "{name}");
    }
}

/// From the application's secret to the seat, with a token of the sandbox's own.
#[tokio::test]
async fn the_whole_path_begins_at_the_authority() {
    let sandbox = Sandbox::start().await.unwrap();
    let store = store::Client::builder()
        .base_url(sandbox.store_url())
        .application(TENANT_ID, CLIENT_ID, CLIENT_SECRET)
        .authority(sandbox.authority_url())
        .build()
        .unwrap();
    let (product, sku) = ("9NBLGGH4R2R6".parse().unwrap(), "0016".parse().unwrap());
    let ada = "ada@contoso.example".parse().unwrap();
    let held = store.seat(&product, &sku, &ada).await.unwrap();
    assert!(held.is_some());
    store.reclaim(&product, &sku, &ada).await.unwrap();
    assert_eq!(store.seat(&product, &sku, &ada).await.unwrap(), None);
    let of_user = store.seats_of_user(&ada).collect().await.unwrap();
    assert_eq!(of_user.len(), 1, "the seat of the offline product is left");
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
async fn without_a_token_nothing_is_sent() {
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
        let store = store::Client::builder()
            .base_url(sandbox.store_url())
            .application(TENANT_ID, CLIENT_ID, CLIENT_SECRET)
            .authority(sandbox.authority_url())
            .max_attempts(1)
            .build()
            .unwrap();
        let ids = (
            "9NBLGGH4R2R6".parse().unwrap(),
            "0016".parse().unwrap(),
            "ada@contoso.example".parse().unwrap(),
        );
        match store.reclaim(&ids.0, &ids.1, &ids.2).await {
            // The token came, under whatever label.
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
