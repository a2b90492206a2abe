//! What `cargo xtask review` says of one small change to a spec: a patch of the corpus' base, and
//! beside it the whole of what is said.

#![allow(clippy::unwrap_used, clippy::panic, reason = "these are tests")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use review::{Review, Side};
use spec::Source;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
}

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
    reviewed(corpus::base(), corpus::patched(folder(), case))
}

fn assert_snapshot(name: &str, said: &str) {
    insta::with_settings!({
        snapshot_path => "../corpus",
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

/// Both ways round: what one change adds, its opposite takes away.
#[test]
fn every_case_is_reviewed_as_recorded() {
    let cases = corpus::cases(folder());
    assert!(cases.len() >= 40, "only {} cases", cases.len());
    let failed: Vec<&String> = cases
        .iter()
        .filter(|case| catch_unwind(AssertUnwindSafe(|| both_ways(case))).is_err())
        .collect();
    assert!(failed.is_empty(), "not as recorded: {failed:?}");
}

fn both_ways(case: &str) {
    let (base, patched) = (corpus::base(), corpus::patched(folder(), case));
    let forth = review::text(&reviewed(base.clone(), patched.clone()), false);
    let back = review::text(&reviewed(patched, base), false);
    assert_snapshot(
        case,
        &format!("{forth}\n==== and taken back ====\n\n{back}"),
    );
}

/// A variant that is new where an enum is read breaks who reads it; where it is sent, nobody.
#[test]
fn an_enum_of_an_answer_gains_a_value() {
    let old = corpus::patched(folder(), "answer_value_list_closed");
    let new = old.replace(
        "enum: [active, suspended]",
        "enum: [active, suspended, expired]",
    );
    assert_ne!(old, new);
    let said = review::text(&reviewed(old, new), false);
    assert!(
        said.contains(
            "    changes          property `state`: values were added: `expired`\n    breaks Rust      the variant `SeatState::Expired` is new: a `match` needs an arm for it\n"
        ),
        "{said}"
    );
}

/// A pattern may stand in a part of the parameter's schema.
#[test]
fn a_loosened_pattern_within_other_schemas_is_seen() {
    let own = "          schema:\n            $ref: '#/components/schemas/UserName'\n";
    for kind in ["allOf", "anyOf"] {
        let within = format!(
            "          schema:\n            {kind}:\n              - $ref: '#/components/schemas/UserName'\n"
        );
        let old = corpus::base().replacen(own, &within, 1);
        let new = old.replacen("'^[a-z][a-z0-9-]{0,63}$'", "'^.{1,64}$'", 1);
        assert_ne!(old, corpus::base());
        let said = review::text(&reviewed(old.clone(), new.clone()), false);
        assert!(
            said.contains("1 matter of security")
                && said.contains("SECURITY: path parameter `userName`: loosened: "),
            "{said}"
        );
        let back = review::text(&reviewed(new, old), false);
        assert!(back.contains("cannot be shown to be as strict"), "{back}");
    }
}

/// Whatever two texts there are, there is a review or there are diagnostics.
#[test]
fn no_two_specs_make_it_panic() {
    let base = corpus::base();
    let lines: Vec<&str> = base.lines().collect();
    let mut reviews = 0;
    for (n, line) in lines.iter().enumerate().skip(5).step_by(9) {
        let key = line.split_once(':').map(|(key, _)| key).unwrap_or_default();
        for other in ["", &format!("{key}: null"), &format!("{key}: [1, {{}}]")] {
            let mut changed = lines.clone();
            changed[n] = other;
            let text = changed.join("\n");
            let path = format!("specs/{}.yaml", corpus::NAME);
            if let Ok(source) = Source::parse(corpus::NAME, &path, text) {
                let other = Side {
                    specs: vec![source],
                    ..Side::default()
                };
                let forth = review::review("main", &side(base.clone()), &other);
                let back = review::review("main", &other, &side(base.clone()));
                reviews += usize::from(forth.is_ok()) + usize::from(back.is_ok());
            }
        }
    }
    assert!(
        reviews > 20,
        "only {reviews} of the changes could be reviewed"
    );
}

/// What the generated code does not take is said, too, and never to be the same.
#[test]
fn the_schema_of_another_media_type_is_seen() {
    let old = corpus::patched(folder(), "answer_of_another_media_type");
    let new = old.replacen(
        "                type: string\n",
        "                type: integer\n",
        1,
    );
    let said = review::text(&reviewed(old, new), false);
    assert!(
        said.contains("    documentation    answer `201`: `application/vnd.api+json` changed\n"),
        "{said}"
    );
}

#[test]
fn servers_behind_the_first_change_places() {
    let europe = "  - url: https://api.eu.acme.example\n    description: Europe\n";
    let asia = "  - url: https://api.as.acme.example\n    description: Asia\n";
    let with = |servers: String| corpus::base().replacen(europe, &servers, 1);
    let said = review::text(
        &reviewed(
            with(format!("{europe}{asia}")),
            with(format!("{asia}{europe}")),
        ),
        false,
    );
    assert!(
        said.contains("    changes          the servers stand in another order: `https://api.acme.example`, `https://api.as.acme.example`, `https://api.eu.acme.example`\n"),
        "{said}"
    );
}

/// From 1.0 on, a break asks for a new major version, and what adds for a patch.
#[test]
fn a_crate_that_was_released() {
    let of = |text: String| text.replacen("x-crate-version: 0.4.2", "x-crate-version: 1.4.2", 1);
    for (case, line) in [
        ("operation_removed", "1.4.2 -> 2.0.0 needed"),
        ("operation_added", "1.4.2 -> 1.4.3 needed"),
    ] {
        let review = reviewed(of(corpus::base()), of(corpus::patched(folder(), case)));
        let said = review::text(&review, false);
        assert!(
            said.lines()
                .next()
                .is_some_and(|first| first.ends_with(line)),
            "{said}"
        );
        assert!(!review.versions_are_right());
    }
}

#[test]
fn circles_end() {
    let within_itself = corpus::base().replace(
        "        phone:\n",
        "        boss:\n          $ref: '#/components/schemas/Contact'\n        phone:\n",
    );
    let deeper = within_itself.replace(
        "          description: An address for mail.\n          type: string\n",
        "          type: string\n          nullable: true\n",
    );
    assert_ne!(within_itself, deeper);
    let said = review::text(&reviewed(within_itself, deeper), false);
    assert!(said.contains("property `email`: may be null now"), "{said}");

    for (from, to) in [
        (
            "      required: [email]\n",
            "      allOf: [{$ref: '#/components/schemas/Contact'}]\n      required: [email]\n",
        ),
        (
            "    Error:\n      description: What went wrong.\n      content:",
            "    Error:\n      $ref: '#/components/responses/Error'\n      content:",
        ),
    ] {
        let circle = corpus::base().replacen(from, to, 1);
        assert_ne!(circle, corpus::base());
        assert!(review::review("main", &side(corpus::base()), &side(circle)).is_err());
    }
}

#[test]
fn colours_are_for_a_terminal() {
    let review = of_case("operation_renamed");
    let styled = review::text(&review, true);
    assert!(
        styled.contains("\u{1b}[1m\u{1b}[31mbreaks Rust"),
        "{styled:?}"
    );
    assert!(!review::text(&review, false).contains('\u{1b}'));
}

/// A spec's text must neither command a terminal nor write Markdown of its own.
#[test]
fn what_a_spec_says_stays_text() {
    let new = corpus::base().replace("[seats_read, seats_write]", r#"["\e[31m", "\u202ea\nb"]"#);
    let review = reviewed(corpus::base(), new);
    let escaped = r"now it is any one of `\u{1b}[31m`, `\u{202e}a\nb`";
    assert!(
        review::text(&review, false).contains(escaped),
        "{}",
        review::text(&review, false)
    );
    assert!(review::markdown(&review).contains(escaped));
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

/// What a vendor says again of each operation is read once.
#[test]
fn what_several_operations_say_alike_is_told_once() {
    let teapot = "        '418':\n          $ref: '#/components/responses/Error'\n        '401':\n";
    let new = corpus::base().replace("        '401':\n", teapot);
    let said = review::text(&reviewed(corpus::base(), new), false);
    assert!(
        said.ends_with(
            "
  4 operations: `assign_seat`, `get_licence`, `list_seats`, `release_seat`
    changes          the answer `418` is new
"
        ),
        "{said}"
    );
}

/// Long texts that begin alike are shown from where they differ.
#[test]
fn texts_that_differ_at_their_ends_are_shown_as_different() {
    let long = "a".repeat(300);
    let of = |end: &str| {
        let rule = format!("x-rule: {long}{end}");
        let old = "x-rule: must be \"L-\" and up to twelve digits";
        assert!(corpus::base().contains(old));
        corpus::base().replacen(old, &rule, 1)
    };
    let said = review::text(&reviewed(of("one"), of("two")), false);
    assert!(said.contains("aone\"…` and is `…"), "{said}");
}
