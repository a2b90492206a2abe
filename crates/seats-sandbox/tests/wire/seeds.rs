//! Seed files: what they make, and the errors in them.

use seats_sandbox::{Faults, Sandbox, Seed, StartError};

use crate::datadog::PATH;
use crate::wire::{entra_form, exchange, get, keys};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/seed.yaml");
const FAULTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/faults.yaml");

#[tokio::test]
async fn the_examples_load() {
    let sandbox = Sandbox::builder()
        .seed_file(EXAMPLE)
        .faults_file(FAULTS)
        .start()
        .await;
    let sandbox = sandbox.expect("it starts");
    assert_eq!(sandbox.datadog_seats().len(), 9001);
    assert_eq!(sandbox.store_seats().len(), 9001);
    let last = sandbox.store_seats().pop().expect("a seat");
    assert_eq!(last.username, "user-9000@contoso.example");
    let last = sandbox.datadog_seats().pop().expect("a seat");
    assert_eq!(
        last.user_uuid.to_string(),
        "00000000-0000-4000-8000-000000009000"
    );
    let list = get(
        "/api/v2/seats/users?product_code=incident_response",
        &keys(),
    );
    let list = list.replace("sandbox-", "contoso-");
    assert_eq!(exchange(&sandbox, list.as_bytes()).await.status(), 429);
}

#[tokio::test]
async fn a_seed_starts_the_same_every_time() {
    let (one, other) = (Sandbox::start().await, Sandbox::start().await);
    let (one, other) = (one.expect("it starts"), other.expect("it starts"));
    assert_eq!(one.tenants(), other.tenants());
    assert_eq!(one.datadog_seats(), other.datadog_seats());
    assert_eq!(one.store_seats(), other.store_seats());
}

#[tokio::test]
async fn a_port_is_opened_once() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let port = sandbox.datadog_url().rsplit(':').next().map(str::parse);
    let port: u16 = port.expect("a port").expect("a number");
    let error = Sandbox::builder().port(port).start().await;
    let error = error.expect_err("the port is in use");
    let start = format!("cannot listen on port {port} of 127.0.0.1: ");
    assert!(error.to_string().starts_with(&start), "{error}");
    assert!(matches!(error, StartError::Listen { .. }));
    drop(sandbox);
}

/// A valid seed, in which each case below breaks one rule.
const RIGHT: &str = r#"tenants:
  - name: contoso
    datadog:
      api_key: contoso-api-key
      application_key: contoso-application-key
      rate_limit: {limit: 1, period: 2}
      users:
        - {id: 626a4e8e-64bd-409d-b80e-428f08ac0b62}
        - {count: 2, id: "00000000-0000-4000-8000-{n}"}
      products:
        - code: on_call
          capacity: 3
          seats:
            - {user: 626a4e8e-64bd-409d-b80e-428f08ac0b62, assigned_at: "2025-03-03T08:00:00Z"}
            - {count: 2, user: "00000000-0000-4000-8000-{n}"}
    store:
      tenant_id: contoso.example
      client_id: contoso-client
      client_secret: contoso-client-secret
      token: contoso-store-token
      users:
        - {name: ada@contoso.example}
        - {count: 2, name: "user-{n}@contoso.example"}
      products:
        - product_id: 9NBLGGH4R2R6
          sku_id: "0016"
          license: online
          capacity: 3
          last_modified: "2017-03-21T08:15:59.9999999Z"
          seats:
            - {user: Ada@contoso.example, assigned: "2015-07-13T14:02:25.6863382-07:00"}
            - {count: 2, user: "user-{n}@contoso.example", assigned: "2015-07-13T14:02:25Z"}
"#;

/// The error of an invalid seed.
fn error(seed: &str) -> String {
    Seed::from_yaml(seed)
        .map(|_| ())
        .expect_err("no seed")
        .to_string()
}

#[track_caller]
fn breaks(right: &str, wrong: &str, message: &str) {
    assert!(RIGHT.contains(right), "{right}");
    assert_eq!(error(&RIGHT.replacen(right, wrong, 1)), message);
}

