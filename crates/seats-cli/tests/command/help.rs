//! The help of each command, and the version.

use crate::process::seats;

#[tokio::test]
async fn nothing_at_all_shows_the_help() {
    let help = seats(&["--help"]).run().await;
    seats(&[]).run().await.is(2, "", &help.stdout);
}

#[tokio::test]
async fn every_level_has_its_help() {
    for (arguments, usage) in [
        (&[][..], "Usage: seats <COMMAND>\n"),
        (&["demo"], "Usage: seats demo\n"),
        (&["datadog"], "Usage: seats datadog <COMMAND>\n"),
        (
            &["datadog", "unassign"],
            "Usage: seats datadog unassign [OPTIONS] --product <CODE> <USER_UUID>...\n",
        ),
        (
            &["datadog", "assign"],
            "Usage: seats datadog assign [OPTIONS] --product <CODE> <USER_UUID>...\n",
        ),
        (
            &["datadog", "list"],
            "Usage: seats datadog list [OPTIONS] --product <CODE>\n",
        ),
        (&["store"], "Usage: seats store <COMMAND>\n"),
        (
            &["store", "reclaim"],
            "Usage: seats store reclaim [OPTIONS] <PRODUCT_ID> <SKU_ID> <USERNAME>...\n",
        ),
        (
            &["store", "assign"],
            "Usage: seats store assign [OPTIONS] <PRODUCT_ID> <SKU_ID> <USERNAME>...\n",
        ),
        (
            &["store", "show"],
            "Usage: seats store show [OPTIONS] <PRODUCT_ID> <SKU_ID> <USERNAME>\n",
        ),
        (
            &["store", "list"],
            "Usage: seats store list [OPTIONS] <PRODUCT_ID> <SKU_ID>\n",
        ),
        (
            &["store", "inventory"],
            "Usage: seats store inventory [OPTIONS]\n",
        ),
    ] {
        for option in ["--help", "-h"] {
            let ended = seats(arguments).arguments(&[option]).run().await;
            ended.is(0, &ended.stdout, "");
            assert!(ended.stdout.contains(usage), "{ended:?}");
        }
        // `seats help ...` prints the same.
        let mut asked = vec!["help"];
        asked.extend(arguments);
        let ended = seats(&asked).run().await;
        ended.is(0, &ended.stdout, "");
        assert!(ended.stdout.contains(usage), "{ended:?}");
    }
}

#[tokio::test]
async fn the_help_tells_the_exit_codes() {
    let ended = seats(&["--help"]).run().await;
    assert!(
        ended.stdout.ends_with(
            "
Exit codes:
  0  done, or already free: nothing had to change
  1  refused by the vendor: nothing changed; for reads, also a response that cannot be parsed;
     also an outcome that cannot be written
  2  invalid input: nothing was sent
  3  unknown: it may have happened
  4  not authorized (401, 403, or no credentials): nothing changed
  5  try later (408, 429, 503, could not connect): nothing changed; for reads, also no response
     and any other 5xx
For many users the worst counts, in the order 3, 4, 1, 5, 0.
A command that only reads never ends with 3.
Ctrl-C ends a call that changes something with 3, and one that reads with 5.
"
        ),
        "{ended:?}"
    );
}

#[tokio::test]
async fn the_help_names_every_variable() {
    for verb in ["assign", "list", "unassign"] {
        let help = seats(&["datadog", verb, "--help"]).run().await.stdout;
        for variable in ["DD_API_KEY", "DD_APP_KEY", "DD_SITE", "SEATS_DATADOG_URL"] {
            assert!(help.contains(variable), "{variable}: {help}");
        }
    }
    for verb in ["assign", "reclaim", "show", "list", "inventory"] {
        let help = seats(&["store", verb, "--help"]).run().await.stdout;
        for variable in ["SEATS_STORE_TOKEN", "AZURE_CLIENT_ID", "SEATS_STORE_URL"] {
            assert!(help.contains(variable), "{variable}: {help}");
        }
    }
}

#[tokio::test]
async fn the_version() {
    let version = concat!("seats ", env!("CARGO_PKG_VERSION"), "\n");
    for option in ["--version", "-V"] {
        seats(&[option]).run().await.is(0, version, "");
    }
}
