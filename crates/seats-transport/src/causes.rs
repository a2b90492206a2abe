//! The text of an error's causes.

use std::error::Error;

/// Returns the causes of an error on one line, from the outermost to the root; its own text if it has no
/// cause. `reqwest` says "error sending request" and keeps what matters in the causes.
pub fn causes(error: &(dyn Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        texts.push(error.to_string());
        next = error.source();
    }
    if texts.len() > 1 {
        texts.remove(0);
    }
    texts.dedup();
    texts.join(": ")
}