#[test]
fn an_error_in_a_seed_has_its_place() {
    assert!(Seed::from_yaml(RIGHT).is_ok());
    breaks(
        "      api_key: c",
        "      api-key: c",
        "seed:4:7: tenants[0].datadog.api-key: unknown field `api-key`, expected one of api_key, application_key, permissions, rate_limit, users, products",
    );
    breaks(
        "    store:\n      tenant_id: contoso.example",
        "    store:",
        "seed:23:7: tenants[0].store: missing field `tenant_id`",
    );
    breaks(
        "license: online",
        "license: Online",
        "seed:27:20: tenants[0].store.products[0].license: unknown variant `Online`, expected one of online, offline",
    );
    breaks(
        "capacity: 3",
        "capacity: three",
        "seed:12:21: tenants[0].datadog.products[0].capacity: \"three\" must be a whole number from 0 to 9223372036854775807",
    );
    breaks(
        "capacity: 3",
        "capacity: 3\n          capacity: 4",
        "seed:13:11: tenants[0].datadog.products[0]: duplicate mapping key: capacity",
    );
    assert_eq!(
        error("tenants: []"),
        "seed:1:10: tenants: must name a tenant"
    );
    assert_eq!(
        error("tenants: [").split(':').take(3).collect::<Vec<_>>(),
        ["seed", "1", "10"]
    );
}

#[test]
fn credentials_can_be_sent_and_are_one_tenants_alone() {
    for (field, place) in [
        ("name: ", "2:11: tenants[0].name"),
        ("api_key: ", "4:16: tenants[0].datadog.api_key"),
        ("token: ", "20:14: tenants[0].store.token"),
    ] {
        let rule = "must be printable ASCII without spaces, and not empty";
        for wrong in ["\"\" #", "\"a b\" #", "\"a\\n\" #", "é #"] {
            breaks(
                field,
                &format!("{field}{wrong}"),
                &format!("seed:{place}: {rule}"),
            );
        }
    }
    let second = RIGHT.lines().skip(1).collect::<Vec<_>>().join("\n");
    for (field, place) in [
        (
            "name: ",
            "33:11: tenants[1].name: another tenant has the same, on line 2",
        ),
        (
            "api_key: ",
            "35:16: tenants[1].datadog.api_key: another tenant has the same, on line 4",
        ),
        (
            "application_key: ",
            "36:24: tenants[1].datadog.application_key: another tenant has the same, on line 5",
        ),
        (
            "tenant_id: ",
            "48:18: tenants[1].store.tenant_id: another tenant has the same, on line 17",
        ),
        (
            "client_id: ",
            "49:18: tenants[1].store.client_id: another tenant has the same, on line 18",
        ),
        (
            "client_secret: ",
            "50:22: tenants[1].store.client_secret: another tenant has the same, on line 19",
        ),
        (
            "token: ",
            "51:14: tenants[1].store.token: another tenant has the same, on line 20",
        ),
    ] {
        let marked = second.replace(field, &format!("{field}\u{0}"));
        let other = marked
            .replace(": contoso", ": fabrikam")
            .replace('\u{0}', "");
        assert_eq!(error(&format!("{RIGHT}{other}\n")), format!("seed:{place}"));
    }
}

