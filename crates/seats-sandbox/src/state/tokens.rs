//! The access tokens that the authority issued.

use std::collections::HashMap;
use std::time::Duration;

/// What every issued token begins with; a number follows.
pub(crate) const PREFIX: &str = "sandbox-issued-token-";

/// Issued tokens, and whose they are.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    issued: HashMap<String, Issued>,
    count: u64,
    /// The number of tokens at which expired ones are removed.
    crowded: usize,
}

#[derive(Debug)]
struct Issued {
    tenant: usize,
    expires: Duration,
}

impl Tokens {
    /// Issues a token to a tenant.
    pub(crate) fn issue(&mut self, tenant: usize, now: Duration, lifetime: Duration) -> String {
        if self.issued.len() >= self.crowded {
            self.issued.retain(|_, issued| now < issued.expires);
            // Twice as many, so that the cost of a token does not grow with their number.
            self.crowded = 64.max(self.issued.len() * 2);
        }
        self.count += 1;
        let token = format!("{PREFIX}{}", self.count);
        let expires = now + lifetime;
        let issued = Issued { tenant, expires };
        self.issued.insert(token.clone(), issued);
        token
    }

    /// Returns the tenant of a token that has not expired.
    pub(crate) fn tenant(&self, token: &str, now: Duration) -> Option<usize> {
        let issued = self.issued.get(token)?;
        (now < issued.expires).then_some(issued.tenant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expired_tokens_take_no_room() {
        let mut tokens = Tokens::default();
        for second in 0..10_000 {
            let now = Duration::from_secs(second);
            let token = tokens.issue(7, now, Duration::from_secs(10));
            assert_eq!(tokens.tenant(&token, now), Some(7));
            assert_eq!(tokens.tenant(&token, now + Duration::from_secs(10)), None);
        }
        assert!(tokens.issued.len() <= 64, "{}", tokens.issued.len());
    }
}
