//! Pages of lists, and the tokens that lead from one page to the next.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Makes each token begin with `+/+/`, so that a client that does not encode it fails at its first
/// token, not at the one in twenty that needs encoding.
const MARK: [u8; 3] = [0xfb, 0xff, 0xbf];

/// One page, and the token of the next one.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) entries: Vec<T>,
    pub(crate) next: Option<String>,
}

/// Returns the next page of a list, given the entries after the previous page. The token holds the key
/// of the last entry, not a number of entries, so that a deletion between two pages moves no other
/// entry across the edge. The cost depends on the page, not on the list.
pub(crate) fn page<T, K: Serialize>(
    list: &str,
    rest: impl Iterator<Item = (K, T)>,
    size: usize,
) -> Page<T> {
    let mut rest = rest.peekable();
    let mut entries = Vec::with_capacity(size);
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

/// Returns the token of a list for the page after this key.
fn token<K: Serialize>(list: &str, after: &K) -> String {
    let mut bytes = MARK.to_vec();
    bytes.extend(serde_json::json!([list, after]).to_string().into_bytes());
    STANDARD.encode(bytes)
}

/// Returns the key in a token, or `None` if it is not a token of this list.
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

    /// The cost of a page must not depend on the length of the list.
    #[test]
    fn a_page_reads_one_entry_more_than_it_returns() {
        let mut read = 0;
        let entries = (1..=1_000_000).inspect(|_| read += 1);
        let page = page("l", entries.map(|key| (key, key)), 100);
        assert_eq!((page.entries.len(), read), (100, 101));
    }

    #[test]
    fn only_a_page_with_another_one_after_it_has_a_token() {
        let page = |size| page("l", (1..=3).map(|key| (key, key)), size);
        assert_eq!(page(2).entries, [1, 2]);
        assert_eq!(page(2).next, Some(token("l", &2)));
        assert_eq!(page(3).entries, [1, 2, 3]);
        assert_eq!(page(3).next, None);
        assert_eq!(page(9).next, None);
    }
}
