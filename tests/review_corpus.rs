//! What `cargo xtask review` says of one small change to a spec: a patch of the corpus' base, and
//! beside it the whole of what is said.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use seats_tests::corpus;
use xtask::review::{self, Fate, Review, Side};
use xtask::spec::Source;

const KIND: &str = "review";

fn side(text: String) -> Side {
    let path = format!("specs/{}.yaml", corpus::NAME);
    Side {
        specs: vec![Source::parse(corpus::NAME, &path, text).unwrap()],
        ..Side::default()
    }
}

fn reviewed(old: String, new: String) -> Review {
    match review::review("main", &side(old), &side(new)) {
        Ok(review) => review,
        Err(diagnostics) => {
            let said: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
            panic!("{}", said.join("\n\n"));
        }
    }
}

fn of_case(case: &str) -> Review {
    reviewed(corpus::base(), corpus::patched(KIND, case))
}

fn assert_snapshot(name: &str, said: &str) {
    insta::with_settings!({
        snapshot_path => "corpus/review",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, said);
    });
}

#[test]
fn the_base_against_itself_is_clean() {
    let review = reviewed(corpus::base(), corpus::base());
    assert_eq!(
        review::text(&review, false),
        "nothing changed: the specs are those of `main`\n"
    );
    assert!(review.versions_are_right());
}

#[test]
fn every_case_is_reviewed_as_recorded() {
    let cases = corpus::cases(KIND);
    assert!(cases.len() >= 40, "only {} cases", cases.len());
    let failed: Vec<&String> = cases
        .iter()
        .filter(|case| {
            let check = || assert_snapshot(case, &review::text(&of_case(case), false));
            catch_unwind(AssertUnwindSafe(check)).is_err()
        })
        .collect();
    assert!(failed.is_empty(), "not as recorded: {failed:?}");
}

/// The other way round, every case is a change too; there is something to say of it, and no panic.
#[test]
fn every_case_can_be_taken_back() {
    for case in corpus::cases(KIND) {
        let review = reviewed(corpus::patched(KIND, &case), corpus::base());
        let forth = of_case(&case);
        assert_eq!(review.specs.len(), 1, "{case}");
        let is_text_alone = |review: &Review| review.specs[0].fate == Fate::Rewritten;
        assert_eq!(is_text_alone(&review), is_text_alone(&forth), "{case}");
        assert!(!review::text(&review, true).is_empty());
    }
}

#[test]
fn markdown_for_a_pull_request() {
    for case in [
        "pattern_loosened",
        "shared_property_required_in_both",
        "markdown_in_a_spec",
    ] {
        assert_snapshot(
            &format!("{case}.markdown"),
            &review::markdown(&of_case(case)),
        );
    }
}