#[test]
fn each_rule_of_datadog_has_a_message() {
    breaks(
        "limit: 1,",
        "limit: 0,",
        "seed:6:27: tenants[0].datadog.rate_limit.limit: \"0\" must be a whole number from 1 to 9223372036854775807",
    );
    breaks(
        "period: 2",
        "period: 0",
        "seed:6:38: tenants[0].datadog.rate_limit.period: \"0\" must be a whole number from 1 to 315360000",
    );
    breaks(
        "id: 626a",
        "id: 626",
        "seed:8:16: tenants[0].datadog.users[0].id: \"6264e8e-64bd-409d-b80e-428f08ac0b62\" is no UUID",
    );
    breaks(
        "        - {count: 2, id: \"00000000-0000-4000-8000-{n}\"}",
        "        - {id: 626a4e8e-64bd-409d-b80e-428f08ac0b62}",
        "seed:9:16: tenants[0].datadog.users[1].id: there is another user 626a4e8e-64bd-409d-b80e-428f08ac0b62",
    );
    breaks(
        "count: 2, id",
        "count: 0, id",
        "seed:9:19: tenants[0].datadog.users[1].count: \"0\" must be a whole number from 1 to 1000000",
    );
    breaks(
        "8000-{n}\"}",
        "800000000001\"}",
        "seed:9:26: tenants[0].datadog.users[1].id: must have {n} in it, because there is a count",
    );
    breaks(
        "code: on_call",
        "code: \" \"",
        "seed:11:17: tenants[0].datadog.products[0].code: must not be blank, and must have no control character",
    );
    breaks(
        "capacity: 3",
        "capacity: 2",
        "seed:12:21: tenants[0].datadog.products[0].capacity: 2 is less than the 3 seats that are assigned",
    );
    breaks(
        "2025-03-03T08:00:00Z",
        "2025-03-03",
        "seed:14:73: tenants[0].datadog.products[0].seats[0].assigned_at: must be a date in RFC 3339, such as 2025-03-03T08:00:00Z",
    );
    breaks(
        "{count: 2, user: \"0000",
        "{count: 3, user: \"0000",
        "seed:15:32: tenants[0].datadog.products[0].seats[1].user: there is no user 00000000-0000-4000-8000-000000000003",
    );
    breaks(
        "- {count: 2, user: \"00000000-0000-4000-8000-{n}\"}",
        "- {user: 626A4E8E-64bd-409d-b80e-428f08ac0b62}",
        "seed:15:22: tenants[0].datadog.products[0].seats[1].user: 626a4e8e-64bd-409d-b80e-428f08ac0b62 has a seat of on_call already",
    );
}

/// What a sum could overflow with, and what a spec's `int64` cannot hold.
#[test]
fn a_number_has_its_bounds() {
    let most = "must be a whole number from 0 to 9223372036854775807";
    let place = "seed:12:21: tenants[0].datadog.products[0].capacity";
    for wrong in [
        "-1",
        "9223372036854775808",
        "18446744073709551616",
        "1.5",
        "1e3",
    ] {
        let message = format!("{place}: {wrong:?} {most}");
        breaks("capacity: 3", &format!("capacity: {wrong}"), &message);
    }
    let store = "          capacity: 3\n          last";
    breaks(
        store,
        &store.replace('3', "18446744073709551615"),
        &format!(
            "seed:28:21: tenants[0].store.products[0].capacity: \"18446744073709551615\" {most}"
        ),
    );
    for wrong in ["18446744073709551615", "315360001", "-1"] {
        breaks(
            "period: 2",
            &format!("period: {wrong}"),
            &format!(
                "seed:6:38: tenants[0].datadog.rate_limit.period: {wrong:?} must be a whole number from 1 to 315360000"
            ),
        );
        breaks(
            "token: contoso-store-token",
            &format!("token: contoso-store-token\n      token_lifetime: {wrong}"),
            &format!(
                "seed:21:23: tenants[0].store.token_lifetime: {wrong:?} must be a whole number from 0 to 315360000"
            ),
        );
    }
    breaks(
        "limit: 1,",
        "limit: 9223372036854775808,",
        "seed:6:27: tenants[0].datadog.rate_limit.limit: \"9223372036854775808\" must be a whole number from 1 to 9223372036854775807",
    );
    for empty in ["", "\n", "# nothing\n", "---\n"] {
        assert_eq!(error(empty), "seed: tenants: is missing; the file is empty");
    }
}

/// The largest allowed numbers work.
#[tokio::test]
async fn the_largest_numbers() {
    let seed = RIGHT
        .replace("limit: 1,", "limit: 9223372036854775807,")
        .replace("period: 2", "period: 315360000")
        .replace("capacity: 3", "capacity: 9223372036854775807")
        .replace(
            "token: contoso-store-token",
            "token: contoso-store-token\n      token_lifetime: 315360000",
        );
    let faults = "faults: [{on: get_inventory, calls: 18446744073709551615, fault: lost}, \
        {on: get_seats_users, calls: 2-18446744073709551615, fault: too_many_requests, retry_after: 315360000}, \
        {on: get_seats, calls: every, fault: cut, bytes: 4294967295}]";
    let sandbox = Sandbox::builder()
        .seed(Seed::from_yaml(&seed).expect("a seed"))
        .faults(Faults::from_yaml(faults).expect("faults"))
        .start()
        .await
        .expect("it starts");
    let keys = keys().replace("sandbox-", "contoso-");
    let list = get("/api/v2/seats/users?product_code=on_call", &keys);
    for status in [200, 429] {
        assert_eq!(exchange(&sandbox, list.as_bytes()).await.status(), status);
    }
    let token = "authorization: Bearer contoso-store-token\r\n";
    for target in ["/V1/Inventory", "/V1/Inventory/9NBLGGH4R2R6/0016/Seats"] {
        let request = get(target, token);
        assert_eq!(exchange(&sandbox, request.as_bytes()).await.status(), 200);
    }
}

