//! Invalid ids, for each command.

use seats_tests::wire::Wire;
use serde_json::json;

use crate::bad_input::{PRODUCT, SEGMENT};
use crate::process::{USER, heard_nothing, seats};

/// The ids of commands that read, and one invalid id among many users.
#[tokio::test]
async fn ids_of_the_other_commands() {
    let segment = |name: &str| format!("{name} \"..\": {SEGMENT}");
    let product = format!("--product \" \": {PRODUCT}");
    let uuid = "USER_UUID \"ada\": must be a UUID".to_owned();
    for (arguments, operation, message) in [
        (
            &["datadog", "list", "--product", " "][..],
            "get_seats_users",
            product.clone(),
        ),
        (
            &["datadog", "assign", "--product", " ", USER],
            "assign_seats_user",
            product,
        ),
        (
            &["datadog", "assign", "--product", "x", USER, "ada"],
            "assign_seats_user",
            uuid.clone(),
        ),
        (
            &[
                "datadog",
                "unassign",
                "--product",
                "x",
                USER,
                "ada",
                "--one-by-one",
            ],
            "unassign_seats_user",
            uuid,
        ),
        (
            &["store", "assign", "..", "0016", "ada"],
            "assign_seat",
            segment("PRODUCT_ID"),
        ),
        (
            &["store", "reclaim", "P", "0016", "ada", ".."],
            "reclaim_seat_from_user",
            segment("USERNAME"),
        ),
        (
            &["store", "assign", "P", "..", "ada", "--bulk"],
            "bulk_assign_and_reclaim_seats",
            segment("SKU_ID"),
        ),
        (
            &["store", "show", "P", "0016", ".."],
            "get_seat",
            segment("USERNAME"),
        ),
        (
            &["store", "list", "P", ".."],
            "get_seats",
            segment("SKU_ID"),
        ),
        (
            &["store", "list", "--user", ".."],
            "get_seats_assigned_to_user",
            segment("--user"),
        ),
    ] {
        let wire = Wire::start(vec![]).await.unwrap();
        let run = || seats(arguments).signed().at(&wire);
        let words = format!("error: {message}\n");
        run().run().await.is(2, "", &words);
        let csv = run().arguments(&["--output", "csv"]).run().await;
        csv.is(2, "", &words);
        let in_json = run().arguments(&["--output", "json"]).run().await;
        let object = in_json.json();
        assert_eq!(object["operation"], operation);
        assert_eq!(object["messages"], json!([message]));
        assert_eq!((in_json.code, in_json.stderr.as_str()), (Some(2), ""));
        // It is the same without credentials.
        seats(arguments).run().await.is(2, "", &words);
        heard_nothing(wire, &in_json).await;
    }
}
