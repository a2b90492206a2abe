//! Faults: what the caller receives, and the seats afterwards.

use std::time::{Duration, Instant};

use seats_sandbox::{Fault, Faults, LogEntry, Outcome, Sandbox, Seed, StartError};

use crate::assign_cases::assign;
use crate::datadog::{PATH, USERS, unassign};
use crate::store::reclaim;
use crate::wire::{bytes, entra, exchange, get, keys, token};

const ADA: &str = "ada@contoso.example";

async fn with(fault: Fault) -> Sandbox {
    let sandbox = Sandbox::builder().fault(fault).start().await;
    sandbox.expect("it starts")
}

fn last(sandbox: &Sandbox) -> LogEntry {
    sandbox.log().pop().expect("a request")
}

fn on_reclaim(fault: Fault) -> Fault {
    fault.on("reclaim_seat_from_user").call(1)
}

/// The bytes of the response to a reclaim with this fault, and whether the seat was reclaimed.
async fn reclaimed(fault: Fault) -> (String, Outcome, bool) {
    let sandbox = with(on_reclaim(fault)).await;
    let answer = bytes(&sandbox, reclaim(ADA).as_bytes()).await;
    let entry = last(&sandbox);
    assert_eq!(entry.changed, sandbox.store_seats().len() == 4);
    (answer, entry.outcome, entry.changed)
}

