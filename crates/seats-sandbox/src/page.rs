//! Pages of lists: tokens that say after what a page begins, and for which list.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Makes each token begin with `+/+/`: who puts one into a URL without encoding it is found out at
/// once, and not by the one token in twenty that needs it.
const MARK: [u8; 3] = [0xfb, 0xff, 0xbf];

/// One page, and where the next one begins.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) entries: Vec<T>,
    pub(crate) next: Option<String>,
}

/// Cuts a page out of what follows the page before. Each entry comes with the key that it is found
/// by again: a key and no number of entries, so that one that is deleted meanwhile moves no other.
pub(crate) fn cut<T, K: Serialize>(
    list: &str,
    rest: impl Iterator<Item = (K, T)>,
    size: usize,
) -> Page<T> {
    let mut rest = rest.peekable();
    let mut entries = Vec::new();
    let mut last = None;
    for (key, entry) in rest.by_ref().take(size) {
        entries.push(entry);
        last = Some(key);
    }
    let next = rest
        .peek()
        .is_some()
        .then(|| last.map(|key| token(list, &key)));
    Page {
        entries,
        next: next.flatten(),
    }
}

/// A token of a list, after the entry with this key.
fn token<K: Serialize>(list: &str, after: &K) -> String {
    let mut bytes = MARK.to_vec();
    bytes.extend(serde_json::json!([list, after]).to_string().into_bytes());
    STANDARD.encode(bytes)
}

/// The key in a token; `None` where it is no token of this list.
pub(crate) fn after<K: DeserializeOwned>(list: &str, token: &str) -> Option<K> {
    let bytes = STANDARD.decode(token).ok()?;
    let (of, key) = serde_json::from_slice::<(String, K)>(bytes.strip_prefix(&MARK)?).ok()?;
    (of == list).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_back_to_its_own_list_alone() {
        let token = token("seats of P", &7);
        assert!(token.starts_with("+/+/"), "{token}");
        assert_eq!(after::<u64>("seats of P", &token), Some(7));
        assert_eq!(after::<u64>("seats of Q", &token), None);
        assert_eq!(after::<String>("seats of P", &token), None);
        for other in ["", "MjU=", "+/+/", &token.replace('+', " "), &token[1..]] {
            assert_eq!(after::<u64>("seats of P", other), None, "{other}");
        }
    }

    #[test]
    fn only_a_page_with_another_one_after_it_has_a_token() {
        let cut = |size| cut("l", (1..=3).map(|key| (key, key)), size);
        assert_eq!(cut(2).entries, [1, 2]);
        assert_eq!(cut(2).next, Some(token("l", &2)));
        assert_eq!(cut(3).entries, [1, 2, 3]);
        assert_eq!(cut(3).next, None);
        assert_eq!(cut(9).next, None);
    }
}
