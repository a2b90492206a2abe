//! Every way in which a fresh sandbox answers a single request.

use seats_sandbox::Sandbox;

use crate::wire::exchange;
use crate::{datadog_cases, store_cases};

/// A request to a fresh sandbox, and the answer to it.
pub struct Case {
    pub name: &'static str,
    pub store: bool,
    pub request: String,
    pub status: u16,
    /// The whole body.
    pub body: String,
}

/// Both vendors' cases.
pub fn all() -> Vec<Case> {
    let mut cases = datadog_cases::all();
    cases.extend(store_cases::all());
    cases
}

/// Each case gets the answer it names, on a sandbox of its own, and takes a seat
/// away if and only if the answer says so.
#[tokio::test]
async fn every_answer_is_the_expected_one() {
    for case in all() {
        let sandbox = Sandbox::start().await.expect("it starts");
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
        let (name, number) = if case.store {
            ("ms-cv", "sandbox.1")
        } else {
            ("x-request-id", "sandbox-1")
        };
        assert_eq!(reply.header(name), Some(number), "{}", case.name);
        let changed = before != (sandbox.datadog_seats(), sandbox.store_seats());
        assert_eq!(changed, case.status < 300, "{}", case.name);
    }
}