#[test]
fn each_rule_of_the_store_has_a_message() {
    let segment = "must be one path segment: not empty, no \"/\", \"\\\" or control character, no white space at its ends";
    breaks(
        "name: ada@",
        "name: a/@",
        &format!("seed:22:18: tenants[0].store.users[0].name: {segment}"),
    );
    breaks(
        "product_id: 9NBLGGH4R2R6",
        "product_id: ..",
        &format!("seed:25:23: tenants[0].store.products[0].product_id: {segment}"),
    );
    breaks(
        "sku_id: \"0016\"",
        "sku_id: \" 1\"",
        &format!("seed:26:19: tenants[0].store.products[0].sku_id: {segment}"),
    );
    breaks(
        "- {count: 2, name: \"user-{n}",
        "- {name: \"ADA",
        "seed:23:18: tenants[0].store.users[1].name: there is another user ADA@contoso.example",
    );
    breaks(
        "          capacity: 3\n          last",
        "          capacity: 2\n          last",
        "seed:28:21: tenants[0].store.products[0].capacity: 2 is less than the 3 seats that are assigned",
    );
    breaks(
        "2017-03-21T",
        "2017-03-21",
        "seed:29:26: tenants[0].store.products[0].last_modified: must be a date in RFC 3339, such as 2025-03-03T08:00:00Z",
    );
    breaks(
        "{user: Ada",
        "{user: Bob",
        "seed:31:22: tenants[0].store.products[0].seats[0].user: there is no user Bob@contoso.example",
    );
    breaks(
        "- {count: 2, user: \"user-{n}",
        "- {user: \"ADA",
        "seed:32:22: tenants[0].store.products[0].seats[1].user: ADA@contoso.example has a seat of 9NBLGGH4R2R6/0016 already",
    );
    let product = &RIGHT[RIGHT.find("        - product_id").expect("a product")..];
    let error = error(&format!("{RIGHT}{product}"));
    assert_eq!(
        error,
        "seed:33:23: tenants[0].store.products[1].product_id: there is another product 9NBLGGH4R2R6/0016"
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_named() {
    let error = Seed::from_file("no/such/seed.yaml").expect_err("no file");
    assert!(
        error
            .to_string()
            .starts_with("no/such/seed.yaml: cannot be read: "),
        "{error}"
    );
    assert_eq!((error.line, error.column, error.field.as_str()), (0, 0, ""));
    let error = Faults::from_file("no/such/faults.yaml").expect_err("no file");
    assert!(
        error
            .to_string()
            .starts_with("no/such/faults.yaml: cannot be read: "),
        "{error}"
    );
    let started = Sandbox::builder()
        .seed_file("no/such/seed.yaml")
        .start()
        .await;
    assert!(matches!(started, Err(StartError::Input(_))));
    let started = Sandbox::builder()
        .faults_file("no/such/faults.yaml")
        .start()
        .await;
    assert!(matches!(started, Err(StartError::Input(_))));
}

#[test]
fn a_product_is_there_once_at_datadog() {
    breaks(
        "    store:\n",
        "        - {code: on_call, capacity: 1}\n    store:\n",
        "seed:16:18: tenants[0].datadog.products[1].code: there is another product on_call",
    );
}

/// A seed for one vendor alone; requests to the other one find no credentials.
#[tokio::test]
async fn a_seed_for_one_vendor_is_enough() {
    let datadog = "tenants:\n  - name: a\n    datadog: {api_key: sandbox-api-key, application_key: sandbox-application-key, products: [{code: on_call, capacity: 0}]}\n";
    let store = "tenants:\n  - name: a\n    store: {tenant_id: t, client_id: c, client_secret: secret, token: sandbox-store-token}\n";
    let list = get(&format!("{PATH}?product_code=on_call"), &keys());
    let inventory = get("/V1/Inventory", &crate::wire::token());
    let unnamed = get("/V1/Inventory", "authorization: Bearer \r\n");
    let token = entra_form(
        "t",
        "grant_type=client_credentials&client_id=c&client_secret=secret&resource=https://onestore.microsoft.com",
    );
    for (seed, statuses) in [
        (datadog, [200, 401, 401, 400]),
        (store, [403, 200, 401, 200]),
    ] {
        let seed = Seed::from_yaml(seed).expect("a seed");
        let sandbox = Sandbox::builder().seed(seed).start().await;
        let sandbox = sandbox.expect("it starts");
        for (request, status) in [&list, &inventory, &unnamed, &token]
            .into_iter()
            .zip(statuses)
        {
            let reply = exchange(&sandbox, request.as_bytes()).await;
            assert_eq!(reply.status(), status, "{request}");
        }
    }
    assert_eq!(
        error("tenants:\n  - name: a\n"),
        "seed:2:5: tenants[0]: must have datadog or store, or both"
    );
}

/// `/dev/zero` has no end.
#[cfg(unix)]
#[test]
fn a_file_without_an_end_is_not_read_until_memory_ends() {
    let rule = "/dev/zero: must not be larger than 16 MiB";
    let error = Seed::from_file("/dev/zero").expect_err("no seed");
    assert_eq!(error.to_string(), rule);
    let error = Faults::from_file("/dev/zero").expect_err("no faults");
    assert_eq!(error.to_string(), rule);
}

/// A message shows at most a short part of a value, a field or a line, and nothing that a terminal
/// would interpret.
#[test]
fn a_message_repeats_a_short_part_of_the_file() {
    let long = "x".repeat(1_000_000);
    let texts = [
        long.clone(),
        format!("tenants: {long}"),
        format!("tenants: [{{{long}: 1}}]"),
        format!("tenants: [{{name: \"{long}\"}}]"),
        format!("tenants: [{{name: \"{}\"}}]", "x ".repeat(500_000)),
        RIGHT.replace("id: 626a", &format!("id: {long}")),
        RIGHT.replace("capacity: 3", &format!("capacity: {long}")),
        RIGHT.replace("license: online", &format!("license: {long}")),
        RIGHT.replace("user: Ada@", &format!("user: {long}@")),
        RIGHT.replace("count: 2,", &format!("count: {long},")),
        RIGHT.replace("api_key: contoso-api-key", &format!("{long}: a")),
        RIGHT.replace("tenants:", &format!("latency: {long}\ntenants:")),
        RIGHT.replace("name: contoso", "name: \"a\\u001b[2J\\u202e\""),
        RIGHT.replace("id: 626a", "id: \"\\u001b[2J\\u202e\" #"),
        RIGHT.replace("license: online", "license: \"\\u001b[2J\\u202e\""),
        RIGHT.replace("user: Ada@", "user: \"\\u001b[2J\\u202e\", #"),
    ];
    let mut messages: Vec<String> = texts.iter().map(|seed| error(seed)).collect();
    let faults = |fault: &str| {
        let faults = Faults::from_yaml(&format!("faults: [{{{fault}}}]"));
        faults.expect_err("no faults").to_string()
    };
    messages.extend([
        faults(&format!("on: {long}, calls: 1, fault: lost")),
        faults(&format!("on: get_seat, calls: {long}, fault: lost")),
        faults(&format!("on: get_seat, calls: 1, fault: {long}")),
        faults(&format!(
            "on: get_seat, calls: 1, fault: delay, delay: {long}"
        )),
        faults(&format!("on: get_seat, calls: 1, fault: lost, {long}: 1")),
    ]);
    for message in messages {
        assert!(
            message.len() < 700,
            "{} bytes: {message:.900}",
            message.len()
        );
        assert!(!message.contains(&"x".repeat(250)), "{message}");
        let is_plain = |c: char| !c.is_control() && c != '\u{202e}';
        assert!(message.chars().all(is_plain), "{message:?}");
    }
}
