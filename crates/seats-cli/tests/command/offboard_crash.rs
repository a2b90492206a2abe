//! A run that is killed at random moments and goes on: every planned seat is taken once, no other, and the
//! ledger says what happened.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use seats_sandbox::{Fault, Sandbox, Seed};
use tokio::process::Command;

/// How often the process is killed, over all scenarios.
const KILLS: usize = 200;

/// The planned seats at each vendor; as many again as a fifth of them belong to people who stay.
const PLANNED: usize = 250;
const STAYING: usize = 50;

fn seed() -> Seed {
    let all = PLANNED + STAYING;
    Seed::from_yaml(&format!(
        r#"
tenants:
  - name: contoso
    datadog:
      api_key: contoso-api-key
      application_key: contoso-application-key
      users:
        - {{count: {all}, id: "00000000-0000-4000-8000-{{n}}", name: "User {{n}}", email: "user-{{n}}@contoso.example"}}
      products:
        - code: on_call
          capacity: {all}
          seats:
            - {{count: {all}, user: "00000000-0000-4000-8000-{{n}}"}}
    store:
      tenant_id: contoso.example
      client_id: 5c1d1d2e-7a77-4cbd-8d7b-6f7ea5a1c0de
      client_secret: contoso-client-secret
      token: contoso-store-token
      users:
        - {{count: {all}, name: "user-{{n}}@contoso.example"}}
      products:
        - product_id: 9NBLGGH4R2R6
          sku_id: "0016"
          license: online
          capacity: {all}
          last_modified: "2017-03-21T08:15:59.9999999Z"
          seats:
            - {{count: {all}, user: "user-{{n}}@contoso.example", assigned: "2017-03-21T08:15:59.9999999Z"}}
"#
    ))
    .unwrap()
}

/// Lost responses, requests that are not executed, refusals for now; and a little latency, so that there is
/// something to interrupt.
async fn sandbox() -> Sandbox {
    let mut builder = Sandbox::builder().seed(seed());
    for operation in ["reclaim_seat_from_user", "unassign_seats_user"] {
        let calls = |first: u64, step: usize| (first..3000).step_by(step);
        builder = builder
            .fault(Fault::lost().on(operation).calls(calls(5, 17)))
            .fault(Fault::closed().on(operation).calls(calls(8, 19)))
            .fault(
                Fault::too_many_requests(0)
                    .on(operation)
                    .calls(calls(11, 23)),
            )
            .fault(Fault::bad_gateway().on(operation).calls(calls(13, 29)))
            .fault(Fault::server_error().on(operation).calls(calls(16, 31)))
            .fault(
                Fault::delay(Duration::from_millis(15))
                    .on(operation)
                    .every_call(),
            );
    }
    builder.start().await.unwrap()
}

fn seats(sandbox: &Sandbox, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seats"));
    command
        .current_dir(folder)
        .env_clear()
        .env("SEATS_DATADOG_URL", sandbox.datadog_url())
        .env("DD_API_KEY", "contoso-api-key")
        .env("DD_APP_KEY", "contoso-application-key")
        .env("SEATS_STORE_URL", sandbox.store_url())
        .env("SEATS_STORE_TOKEN", "contoso-store-token")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// Pseudo-random numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[tokio::test]
async fn a_run_that_is_killed_at_any_moment_goes_on() {
    let mut numbers = Numbers(11);
    let mut kills = KILLS;
    while kills > 0 {
        scenario(&mut numbers, &mut kills).await;
    }
}

/// Plans, applies until the run has ended, and compares. Each process is killed, as long as kills are left.
async fn scenario(numbers: &mut Numbers, kills: &mut usize) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = sandbox().await;
    let leavers: String = (1..=PLANNED)
        .map(|n| format!("user-{n}@contoso.example\n"))
        .collect();
    fs::write(folder.path().join("leavers.txt"), leavers).unwrap();
    // One attempt a call, so that each fault reaches the engine.
    fs::write(
        folder.path().join("seats.toml"),
        "[datadog]\nproducts = [\"on_call\"]\n[retry]\nmax_attempts = 1\n",
    )
    .unwrap();
    let planned = seats(&sandbox, folder.path())
        .args(["plan", "leavers.txt", "-o", "plan.json"])
        .output()
        .await
        .unwrap();
    assert_eq!(
        planned.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&planned.stderr)
    );

    let apply = [
        "apply",
        "plan.json",
        "--yes",
        "--concurrency",
        "4",
        "--one-by-one",
    ];
    loop {
        let mut child = seats(&sandbox, folder.path()).args(apply).spawn().unwrap();
        if *kills > 0 {
            let time = Duration::from_millis(20 + numbers.below(250));
            // The moment of the kill is what is tested here.
            tokio::time::sleep(time).await;
            if child.try_wait().unwrap().is_none() {
                child.start_kill().unwrap();
                *kills -= 1;
            }
        }
        let output = child.wait_with_output().await.unwrap();
        match output.status.code() {
            None | Some(3 | 5) => {}
            Some(0) => break,
            code => panic!("{code:?}: {}", String::from_utf8_lossy(&output.stderr)),
        }
    }
    compare(&sandbox, folder.path()).await;
}

/// Compares the sandbox's state and log with the ledger.
async fn compare(sandbox: &Sandbox, folder: &Path) {
    assert_eq!(sandbox.datadog_seats().len(), STAYING);
    assert_eq!(sandbox.store_seats().len(), STAYING);
    for n in 1..=PLANNED {
        let user = format!("00000000-0000-4000-8000-{n:012}");
        assert!(
            sandbox
                .datadog_seats()
                .iter()
                .all(|seat| seat.user_uuid.to_string() != user),
            "{user}"
        );
    }
    // What happened, by the sandbox: each planned seat was taken once.
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for entry in sandbox.log() {
        if entry.changed {
            *taken
                .entry(format!("{} {}", entry.target, entry.body))
                .or_default() += 1;
        }
    }
    assert_eq!(taken.len(), 2 * PLANNED);
    assert!(taken.values().all(|times| *times == 1), "{taken:?}");

    // And by the ledger.
    let status = seats(sandbox, folder)
        .args(["status", "plan.json", "--format", "csv", "--all"])
        .stdout(Stdio::piped())
        .output()
        .await
        .unwrap();
    let text = String::from_utf8(status.stdout).unwrap();
    let outcomes: Vec<&str> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(12))
        .collect();
    assert_eq!(outcomes.len(), 2 * PLANNED);
    let other: Vec<&&str> = outcomes
        .iter()
        .filter(|outcome| **outcome != "reclaimed")
        .collect();
    assert!(other.is_empty(), "{other:?}");
}
