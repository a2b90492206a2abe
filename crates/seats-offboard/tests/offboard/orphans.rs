//! Plans of everybody who is not on a list.

use seats_offboard::{Lookup, MaxShare, PlanBuilder, Row};

use crate::support::{PRODUCT, people, user, users, vendor, vendors};

fn share(text: &str) -> MaxShare {
    text.parse().unwrap()
}

#[tokio::test]
async fn the_seats_of_all_others_are_planned() {
    let vendor = vendor(Lookup::ByPerson, 10);
    let staff = people(
        "user-1@x.example\nUSER-2@x.example\nuser-3@x.example\nuser-4@x.example\nuser-5@x.example\nuser-6@x.example\nuser-7@x.example\nuser-8@x.example\n",
    );
    let plan = PlanBuilder::new(vendors(&vendor))
        .everyone_except(&staff, share("20%"))
        .await
        .unwrap();
    let taken: Vec<_> = plan
        .rows
        .iter()
        .map(|row| row.seat().unwrap().user.clone())
        .collect();
    assert_eq!(taken, ["user-10@x.example", "user-9@x.example"]);
    assert!(
        plan.rows
            .iter()
            .all(|row| matches!(row, Row::Change { .. }))
    );
}

#[tokio::test]
async fn half_a_list_empties_no_product() {
    let vendor = vendor(Lookup::ByProduct, 10);
    let builder = PlanBuilder::new(vendors(&vendor));
    let error = builder
        .everyone_except(&users(7), MaxShare::default())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the plan would take more than 20 % of the seats of a product (example editor: 3 of 10 seats); is the list of people who are here complete? (if so, allow it with --max-share)"
    );
    assert!(
        builder
            .everyone_except(&users(7), share("0.3"))
            .await
            .is_ok()
    );
    let of_nobody = builder
        .everyone_except(&people(""), share("1"))
        .await
        .unwrap();
    assert!(
        of_nobody
            .rows
            .iter()
            .all(|row| matches!(row, Row::NotDecided { .. }))
    );
}

/// Somebody who is here may be known by an id alone; a holder with a name may be that person.
#[tokio::test]
async fn a_holder_who_cannot_be_compared_is_not_decided() {
    let vendor = vendor(Lookup::ByPerson, 2);
    let staff =
        people("email,datadog id\nuser-1@x.example,\n,626a4e8e-64bd-409d-b80e-428f08ac0b62\n");
    let plan = PlanBuilder::new(vendors(&vendor))
        .everyone_except(&staff, share("1"))
        .await
        .unwrap();
    assert_eq!(plan.rows.len(), 1);
    assert_eq!(
        plan.rows[0].reason().unwrap(),
        "the vendor names the holder in no way that the list has"
    );
    assert!(vendor.is_held(PRODUCT, &user(2)));
}

#[tokio::test]
async fn a_line_that_cannot_be_used_may_be_anybody() {
    let vendor = vendor(Lookup::ByPerson, 2);
    let staff = people("email\nuser-1@x.example\nuser 2\nuser-1@x.example\n");
    let error = PlanBuilder::new(vendors(&vendor))
        .everyone_except(&staff, share("1"))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "1 lines of the list of people who are here cannot be used (the first is line 3: not an email address, a user principal name or a UUID); their seats would be taken, so correct them first"
    );
}

#[test]
fn a_share_is_a_percentage_or_a_number() {
    assert_eq!(share("20%"), share("0.2"));
    for text in ["", "120%", "-1", "nan", "much"] {
        assert_eq!(
            text.parse::<MaxShare>().unwrap_err(),
            "must be a percentage from 0% to 100%, or a number from 0 to 1",
            "{text}"
        );
    }
}
