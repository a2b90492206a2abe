//! Every response to a single request.

use seats_sandbox::{Sandbox, Seed};

use crate::wire::{exchange, get, keys};
use crate::{assign_cases, datadog_cases, list_cases, store_cases};

/// A request to a fresh sandbox, and its response.
pub struct Case {
    pub name: &'static str,
    pub store: bool,
    pub request: String,
    pub status: u16,
    /// The whole body.
    pub body: String,
    /// Whether nothing is left of the rate limit when the request arrives.
    pub exhausted: bool,
}

impl Case {
    /// A sandbox for this case alone.
    pub async fn sandbox(&self) -> Sandbox {
        if !self.exhausted {
            return Sandbox::start().await.expect("it starts");
        }
        let seed = Seed::from_yaml(include_str!("limited.yaml")).expect("a seed");
        let sandbox = Sandbox::builder().seed(seed).start().await;
        let sandbox = sandbox.expect("it starts");
        let first = get("/api/v2/seats/users?product_code=on_call", &keys());
        assert_eq!(exchange(&sandbox, first.as_bytes()).await.status(), 200);
        sandbox
    }
}

/// Both vendors' cases.
pub fn all() -> Vec<Case> {
    let mut cases = datadog_cases::all();
    cases.extend(assign_cases::all());
    cases.extend(store_cases::all());
    cases.extend(list_cases::all());
    cases
}

/// Each case gets the response it names from a sandbox of its own, and changes seats if and only if
/// the response says so.
#[tokio::test]
async fn every_response_is_the_expected_one() {
    for case in all() {
        let sandbox = case.sandbox().await;
        let before = (sandbox.datadog_seats(), sandbox.store_seats());
        let reply = exchange(&sandbox, case.request.as_bytes()).await;
        assert_eq!(
            (reply.status(), reply.body.as_str()),
            (case.status, case.body.as_str()),
            "{}",
            case.name
        );
        let label = match (case.status, case.store) {
            (204, _) => None,
            (_, true) => Some("application/json"),
            (_, false) => Some("application/vnd.api+json"),
        };
        assert_eq!(reply.header("content-type"), label, "{}", case.name);
        let log = sandbox.log();
        let number = log.len();
        let (name, number) = if case.store {
            ("ms-cv", format!("sandbox.{number}"))
        } else {
            ("x-request-id", format!("sandbox-{number}"))
        };
        assert_eq!(reply.header(name), Some(&*number), "{}", case.name);
        let entry = log.last().expect("it is logged");
        assert_eq!(entry.status(), Some(case.status), "{}", case.name);
        let changed = before != (sandbox.datadog_seats(), sandbox.store_seats());
        assert_eq!(entry.changed, changed, "{}", case.name);
        let is_to_change = case.status < 300
            && !case.request.starts_with("GET ")
            && !case.body.starts_with(r#"{"seatDetails":[],"#);
        assert_eq!(changed, is_to_change, "{}", case.name);
    }
}
