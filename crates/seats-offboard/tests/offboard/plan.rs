//! Plans of people who have left, and the documents of plans.

use std::sync::Arc;

use seats_offboard::{
    Lookup, MemoryVendor, Plan, PlanBuilder, PlanReadError, Row, Totals, UndecidedReason, Vendor,
    VendorErrorKind, plan_schema,
};

use crate::support::{PRODUCT, document, people, plan, user, users, vendor, vendors};

fn decisions(plan: &Plan) -> Vec<String> {
    let line = |row: &Row| {
        let person = row.person().map_or("?", |person| person.label());
        let seat = row
            .seat()
            .map(|seat| seat.product.to_string())
            .unwrap_or_default();
        match row.reason() {
            Some(reason) => format!("{person} {seat}: {reason}"),
            None => format!("{person} {seat}"),
        }
    };
    plan.rows.iter().map(line).collect()
}

#[tokio::test]
async fn a_plan_has_each_person_and_only_reads() {
    let vendor = vendor(Lookup::ByPerson, 2);
    vendor.seat("viewer", &user(2));
    vendor.user("idle@x.example");
    let list = people(
        "user-1@x.example\nnobody@x.example\nidle@x.example\nuser-2@x.example\nuser-1@x.example\n",
    );
    let plan = plan(&list, vendors(&vendor)).await;
    assert_eq!(
        decisions(&plan),
        [
            "user-1@x.example editor",
            "nobody@x.example : no vendor knows this person",
            "idle@x.example : holds no seat",
            "user-2@x.example editor",
            "user-2@x.example viewer",
            "? : the same person is on line 1",
        ]
    );
    assert_eq!(vendor.calls(), []);
}

#[tokio::test]
async fn a_vendor_that_lists_by_product_is_compared_without_case() {
    let vendor = vendor(Lookup::ByProduct, 3);
    let plan = plan(
        &people("USER-3@x.example\nnobody@x.example\n"),
        vendors(&vendor),
    )
    .await;
    // Such a vendor does not tell whom it knows.
    assert_eq!(
        decisions(&plan),
        [
            "USER-3@x.example editor",
            "nobody@x.example : holds no seat"
        ]
    );
    assert_eq!(plan.rows[0].seat().unwrap().user, user(3));
}

#[tokio::test]
async fn several_vendors_are_in_one_plan() {
    let by_person = Arc::new(MemoryVendor::new("one", Lookup::ByPerson));
    let by_product = Arc::new(MemoryVendor::new("two", Lookup::ByProduct));
    by_person.seat(PRODUCT, &user(1));
    by_product.seat("viewer", &user(1));
    let vendors: Vec<Arc<dyn Vendor>> = vec![by_person, by_product];
    let plan = plan(&users(1), vendors).await;
    assert_eq!(
        decisions(&plan),
        ["user-1@x.example viewer", "user-1@x.example editor"]
    );
}

#[tokio::test]
async fn a_name_that_several_users_have_is_ambiguous() {
    let vendor = vendor(Lookup::ByProduct, 0);
    vendor.seat(PRODUCT, "Ada@x.example");
    vendor.seat(PRODUCT, "ada@x.example");
    let plan = plan(&people("ada@x.example\n"), vendors(&vendor)).await;
    let reason = UndecidedReason::AmbiguousUser { users: 2 };
    for row in &plan.rows {
        assert!(
            matches!(row, Row::NotDecided { why, .. } if *why == reason),
            "{row:?}"
        );
    }
    assert_eq!(plan.rows.len(), 2);
}

#[tokio::test]
async fn a_vendor_that_cannot_be_read_makes_no_plan() {
    let vendor = vendor(Lookup::ByProduct, 1);
    vendor.fail_reads(Some(VendorErrorKind::TryLater));
    let error = PlanBuilder::new(vendors(&vendor))
        .leavers(&users(1))
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "example: the vendor cannot be read");
}

#[tokio::test]
async fn an_empty_list_is_a_plan_of_nothing() {
    let plan = plan(&people(""), vendors(&vendor(Lookup::ByProduct, 1))).await;
    let mut document = Vec::new();
    let (_, totals) = plan.write(&mut document).unwrap();
    assert_eq!(totals, Totals::default());
    assert_eq!(Plan::read(document.as_slice()).unwrap(), plan);
}

#[tokio::test]
async fn a_document_reads_back_however_it_is_laid_out() {
    let vendor = vendor(Lookup::ByPerson, 3);
    let plan = plan(&users(4), vendors(&vendor)).await;
    let document = document(&plan);
    assert_eq!(Plan::read(document.as_slice()).unwrap(), plan);
    let value: serde_json::Value = serde_json::from_slice(&document).unwrap();
    let pretty = serde_json::to_vec_pretty(&value).unwrap();
    assert_eq!(Plan::read(pretty.as_slice()).unwrap(), plan);
    // Members in another order, the rows first.
    let mut members: Vec<_> = value.as_object().unwrap().clone().into_iter().collect();
    members.reverse();
    let reversed: serde_json::Map<_, _> = members.into_iter().collect();
    assert_eq!(
        Plan::read(serde_json::to_vec(&reversed).unwrap().as_slice()).unwrap(),
        plan
    );
}

/// Each value of the document counts: one that was edited by hand is refused.
#[tokio::test]
async fn an_edited_document_is_refused() {
    let document = String::from_utf8(document(
        &plan(&users(2), vendors(&vendor(Lookup::ByPerson, 2))).await,
    ))
    .unwrap();
    for (from, to) in [
        ("user-1@x.example", "user-9@x.example"),
        ("\"seats\":2", "\"seats\":3"),
        ("\"action\":\"reclaim\"", "\"action\":\"assign\""),
        ("memory:example", "memory:other"),
    ] {
        let edited = document.replacen(from, to, 1);
        assert_ne!(edited, document, "{from}");
        let error = Plan::read(edited.as_bytes()).unwrap_err();
        assert!(
            matches!(error, PlanReadError::Changed { .. }),
            "{from}: {error}"
        );
        assert!(
            error
                .to_string()
                .starts_with("the plan was changed after it was made: it says sha256:")
        );
    }
    let removed = Plan::read(document.replacen("\"made\"", "\"mode\"", 1).as_bytes()).unwrap_err();
    assert_eq!(
        removed.to_string(),
        "not a plan: it has an unknown member `mode` at line 1 column 90"
    );
    let newer = Plan::read(
        document
            .replacen("\"format\":1", "\"format\":2", 1)
            .as_bytes(),
    )
    .unwrap_err();
    assert_eq!(
        newer.to_string(),
        "the plan has format 2, and this version of seats reads format 1; make a new plan"
    );
    let cut = Plan::read(&document.as_bytes()[..document.len() / 2]).unwrap_err();
    assert!(matches!(cut, PlanReadError::NotAPlan(_)), "{cut}");
}

#[tokio::test]
async fn a_document_fits_its_schema() {
    let schema = serde_json::to_value(plan_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let list = people("user-1@x.example\nnobody@x.example\nuser-1@x.example\nn o\n");
    let plan = plan(&list, vendors(&vendor(Lookup::ByPerson, 2))).await;
    let mut value: serde_json::Value = serde_json::from_slice(&document(&plan)).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&value)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    value["rows"][0]["seat"]["extra"] = 1.into();
    assert!(!validator.is_valid(&value));
}
