//! The page of each rule: what is wrong, why, what is right, and how to set it aside.

use spec::Rule;

macro_rules! pages {
    ($($(#[$doc:meta])* $variant:ident: $name:literal, $severity:ident, $breach:ident;)*) => {
        /// The rule's page, as Markdown.
        pub const fn page(rule: Rule) -> &'static str {
            match rule {
                $(Rule::$variant => include_str!(concat!("../rules/", $name, ".md")),)*
            }
        }
    };
}

spec::for_each_rule!(pages);

/// What is wrong where the rule is broken, in a sentence: how its page begins.
pub fn summary(rule: Rule) -> &'static str {
    page(rule).lines().nth(2).unwrap_or_default()
}