const WHOLE: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nms-cv: sandbox.1\r\n\
    connection: close\r\ncontent-length: 162\r\n\r\n\
    {\"assignedTo\":\"ada@contoso.example\",\"dateAssigned\":\"2015-07-13T14:02:25.6863382-07:00\",\
    \"state\":\"Revoked\",\"productKey\":{\"productId\":\"9NBLGGH4R2R6\",\"skuId\":\"0016\"}}";

#[tokio::test]
async fn a_response_is_cut_lost_or_never_made() {
    let cut = reclaimed(Fault::cut(9)).await;
    assert_eq!(cut, ("HTTP/1.1 ".to_owned(), Outcome::Cut(200), true));
    let head = WHOLE.find("{").expect("a body");
    let cut = reclaimed(Fault::cut_body(0)).await;
    assert_eq!(cut, (WHOLE[..head].to_owned(), Outcome::Cut(200), true));
    let cut = reclaimed(Fault::cut_body(20)).await;
    assert_eq!(
        cut,
        (WHOLE[..head + 20].to_owned(), Outcome::Cut(200), true)
    );
    let lost = reclaimed(Fault::lost()).await;
    assert_eq!(lost, (String::new(), Outcome::Lost, true));
    let closed = reclaimed(Fault::closed()).await;
    assert_eq!(closed, (String::new(), Outcome::Closed, false));
}

#[tokio::test]
async fn a_response_is_delayed_or_has_another_label() {
    let (start, delay) = (Instant::now(), Duration::from_millis(20));
    let late = reclaimed(Fault::delay(delay)).await;
    assert!(start.elapsed() >= delay, "{:?}", start.elapsed());
    assert_eq!(late, (WHOLE.to_owned(), Outcome::Answered(200), true));
    let labelled = reclaimed(Fault::content_type("text/html")).await;
    let expected = WHOLE.replace("application/json", "text/html");
    assert_eq!(labelled, (expected, Outcome::Answered(200), true));
}

/// The operation is executed as soon as the request has arrived, and the response is delayed.
#[tokio::test]
async fn a_delayed_request_is_executed_before_it_is_answered() {
    let sandbox = with(on_reclaim(Fault::delay(Duration::from_secs(3600)))).await;
    let mut arrived = sandbox.log().len();
    let request = reclaim(ADA);
    let exchange = exchange(&sandbox, request.as_bytes());
    tokio::pin!(exchange);
    while arrived == 0 {
        tokio::select! {
            reply = &mut exchange => panic!("it responds at once: {reply:?}"),
            () = tokio::task::yield_now() => arrived = sandbox.log().len(),
        }
    }
    assert_eq!(sandbox.store_seats().len(), 4);
}

/// A latency of the seed or of the builder, which counts if both are set, delays every response.
#[tokio::test]
async fn a_latency_delays_every_response() {
    let seed = format!("latency: 20ms\n{}", include_str!("limited.yaml"));
    let seed = Seed::from_yaml(&seed).expect("a seed");
    let latency = Duration::from_millis(20);
    for (builder, least) in [
        (Sandbox::builder().seed(seed.clone()), latency),
        (Sandbox::builder().latency(latency), latency),
        (
            Sandbox::builder().seed(seed).latency(2 * latency),
            2 * latency,
        ),
        (
            Sandbox::builder()
                .latency(latency)
                .fault(Fault::delay(latency).on("get_inventory").every_call()),
            2 * latency,
        ),
    ] {
        let sandbox = builder.start().await.expect("it starts");
        let start = Instant::now();
        exchange(&sandbox, get("/V1/Inventory", &token()).as_bytes()).await;
        assert!(start.elapsed() >= least, "{:?}", start.elapsed());
    }
}

/// Connections are served at the same time: one that waits holds up no other.
#[tokio::test]
async fn a_delayed_response_holds_up_no_other_request() {
    let sandbox = with(on_reclaim(Fault::delay(Duration::from_secs(3600)))).await;
    let delayed = reclaim(ADA);
    let delayed = exchange(&sandbox, delayed.as_bytes());
    let others = async {
        while sandbox.log().is_empty() {
            tokio::task::yield_now().await;
        }
        for _ in 0..3 {
            let inventory = get("/V1/Inventory", &token());
            let reply = exchange(&sandbox, inventory.as_bytes()).await;
            assert_eq!(reply.status(), 200);
        }
    };
    tokio::select! {
        reply = delayed => panic!("it responds at once: {reply:?}"),
        () = others => {}
    }
}

#[tokio::test]
async fn a_fault_responds_in_place_of_the_vendor() {
    for (fault, answer, executed) in [
        (
            Fault::server_error(),
            "HTTP/1.1 500 Internal Server Error\r\ncontent-type: application/json\r\n\
             ms-cv: sandbox.1\r\nconnection: close\r\ncontent-length: 114\r\n\r\n\
             {\"code\":\"InternalServerError\",\"data\":[],\"details\":[],\"message\":\"Something went wrong\",\"source\":\"StoreForBusiness\"}",
            true,
        ),
        (
            Fault::bad_gateway(),
            "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\nms-cv: sandbox.1\r\n\
             connection: close\r\ncontent-length: 122\r\n\r\n\
             <html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
             <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n",
            true,
        ),
        (
            Fault::unavailable(),
            "HTTP/1.1 503 Service Unavailable\r\nms-cv: sandbox.1\r\nconnection: close\r\n\
             content-length: 0\r\n\r\n",
            false,
        ),
        (
            Fault::unavailable().retry_after(7),
            "HTTP/1.1 503 Service Unavailable\r\nretry-after: 7\r\nms-cv: sandbox.1\r\n\
             connection: close\r\ncontent-length: 0\r\n\r\n",
            false,
        ),
        (
            Fault::too_many_requests(3),
            "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\n\
             retry-after: 3\r\nms-cv: sandbox.1\r\nconnection: close\r\ncontent-length: 107\r\n\r\n\
             {\"code\":\"TooManyRequests\",\"data\":[],\"details\":[],\"message\":\"Too many requests\",\"source\":\"StoreForBusiness\"}",
            false,
        ),
        (
            Fault::redirect("/login"),
            "HTTP/1.1 303 See Other\r\nlocation: /login\r\nms-cv: sandbox.1\r\n\
             connection: close\r\ncontent-length: 0\r\n\r\n",
            false,
        ),
    ] {
        let with_execution = |executed| fault.clone().executed(executed);
        for (fault, executed) in [
            (fault.clone(), executed),
            (with_execution(true), true),
            (with_execution(false), false),
        ] {
            let (bytes, outcome, changed) = reclaimed(fault).await;
            assert_eq!(bytes, answer);
            let status = answer[9..12].parse().expect("a status");
            assert_eq!(
                (outcome, changed),
                (Outcome::Answered(status), executed),
                "{answer}"
            );
        }
    }
}

#[tokio::test]
async fn datadog_and_entra_say_when_to_retry_in_their_own_ways() {
    let sandbox = with(
        Fault::too_many_requests(3)
            .on("unassign_seats_user")
            .every_call(),
    )
    .await;
    let reply = exchange(&sandbox, unassign(&[USERS[0]]).as_bytes()).await;
    assert_eq!(
        reply.head,
        "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/vnd.api+json\r\n\
         x-ratelimit-limit: 1\r\nx-ratelimit-period: 3\r\nx-ratelimit-remaining: 0\r\n\
         x-ratelimit-reset: 3\r\nx-ratelimit-name: sandbox\r\nx-request-id: sandbox-1\r\n\
         connection: close\r\ncontent-length: 32"
    );
    assert_eq!(sandbox.datadog_seats().len(), 5);
    let sandbox = with(Fault::too_many_requests(3).on("token").every_call()).await;
    let reply = exchange(&sandbox, entra("").as_bytes()).await;
    assert_eq!(
        (reply.status(), reply.header("retry-after")),
        (429, Some("3"))
    );
    let error = r#"{"error":"temporarily_unavailable","error_description":"AADSTS90033: A transient error has occurred. Please try again.","error_codes":[90033],"error_uri":"https://login.microsoftonline.com/error?code=90033"}"#;
    assert_eq!(reply.body, error);
    let sandbox = with(Fault::server_error().on("token").every_call()).await;
    let reply = exchange(&sandbox, entra("").as_bytes()).await;
    let error = error.replace("temporarily_unavailable", "server_error");
    assert_eq!((reply.status(), reply.body), (500, error));
}

/// Calls are counted per operation as they arrive, whatever the response.
#[tokio::test]
async fn a_fault_applies_to_the_calls_it_names() {
    let statuses = async |fault: Fault| {
        let sandbox = with(fault.on("get_seats_users")).await;
        let mut statuses = Vec::new();
        for call in 1..=5 {
            // Neither another operation's call nor a refusal changes the count.
            exchange(&sandbox, assign("on_call", &[]).as_bytes()).await;
            let keys = if call == 1 { String::new() } else { keys() };
            let list = get(&format!("{PATH}?product_code=on_call"), &keys);
            statuses.push(exchange(&sandbox, list.as_bytes()).await.status());
        }
        let calls: Vec<_> = sandbox.log().iter().map(|entry| entry.call).collect();
        assert_eq!(calls, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
        statuses
    };
    let fault = Fault::unavailable;
    assert_eq!(statuses(fault().call(1)).await, [503, 200, 200, 200, 200]);
    assert_eq!(
        statuses(fault().calls([2, 4])).await,
        [401, 503, 200, 503, 200]
    );
    assert_eq!(
        statuses(fault().calls(2..=4)).await,
        [401, 503, 503, 503, 200]
    );
    assert_eq!(
        statuses(fault().from_call(3)).await,
        [401, 200, 503, 503, 503]
    );
    assert_eq!(statuses(fault().every_call()).await, [503; 5]);
}

#[tokio::test]
async fn the_first_of_two_faults_counts() {
    let script = "
faults:
  - {on: get_seats, calls: 1, fault: unavailable}
  - {on: get_seats, calls: [1, 2-3], fault: server_error}
";
    let faults = Faults::from_yaml(script).expect("a script");
    let sandbox = Sandbox::builder().faults(faults).start().await;
    let sandbox = sandbox.expect("it starts");
    let list = get("/V1/Inventory/9NBLGGH4R2R6/0016/Seats", &token());
    let mut statuses = Vec::new();
    for _ in 1..=4 {
        statuses.push(exchange(&sandbox, list.as_bytes()).await.status());
    }
    assert_eq!(statuses, [503, 500, 500, 200]);
}

#[tokio::test]
async fn a_fault_that_breaks_a_rule_is_an_error() {
    let operations = "unassign_seats_user";
    for (fault, message) in [
        (
            Fault::lost().call(1),
            "faults: faults[0].on: must name an operation: ",
        ),
        (
            Fault::lost().on("reclaim").call(1),
            "faults: faults[0].on: \"reclaim\" is no operation; there are ",
        ),
        (
            Fault::lost().on(operations),
            "faults: faults[0].calls: must name a call",
        ),
        (
            Fault::lost().on(operations).call(0),
            "faults: faults[0].calls: 0 must be a call counted from 1, or a range from an earlier to a later one",
        ),
        (
            Fault::lost().on(operations).call(1).executed(false),
            "faults: faults[0].executed: with this fault an operation is always executed",
        ),
        (
            Fault::closed().on(operations).call(1).executed(true),
            "faults: faults[0].executed: with this fault an operation is never executed",
        ),
        (
            Fault::lost().on(operations).call(1).retry_after(1),
            "faults: faults[0].retry_after: is for too_many_requests and unavailable alone",
        ),
        (
            Fault::redirect("a\nb").on(operations).call(1),
            "faults: faults[0].location: must be printable ASCII",
        ),
    ] {
        let error = Sandbox::builder().fault(fault).start().await;
        let error = error.expect_err("it must not start");
        assert!(matches!(error, StartError::Input(_)));
        assert!(error.to_string().starts_with(message), "{error}");
    }
}

/// A script of one fault.
fn one(fault: &str) -> String {
    format!("faults:\n  - {{on: get_seat, calls: 1, {fault}}}\n")
}

fn each_is_wrong<const N: usize>(cases: [(String, &str); N]) {
    for (script, message) in cases {
        let error = Faults::from_yaml(&script).expect_err("no script");
        let error = error.to_string();
        assert!(error.starts_with(message), "{error}\n{message}");
    }
}

#[test]
fn an_error_in_a_list_of_faults_has_its_place() {
    each_is_wrong([
        (
            one("fault: lots"),
            "faults:2:37: faults[0].fault: unknown variant `lots`, expected one of delay, too_many_requests, server_error, bad_gateway, unavailable, cut, lost, closed, content_type, redirect",
        ),
        (
            one("fault: lost, byte: 1"),
            "faults:2:43: faults[0].byte: unknown field `byte`, expected one of on, calls, fault, executed, delay, retry_after, bytes, body_bytes, content_type, location",
        ),
        (
            one("fault: lost, bytes: 1"),
            "faults:2:50: faults[0].bytes: is for cut alone",
        ),
        (
            one("fault: cut"),
            "faults:2:37: faults[0].fault: needs either bytes or body_bytes",
        ),
        (
            one("fault: delay"),
            "faults:2:37: faults[0].fault: needs a delay, such as 200ms",
        ),
        (
            one("fault: delay, delay: soon"),
            "faults:2:51: faults[0].delay: \"soon\" must be a time such as 200ms or 2s",
        ),
        (
            one("fault: delay, delay: 99999999999999999999s"),
            "faults:2:51: faults[0].delay: \"99999999999999999999s\" must be a time such as 200ms or 2s",
        ),
        (
            one("fault: cut, bytes: -1"),
            "faults:2:49: faults[0].bytes: \"-1\" must be a whole number from 0 to 4294967295",
        ),
        (
            one("fault: unavailable, retry_after: 18446744073709551616"),
            "faults:2:63: faults[0].retry_after: \"18446744073709551616\" must be a whole number from 0 to 315360000",
        ),
        (
            one("fault: content_type"),
            "faults:2:37: faults[0].fault: needs a content_type, such as text/html",
        ),
        (
            one("fault: redirect"),
            "faults:2:37: faults[0].fault: needs a location",
        ),
        (
            one("fault: lost, executed: false"),
            "faults:2:53: faults[0].executed: with this fault an operation is always executed",
        ),
    ]);
}

#[test]
fn unknown_calls_and_operations_have_their_place() {
    each_is_wrong([
        (
            one("fault: lost").replace("calls: 1", "calls: 0"),
            "faults:2:27: faults[0].calls: 0 must be a call counted from 1, or a range from an earlier to a later one",
        ),
        (
            one("fault: lost").replace("calls: 1", "calls: 4-2"),
            "faults:2:27: faults[0].calls: 4-2 must be a call counted from 1, or a range from an earlier to a later one",
        ),
        (
            one("fault: lost").replace("calls: 1", "calls: first"),
            "faults:2:20: faults[0].calls: invalid value: string \"first\", expected the number of a call, a range such as 2-4, a list of both, or every",
        ),
        (
            one("fault: lost").replace("get_seat", "get_seet"),
            "faults:2:10: faults[0].on: \"get_seet\" is no operation; there are get_seats_users, assign_seats_user, unassign_seats_user, ",
        ),
        ("faults: [".to_owned(), "faults:1:9: "),
    ]);
}
